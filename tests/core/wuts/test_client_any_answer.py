"""Whatever a gateway answers is a typed result or a typed error: nothing else comes out."""

import json
from collections.abc import Callable
from copy import deepcopy

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.core.wuts.calls import EVERY_CALL, STATUS, Call
from tests.core.wuts.outcomes import outcome_of
from tests.core.wuts.raw_gateway import RawGateway, http_answer
from tests.core.wuts.test_client_shapes import SHAPES, objects_in
from tests.core.wuts.values import DEVICE, Json, documented
from wuts import WutsClient
from wuts.errors import RetryLaterError, WutsError
from wuts.models import Model

NAMES = sorted(
    {
        name
        for fixtures in (*SHAPES.values(), ["error_400_name"])
        for fixture in fixtures
        for inner in objects_in(documented(fixture))
        for name in inner
    }
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -(10**400), 2**63, 0])
    | st.floats()
    | st.text()
    | st.sampled_from(["2026-03-14T12:00:00Z", "9999-12-31T23:59:59-23:59", "already connected"])
)
ANY_JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(), inner, max_size=6)
    ),
    max_leaves=12,
)
STATUSES = st.sampled_from([200, 200, 200, 201, 204, 301, 400, 401, 404, 409, 429, 500, 503, 504])
HEADERS = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=60)

every_call = pytest.mark.parametrize("call", EVERY_CALL, ids=str)


@st.composite
def spoiled_answers(draw: Callable[[st.SearchStrategy[Json]], Json], call: Call) -> Json:
    """Return a documented answer in which one value was replaced by anything."""
    body = {"whole": documented(draw(st.sampled_from(SHAPES[call])))}
    place, name = body, "whole"
    while isinstance(place[name], dict) and place[name] and draw(st.integers(0, 4)):
        place, name = place[name], draw(st.sampled_from(sorted(place[name])))
    place[name] = draw(ANY_JSON)
    return deepcopy(body["whole"])


async def expect_a_typed_end(call: Call, client: WutsClient) -> WutsError | None:
    result = await outcome_of(call.make(client, DEVICE))
    if isinstance(result, WutsError):
        assert result.__context__ is None
        assert result.message.isprintable()
        assert len(result.message) < 500
        return result
    members = result if isinstance(result, tuple) else (result,)
    assert all(member is None or isinstance(member, Model | str) for member in members)
    assert repr(result)
    return None


@every_call
@settings(max_examples=40)
@given(status=STATUSES, body=ANY_JSON)
async def test_any_json(
    call: Call, raw: RawGateway, raw_client: WutsClient, status: int, body: Json
) -> None:
    raw.answers(body, status)
    await expect_a_typed_end(call, raw_client)


@every_call
@settings(max_examples=60)
@given(data=st.data())
async def test_a_documented_answer_with_anything_in_it(
    call: Call, raw: RawGateway, raw_client: WutsClient, data: st.DataObject
) -> None:
    raw.answers(data.draw(spoiled_answers(call)))
    await expect_a_typed_end(call, raw_client)


@settings(max_examples=150)
@given(status=STATUSES, body=st.binary(), kind=st.sampled_from(["gzip", "identity", "br", ""]))
@example(status=200, body=b"[" * 100_000, kind="identity")
@example(status=200, body=b'{"data":' * 10_000, kind="identity")
@example(status=200, body=b'{"data":{"connected":true,"is_logged_in":"\\ud800"}}', kind="")
@example(status=404, body=b"\xff\xfe{}", kind="identity")
async def test_any_bytes_as_a_body(
    raw: RawGateway, raw_client: WutsClient, status: int, body: bytes, kind: str
) -> None:
    raw.answers(body, status, content_encoding=kind)
    await expect_a_typed_end(STATUS, raw_client)


@settings(max_examples=200)
@given(answer=st.binary() | st.binary().map(lambda rest: b"HTTP/1.1 200 OK\r\n" + rest))
@example(answer=b"")
@example(answer=b"HTTP/1.1 100 Continue\r\n\r\n")
@example(answer=b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")
@example(answer=b"HTTP/1.1 999 What\r\nContent-Length: 2\r\n\r\n{}")
@example(answer=b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}")
@example(answer=b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}")
@example(answer=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
@example(answer=b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n")
@example(answer=b"HTTP/1.1 200 OK\r\nSet-Cookie: \xff=\xff; expires=never\r\n\r\n{}")
@example(answer=b"HTTP/1.1 302 Found\r\nLocation: http://[\r\nContent-Length: 0\r\n\r\n")
@example(answer=b"SSH-2.0-OpenSSH_9.9\r\n")
async def test_any_bytes_as_a_whole_answer(
    raw: RawGateway, raw_client: WutsClient, answer: bytes
) -> None:
    raw.answer = answer
    assert await expect_a_typed_end(STATUS, raw_client)


@settings(max_examples=150)
@given(date=HEADERS, retry_after=HEADERS)
async def test_any_date_and_any_retry_after(
    raw: RawGateway, raw_client: WutsClient, date: str, retry_after: str
) -> None:
    raw.answers({}, 429, date=date, retry_after=retry_after)
    error = await expect_a_typed_end(STATUS, raw_client)
    assert isinstance(error, RetryLaterError)
    assert error.retry_after is None or error.retry_after >= 0


@settings(max_examples=100)
@given(date=HEADERS)
async def test_any_date_of_a_qr(raw: RawGateway, raw_client: WutsClient, date: str) -> None:
    body = documented("qr_reference")
    del body["data"]["ttl"]
    raw.answer = http_answer(json.dumps(body), date=date)
    assert 0 <= (await raw_client.get_qr(DEVICE)).lifetime <= 120
