"""docs/openapi.yaml is sound, and the client speaks what it says."""

import re
from collections.abc import Awaitable, Callable

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.core.wuts.calls import CONTENTS, EVERY_CALL, Call
from tests.core.wuts.outcomes import error_of
from tests.core.wuts.raw_gateway import RawGateway
from tests.core.wuts.values import DEVICE, GROUP, PHONE, TOKEN, Json
from tests.docs.contract import Example, Operation, deliveries, document, operations, violations
from wuts import Media, MediaKind, Quoted, WebhookConfig, WutsClient
from wuts.errors import (
    AlreadyConnectedError,
    AlreadyPairedError,
    DeviceNotConnectedError,
    DeviceNotFoundError,
    DeviceNotReadyError,
    ForbiddenError,
    GatewayBusyError,
    GatewayError,
    InvalidPhoneNumberError,
    InvalidTokenError,
    QrNotReadyError,
    RequestRefusedError,
    WutsError,
)
from wuts.http import endpoints
from wuts.http.endpoints import Endpoint

ENDPOINTS = {name: value for name, value in vars(endpoints).items() if isinstance(value, Endpoint)}
EXAMPLES = [
    pytest.param(example, id=f"{operation}-{example}")
    for operation in (*operations().values(), *deliveries())
    for example in operation.examples
]
ANSWERS = [
    (call, example) for call in EVERY_CALL for example in operations()[call.endpoint].examples
]

# What each documented error becomes, by the name of its example.
ERRORS: dict[str, type[WutsError]] = {
    "alreadyConnected": AlreadyConnectedError,
    "alreadyPaired": AlreadyPairedError,
    "deviceIdRequired": RequestRefusedError,
    "deviceNotFound": DeviceNotFoundError,
    "deviceNotReady": DeviceNotReadyError,
    "disconnectFailed": GatewayError,
    "initializeFailed": GatewayError,
    "invalidToken": InvalidTokenError,
    "nameRequired": RequestRefusedError,
    "notConnected": DeviceNotConnectedError,
    "notYourDevice": ForbiddenError,
    "pairCodeTimeout": QrNotReadyError,
    "phoneInvalid": InvalidPhoneNumberError,
    "phoneRequired": InvalidPhoneNumberError,
    "qrTimeout": QrNotReadyError,
    "reconnectFailed": GatewayBusyError,
    "refused": RequestRefusedError,
    "textRequired": RequestRefusedError,
    "unauthorized": InvalidTokenError,
    "withCode": DeviceNotFoundError,
}

# Calls with everything that can be said in them.
HOOK = WebhookConfig(
    url="https://hooks.example.com/wuts",
    events=("device.connected", "qr.generated"),
    timeout=10,
    secret="another secret",
    headers={"X-Hook": "a secret"},
)
PICTURE = Media.of(CONTENTS[MediaKind.IMAGE])
FROM_ADDRESS = Media.at(
    "https://media.example.com/a.pdf",
    MediaKind.DOCUMENT,
    mime_type="application/pdf",
    file_name="a.pdf",
)
MORE: Json = {"mentions": [PHONE], "reply_to": Quoted("3EB0C431", text="Who is there?")}
FULL_CALLS: dict[str, tuple[str, Callable[[WutsClient], Awaitable[object]]]] = {
    "a fresh QR": ("GET /qr", lambda client: client.get_qr(DEVICE, refresh=True)),
    "a fresh pair code": (
        "POST /paircode",
        lambda client: client.request_pair_code(PHONE, DEVICE, refresh=True, reuse_cache=False),
    ),
    "a text to a group": (
        "POST /send/text",
        lambda client: client.send_text(GROUP, "Hello", DEVICE, delay=1, typing_duration=2),
    ),
    "a picture with all that can be said": (
        "POST /send/image",
        lambda client: client.send_media(
            GROUP, PICTURE, DEVICE, caption="Hello", view_once=True, delay=0, **MORE
        ),
    ),
    "a voice note": (
        "POST /send/audio",
        lambda client: client.send_media(
            PHONE, Media.of(b"OggS"), DEVICE, voice_note=True, view_once=True, **MORE
        ),
    ),
    "a document from an address": (
        "POST /send/document",
        lambda client: client.send_media(PHONE, FROM_ADDRESS, DEVICE, caption="Read this"),
    ),
    "a reply": ("POST /send/text", lambda client: client.send_text(PHONE, "Yes", DEVICE, **MORE)),
    "a whole webhook": ("POST /webhook", lambda client: client.set_webhook(HOOK, DEVICE)),
}


