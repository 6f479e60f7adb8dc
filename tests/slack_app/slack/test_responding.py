"""An answer to a person where they asked is checked, repeated and counted; it raises nothing."""

import logging
from collections.abc import AsyncIterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.web.async_client import AsyncWebClient

from slack_app.slack.responding import Responder
from tests.core.wuts.raw_gateway import RawGateway, http_answer

SAID = {"text": "olá", "response_type": "ephemeral"}


@pytest.fixture
async def raw() -> AsyncIterator[RawGateway]:
    async with RawGateway() as gateway:
        yield gateway


def a_responder() -> Responder:
    return Responder(AsyncWebClient(), first_pause=0.0)


@pytest.mark.parametrize(
    ("answer", "reason", "tries"),
    [
        (http_answer("ok", content_type="text/plain"), None, 1),
        (http_answer({"ok": True}), None, 1),
        (http_answer({"ok": False, "error": "used_url"}), "used_url", 1),
        (http_answer("used_url", 404), "404", 1),
        (http_answer("oops", 500), "500", 3),
        (http_answer("", 429, retry_after="0"), "429", 3),
        (http_answer("", 429, retry_after="86400"), "429", 1),
        (b"", "connection_failed", 3),
    ],
)
async def test_an_answer_at_a_response_url_is_checked_repeated_and_counted(
    answer: bytes, reason: str | None, tries: int, raw: RawGateway
) -> None:
    raw.answer = answer
    seen: list[str] = []
    responder = a_responder()
    responder.on_try = seen.append
    assert await responder.respond(f"{raw.url}/respond/1", SAID) == reason
    assert len(raw.requests) == tries
    assert raw.requests[0].json == SAID
    counted = {None: "ok", "429": "rate_limited", "connection_failed": "no_answer"}
    assert seen == [counted.get(reason, "refused")] * tries


async def test_an_answer_that_fails_once_is_taken_the_next_time(raw: RawGateway) -> None:
    raw.answer = http_answer("oops", 503)
    responder, seen = a_responder(), []

    def mend(outcome: str) -> None:
        seen.append(outcome)
        raw.answer = http_answer("ok", content_type="text/plain")

    responder.on_try = mend
    assert await responder.respond(f"{raw.url}/respond/1", SAID) is None
    assert seen == ["refused", "ok"]


@settings(max_examples=60)
@given(answer=st.binary() | st.binary().map(lambda rest: b"HTTP/1.1 200 OK\r\n" + rest))
async def test_any_bytes_raise_nothing(answer: bytes, raw: RawGateway) -> None:
    raw.answer = answer
    said = await a_responder().respond(f"{raw.url}/respond/1", SAID)
    assert said is None or said.isascii()


@pytest.mark.parametrize("url", ["", "http://[", "ftp://x/y", "http://127.0.0.1:1/secret-key"])
async def test_an_address_that_is_none_raises_nothing_and_is_not_logged(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "slack_app")
    assert await a_responder().respond(url, SAID) is not None
    assert "did not accept an answer at a response_url" in caplog.text
    assert "secret-key" not in caplog.text
