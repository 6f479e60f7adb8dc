"""Whatever Slack answers to whatever is called: an object, or an error that the app reads."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from types import MappingProxyType

import pytest
from aiohttp import ClientSession, ClientTimeout
from hypothesis import example, given, settings
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from slack_app.messages import EN, PT_BR
from slack_app.operations.metrics import CallCounter, Metrics
from slack_app.slack.answers import mapping_at, mappings_at, text_at, texts_at
from slack_app.slack.errors import (
    SLACK_ERRORS,
    SlackFailure,
    UnreadableError,
    failure_of,
    slack_code,
    slack_error_of,
)
from slack_app.slack.methods import METHODS
from slack_app.slack.rate_limiter import RateLimiter
from slack_app.slack.readable import ReadableClient
from slack_app.slack.retries import RateLimitRetry
from slack_app.slack.transient import MOST, TransientRetry
from slack_app.slack.words import slack_text, unwritable_text
from tests.core.wuts.raw_gateway import RawGateway, http_answer
from tests.core.wuts.test_client_any_answer import HEADERS
from tests.core.wuts.values import Json

CALLS: dict[str, Callable[[AsyncWebClient], Awaitable[AsyncSlackResponse]]] = {
    "apps.connections.open": lambda slack: slack.apps_connections_open(app_token="xapp-1"),
    "auth.test": lambda slack: slack.auth_test(),
    "chat.delete": lambda slack: slack.chat_delete(channel="C1", ts="1.0"),
    "chat.postMessage": lambda slack: slack.chat_postMessage(channel="C1", text="hi"),
    "chat.update": lambda slack: slack.chat_update(channel="C1", ts="1.0", text="hi"),
    "conversations.info": lambda slack: slack.conversations_info(channel="C1"),
    "conversations.members": lambda slack: pages(slack.conversations_members(channel="C1")),
    "conversations.open": lambda slack: slack.conversations_open(users="U1"),
    "files.completeUploadExternal": lambda slack: slack.files_completeUploadExternal(
        files=[{"id": "F1", "title": "QR"}]
    ),
    "files.delete": lambda slack: slack.files_delete(file="F1"),
    "files.getUploadURLExternal": lambda slack: slack.files_getUploadURLExternal(
        filename="qr.png", length=3
    ),
    "files.info": lambda slack: slack.files_info(file="F1"),
    "usergroups.users.list": lambda slack: slack.usergroups_users_list(usergroup="S1"),
    "users.info": lambda slack: slack.users_info(user="U1"),
    "users.list": lambda slack: pages(slack.users_list()),
    "views.open": lambda slack: slack.views_open(trigger_id="1", view={"type": "modal"}),
    "views.publish": lambda slack: slack.views_publish(user_id="U1", view={"type": "home"}),
    "views.update": lambda slack: slack.views_update(view_id="V1", view={"type": "modal"}),
}
CODES = st.sampled_from(
    [
        "channel_not_found",
        "internal_error",
        "invalid_auth",
        "missing_scope",
        "ratelimited",
        "not a code <!channel>",
        "x" * 4_000,
    ]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | CODES
NAMES = st.sampled_from(
    ["ok", "error", "needed", "response_metadata", "next_cursor", "channel", "id", "members", "ts"]
)
ANY_JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=8,
)
STATUSES = st.sampled_from([200, 200, 200, 204, 301, 400, 401, 403, 404, 408, 429, 500, 503, 504])
KINDS = st.sampled_from(
    [
        "application/json",
        "text/plain",
        "text/html",
        "application/gzip",
        "x",
        "text/plain; charset=?",
    ]
)
ANSWERS = st.builds(http_answer, ANY_JSON, STATUSES, content_type=KINDS, retry_after=HEADERS)
every_method = pytest.mark.parametrize("method", sorted(CALLS))


async def pages(first: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    """Turn a few pages, as the app does, whatever Slack says that there are."""
    answer, count = await first, 0
    async for _ in answer:
        count += 1
        if count == 3:
            break
    return answer


@pytest.fixture
async def raw() -> AsyncIterator[RawGateway]:
    async with RawGateway() as gateway:
        yield gateway


@pytest.fixture
async def slack(raw: RawGateway) -> AsyncIterator[ReadableClient]:
    """A client as the app's, except its pauses."""
    async with ClientSession(timeout=ClientTimeout(total=20)) as session:
        client = ReadableClient(token="xoxb-1", base_url=f"{raw.url}/api/", session=session)
        client.retry_handlers = [
            CallCounter(Metrics()),
            TransientRetry(first_pause=0.0),
            NoWait(RateLimiter().again),
        ]
        yield client


class NoWait(RateLimitRetry):
    """Repeats nothing that was limited: the limiter's own tests do."""

    async def can_retry_async(self, **_: object) -> bool:
        return False


def test_every_method_of_the_app_is_called_here() -> None:
    assert set(METHODS) <= set(CALLS)