def pages(node: Json) -> list[str]:
    """Return the pages that a part of the file names, at any depth."""
    match node:
        case dict():
            own = node.get("x-source", [])
            return [*own, *(page for inner in node.values() for page in pages(inner))]
        case list():
            return [page for inner in node for page in pages(inner)]
        case _:
            return []


def test_the_file_is_openapi() -> None:
    assert document()["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(document()).validate()


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_matches_its_schema(example: Example) -> None:
    assert example.violations == []


@pytest.mark.parametrize("operation", operations().values(), ids=str)
def test_an_operation_shows_an_example_of_everything(operation: Operation) -> None:
    answered = {example.status for example in operation.examples}
    assert answered - {None} == set(operation.content["responses"])
    assert (None in answered) is (operation.body is not None)
    assert operation.content["x-source"]
    assert all(example.source for example in operation.examples)


def test_a_source_is_a_page_of_the_owner() -> None:
    page = re.compile(r"[a-z-]+(?:/[A-Za-z-]+)?")
    assert [name for name in pages(document()) if not page.fullmatch(name)] == []


@pytest.mark.parametrize("path", ["/register", "/tenants", "/global", "/users"])
def test_what_must_never_be_touched_is_not_in_it(path: str) -> None:
    assert not any(name.startswith(path) for name in document()["paths"])


@pytest.mark.parametrize("name", ENDPOINTS)
def test_every_endpoint_of_the_client_is_in_the_file(name: str) -> None:
    endpoint = ENDPOINTS[name]
    assert f"{endpoint.method} {endpoint.path}" in operations()


@pytest.mark.parametrize("call", EVERY_CALL, ids=str)
async def test_the_client_asks_as_documented(
    call: Call, raw: RawGateway, raw_client: WutsClient
) -> None:
    raw.answers("")
    await error_of(call.make(raw_client, DEVICE))
    assert misuses(raw, operations()[call.endpoint]) == []


@pytest.mark.parametrize("name", FULL_CALLS)
async def test_the_client_asks_for_everything_as_documented(
    name: str, raw: RawGateway, raw_client: WutsClient
) -> None:
    raw.answers("")
    operation, make = FULL_CALLS[name]
    await error_of(make(raw_client))
    assert misuses(raw, operations()[operation]) == []


def misuses(raw: RawGateway, operation: Operation) -> list[str]:
    """Return what the only request has that the operation does not know."""
    request = raw.request
    assert request.method == operation.method
    assert request.path == operation.path.format(id=DEVICE)
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    headers = {name for name in request.headers if name.startswith("x-")}
    known = {name.lower() for name in operation.parameters("header")}
    misused = [*(request.query.keys() - operation.parameters("query")), *(headers - known)]
    if operation.body is None:
        return [*misused, *(["a body"] if request.content else [])]
    return misused + violations(operation.body, request.json)


@pytest.mark.parametrize(
    ("call", "example"), [pair for pair in ANSWERS if pair[1].is_success], ids=str
)
async def test_the_client_reads_a_documented_success(
    call: Call, example: Example, raw: RawGateway, raw_client: WutsClient
) -> None:
    for status in example.statuses:
        raw.answers(example.value, status)
        await call.make(raw_client, DEVICE)


@pytest.mark.parametrize(
    ("call", "example"), [pair for pair in ANSWERS if pair[1].is_error], ids=str
)
async def test_the_client_knows_a_documented_error(
    call: Call, example: Example, raw: RawGateway, raw_client: WutsClient
) -> None:
    for status in example.statuses:
        raw.answers(example.value, status)
        error = await error_of(call.make(raw_client, DEVICE))
        assert type(error) is ERRORS[example.name]
        assert error.status == status
        assert error.error_code == example.value.get("error_code")
