"""The secret of a link, a QR, a code and a number stay out of everything that is logged."""

import json
import logging
import re

import pytest
from aiohttp.web_log import AccessLogger

from tests.core.wuts.page.serving import (
    PAIRED,
    SCANNED,
    browser,
    code,
    open_page,
    press,
    qr,
    serving,
)
from tests.core.wuts.values import CODE, PAYLOAD, PHONE
from wuts.page import PageAction, PageEvent, hide_secrets
from wuts.page.audit import log_event


async def test_nothing_that_is_logged_has_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with serving() as served, browser() as owner, browser() as other:
        url, link = served.offer()
        secret = url.rpartition("/")[2]
        await press(owner, url)
        (cookie,) = (one.value for one in owner.cookie_jar)
        served.show(link, qr())
        await open_page(other, f"{url}?from=mail")
        await open_page(other, f"{url}/events/")
        await open_page(owner, url)
        served.show(link, code())
        await open_page(owner, url)
        served.show(link, code(), SCANNED, PAIRED)
        await open_page(owner, f"{url}/events")
    lines = [json.dumps(vars(record), default=repr) for record in caplog.records]
    assert sum("[redacted]" in line for line in lines) >= 6, "each request was logged"
    logged = "\n".join([*lines, caplog.text, *map(repr, served.audit), repr(link)])
    for hidden in (secret, cookie, PAYLOAD, CODE, PHONE):
        assert hidden not in logged


def test_a_framework_s_own_log_can_be_told_to_hide_them(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    hide_secrets("a.framework")
    logging.getLogger("a.framework").debug("Serving %s to %s", f"/api/pair/{'a' * 43}", "::1")
    assert caplog.messages == ["Serving /api/pair/[redacted] to ::1"]


def test_other_lines_of_the_log_stay_as_they_are(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    logger = logging.getLogger("aiohttp.access")
    logger.info('127.0.0.1 "GET /%s HTTP/1.1" %d', "pair/guess", 404)
    assert caplog.messages == ['127.0.0.1 "GET /pair/guess HTTP/1.1" 404']
    assert "first_request_line" in AccessLogger.LOG_FORMAT_MAP.values()


def test_the_audit_is_logged_where_nobody_takes_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    log_event(PageEvent(PageAction.OPENED, key=("home", "desk"), peer="192.0.2.1"))
    (record,) = caplog.records
    assert record.name == "wuts.page.audit"
    assert re.search(r"opened.*desk.*192\.0\.2\.1", record.getMessage())