@every_method
@settings(max_examples=25)
@given(answer=ANSWERS)
@example(answer=http_answer("upstream connect error", 503, content_type="text/plain"))
@example(answer=http_answer("ok", content_type="text/plain"))
@example(answer=http_answer([]))
@example(answer=http_answer("slow down", 429, content_type="text/html", retry_after="soon"))
@example(answer=http_answer({"ok": True, "response_metadata": []}))
@example(answer=http_answer({"ok": True, "response_metadata": {"next_cursor": {"a": 1}}}))
async def test_any_answer(
    method: str, answer: bytes, raw: RawGateway, slack: ReadableClient
) -> None:
    raw.answer = answer
    await expect_an_end(CALLS[method](slack))


@settings(max_examples=100)
@given(answer=st.binary() | st.binary().map(lambda rest: b"HTTP/1.1 200 OK\r\n" + rest))
@example(answer=b"")
@example(answer=b"HTTP/1.1 999 What\r\nContent-Length: 2\r\n\r\n{}")
@example(answer=b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}")
@example(answer=b"HTTP/1.1 302 Found\r\nLocation: http://[\r\nContent-Length: 0\r\n\r\n")
@example(answer=http_answer(b"[" * 100_000))
@example(answer=http_answer(b"\xff\xfe{}", content_type="application/json; charset=nonsense"))
@example(answer=http_answer(b"{}", content_encoding="gzip"))
async def test_any_bytes(raw: RawGateway, slack: ReadableClient, answer: bytes) -> None:
    raw.answer = answer
    await expect_an_end(CALLS["auth.test"](slack))


async def expect_an_end(call: Awaitable[AsyncSlackResponse]) -> None:
    """Expect an object that can be read, or an error with words for people."""
    try:
        answer = await call
    except SLACK_ERRORS as error:
        failure = slack_error_of(error)
        expect_words(failure)
        expect_words(failure_of(slack_code(error)))
        return
    for read in (text_at, mapping_at, texts_at, lambda *path: list(mappings_at(*path))):
        with suppress(UnreadableError):
            assert read(answer, "channel", "id") is not None


def expect_words(failure: SlackFailure) -> None:
    for strings in (EN, PT_BR):
        for text in (slack_text(failure, strings), unwritable_text("C1", failure, strings)):
            assert text.isprintable()
            assert len(text) < 500
            assert "<!channel>" not in text
    assert failure.retry_after is None or failure.retry_after >= 0


class Hostile:
    """An answer whose every attribute breaks."""

    def __getattr__(self, name: str) -> object:
        raise RuntimeError(name)


def refusal(response: object) -> SlackApiError:
    return SlackApiError("", response)  # type: ignore[no-untyped-call]


ANY_RESPONSE = ANY_JSON | st.binary() | st.builds(Hostile) | st.builds(object)


@settings(max_examples=300)
@given(response=ANY_RESPONSE)
def test_any_response_of_an_error_is_read(response: object) -> None:
    failure = slack_error_of(refusal(response))
    expect_words(failure)
    if isinstance(response, dict) and response.get("error") == "channel_not_found":
        assert failure.code == "channel_not_found"


@given(
    error=st.sampled_from([ValueError(), AttributeError(), KeyError("x"), OSError(), Exception()])
)
def test_any_other_error_is_read(error: Exception) -> None:
    expect_words(slack_error_of(error))


def test_a_mapping_that_is_no_dict_is_read() -> None:
    told = MappingProxyType({"error": "is_archived"})
    assert slack_code(refusal(told)) == "is_archived"


@pytest.mark.parametrize(
    ("status", "body", "tries"),
    [
        (503, "down", 1 + MOST),
        (500, {"ok": False, "error": "fatal_error"}, 1 + MOST),
        (200, {"ok": False, "error": "internal_error"}, 1 + MOST),
        (200, "<html>", 1 + MOST),
        (200, {"ok": False, "error": "is_archived"}, 1),
        (403, {"ok": False, "error": "invalid_auth"}, 1),
        (429, {"ok": False, "error": "ratelimited"}, 1),
        (200, {"ok": True}, 1),
    ],
)
async def test_what_may_pass_is_tried_again_and_nothing_else(
    status: int, body: Json, tries: int, raw: RawGateway, slack: ReadableClient
) -> None:
    raw.answers(body, status)
    await expect_an_end(slack.chat_postMessage(channel="C1", text="hi"))
    assert len(raw.requests) == tries
    ids = {request.json["client_msg_id"] for request in raw.requests}
    assert len(ids) == 1, "Slack knows a post that it took already by its id"


async def test_two_posts_have_two_ids(raw: RawGateway, slack: ReadableClient) -> None:
    raw.answers({"ok": True, "ts": "1.0"})
    for _ in range(2):
        await slack.chat_postMessage(channel="C1", text="hi")
    assert len({request.json["client_msg_id"] for request in raw.requests}) == 2


async def test_a_time_out_is_tried_once_more() -> None:
    async with (
        RawGateway(endless=True) as endless,
        ClientSession(timeout=ClientTimeout(total=0.3)) as session,
    ):
        slack = ReadableClient(token="xoxb-1", base_url=f"{endless.url}/api/", session=session)
        slack.retry_handlers = [TransientRetry(first_pause=0.0)]
        with pytest.raises(TimeoutError):
            await slack.auth_test()
        assert len(endless.requests) == 2
