"""Addresses: which there are, and that none of them is ever repeated."""

import logging
import traceback

import pytest

from tests.core.wuts.receivers.listening import Listening
from tests.core.wuts.receivers.notified import notification
from wuts.errors import InvalidInputError
from wuts.receivers import NotTakenError, receiver_of

SIGNING = "s3cret-s3cret-s3cret"


@pytest.mark.parametrize(
    ("address", "service"),
    [
        ("alertmanager+https://am.example:9093", "Alertmanager"),
        (" alertmanager+http://user:pass@10.0.0.1/prefix/ ", "Alertmanager"),
        ("ALERTMANAGER+HTTPS://am.example", "Alertmanager"),
        ("mailtos://user:pass@example.com", "E-Mail"),
        ("ntfy://topic", "ntfy"),
        ("json://example.com/hook", "JSON"),
    ],
)
def test_an_address_tells_the_service(address: str, service: str) -> None:
    assert receiver_of(address).service == service


def test_a_webhook_needs_a_secret_and_nothing_else_does() -> None:
    assert receiver_of("wuts+https://h.example/x", secret=SIGNING).service == "Webhook"
    for secret in (None, "", "s3cret"):
        with pytest.raises(InvalidInputError, match="16 characters") as refused:
            receiver_of("wuts+https://h.example/s3cret", secret=secret)
        assert "s3cret" not in str(refused.value)
    with pytest.raises(InvalidInputError, match="Only a webhook"):
        receiver_of("ntfy://topic", secret=SIGNING)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "s3cret",
        "://s3cret",
        "s3cret://",
        "s3cret://s3cret@s3cret",
        "mailto://",
        "tgram://s3cret",
        "wuts://s3cret.example",
        "wuts+ftp://s3cret.example",
        "wuts+https://s3cret:s3cret@/x",
        "wuts+https://h.example:s3cret/",
        "wuts+https://h.example:99999/s3cret",
        "wuts+https://h.example/s3cret\x00",
        "wuts+https://h.example/s3cret s3cret",
        "wuts+https://[s3cret/",
        "wuts+https://h.example/x#s3cret",
        f"wuts+https://h.example/{'s3cret' * 1000}",
        "alertmanager://s3cret.example",
        "alertmanager+https://",
        "alertmanager+https://am.example?s3cret=1",
        "alertmanager+https://am.example/api/v2/alerts",
    ],
)
def test_a_wrong_address_is_refused_and_not_repeated(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = SIGNING if address.startswith("wuts+") else None
    with pytest.raises(InvalidInputError) as refused:
        receiver_of(address, secret=secret)
    told = "".join(traceback.format_exception(refused.value))
    assert "s3cret" not in f"{refused.value!r}{refused.value}{told}{caplog.text}".replace(
        "-s3cret", ""
    )


@pytest.mark.parametrize(
    "address",
    [
        "wuts+http://s3cret:s3cret@{place}/s3cret?s3cret=s3cret",
        "alertmanager+http://s3cret:s3cret@{place}/s3cret",
        "json://s3cret:s3cret@{place}/s3cret?-s3cret=s3cret",
        "mailto://s3cret:s3cret@{place}?from=s3cret@h.example&to=s3cret@h.example",
    ],
)
@pytest.mark.parametrize("what", ["takes", "refuses", "is not there"])
@pytest.mark.slow
async def test_an_address_appears_nowhere(
    listening: Listening,
    closed_port: int,
    caplog: pytest.LogCaptureFixture,
    address: str,
    what: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    listening.status = 200 if what == "takes" else 403
    place = f"127.0.0.1:{closed_port}" if what == "is not there" else listening.place
    secret = SIGNING if address.startswith("wuts+") else None
    receiver = receiver_of(address.format(place=place), secret=secret)
    told = repr(receiver)
    try:
        await receiver(notification())
    except NotTakenError as error:
        told += f"{error!r}{error}{error.message}" + "".join(traceback.format_exception(error))
    else:
        assert what == "takes"
    shown = f"{told}{caplog.text}"
    assert "s3cret" not in shown
    assert place not in shown
