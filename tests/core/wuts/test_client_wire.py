"""What every call puts on the wire, to the letter."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from tests.core.wuts.calls import CONTENTS, EVERY_CALL, WEBHOOK, Call
from tests.core.wuts.outcomes import outcome_of
from tests.core.wuts.raw_gateway import RawGateway
from tests.core.wuts.values import DEVICE, GROUP, OTHER_PHONE, PHONE, TOKEN, Json
from wuts import Media, MediaKind, Quoted, WutsClient

LID = "98765432109876@lid"
PNG = Media.of(CONTENTS[MediaKind.IMAGE])
NUMBER = "+55 (11) 99999-9999"
IN_QUERY = {"device_id": DEVICE}


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What a call should send."""

    make: Callable[[WutsClient], Awaitable[object]]
    line: str
    query: dict[str, str] = field(default_factory=dict)
    body: Json = None


SENT = {
    "create_device": Sent(
        make=lambda c: c.create_device(" Recepção "),
        line="POST /devices",
        body={"name": "Recepção"},
    ),
    "list_devices": Sent(make=lambda c: c.list_devices(), line="GET /devices"),
    "delete_device": Sent(make=lambda c: c.delete_device(DEVICE), line=f"DELETE /devices/{DEVICE}"),
    "get_qr": Sent(
        make=lambda c: c.get_qr(DEVICE), line="GET /qr", query=IN_QUERY | {"cached": "true"}
    ),
    "get_qr, a new one": Sent(
        make=lambda c: c.get_qr(DEVICE, refresh=True),
        line="GET /qr",
        query=IN_QUERY | {"refresh": "true"},
    ),
    "get_qr of the gateway's choice": Sent(
        make=lambda c: c.get_qr(), line="GET /qr", query={"cached": "true"}
    ),
    "get_qr_status": Sent(
        make=lambda c: c.get_qr_status(DEVICE), line="GET /qr/status", query=IN_QUERY
    ),
    "request_pair_code": Sent(
        make=lambda c: c.request_pair_code(NUMBER, DEVICE),
        line="POST /paircode",
        body={"phone": PHONE, "device_id": DEVICE},
    ),
    "request_pair_code, a new one": Sent(
        make=lambda c: c.request_pair_code(PHONE, DEVICE, refresh=True),
        line="POST /paircode",
        query={"refresh": "true"},
        body={"phone": PHONE, "device_id": DEVICE},
    ),
    "request_pair_code, from the cache": Sent(
        make=lambda c: c.request_pair_code(PHONE, reuse_cache=True),
        line="POST /paircode",
        body={"phone": PHONE, "reuse_cache": True},
    ),
    "get_status": Sent(make=lambda c: c.get_status(DEVICE), line="GET /status", query=IN_QUERY),
    "connect": Sent(make=lambda c: c.connect(DEVICE), line="POST /connect", query=IN_QUERY),
    "disconnect": Sent(
        make=lambda c: c.disconnect(DEVICE), line="POST /disconnect", query=IN_QUERY
    ),
    "logout": Sent(make=lambda c: c.logout(DEVICE), line="POST /logout", query=IN_QUERY),
    "check_contacts": Sent(
        make=lambda c: c.check_contacts([NUMBER, OTHER_PHONE], DEVICE),
        line="POST /contact/check",
        query=IN_QUERY,
        body={"numbers": [PHONE, OTHER_PHONE]},
    ),
    "send_text": Sent(
        make=lambda c: c.send_text(NUMBER, "Olá\n👋", DEVICE),
        line="POST /send/text",
        query=IN_QUERY,
        body={"number": PHONE, "text": "Olá\n👋"},
    ),
    "send_text to a group, slowly": Sent(
        make=lambda c: c.send_text(GROUP, "Hi", delay=0, typing_duration=5),
        line="POST /send/text",
        body={"number": GROUP, "text": "Hi", "delay": 0, "typingDuration": 5},
    ),
    "send_text, answering somebody and naming others": Sent(
        make=lambda c: c.send_text(
            GROUP,
            f"Yes, @{PHONE}",
            DEVICE,
            mentions=[NUMBER, LID],
            reply_to=Quoted("3EB0C431", text="Is it ready?"),
        ),
        line="POST /send/text",
        query=IN_QUERY,
        body={
            "number": GROUP,
            "text": f"Yes, @{PHONE}",
            "mentioned": [f"{PHONE}@s.whatsapp.net", LID],
            "quoted": {
                "key": {"id": "3EB0C431", "fromMe": False},
                "message": {"conversation": "Is it ready?"},
            },
        },
    ),
    "send_media, image": Sent(
        make=lambda c: c.send_media(NUMBER, PNG, DEVICE, caption="Olá\n👋", view_once=True),
        line="POST /send/image",
        query=IN_QUERY,
        body={
            "number": PHONE,
            "caption": "Olá\n👋",
            "viewOnce": True,
            "image": "data:image/png;base64,iVBORw0KGgo=",
        },
    ),
    "send_media, video": Sent(
        make=lambda c: c.send_media(PHONE, Media.of(CONTENTS[MediaKind.VIDEO]), delay=2),
        line="POST /send/video",
        body={"number": PHONE, "delay": 2, "video": "data:video/mp4;base64,AAAAGGZ0eXBtcDQy"},
    ),
    "send_media, audio": Sent(
        make=lambda c: c.send_media(
            GROUP,
            Media.of(b"abc", mime_type="Audio/OGG; codecs=opus"),
            voice_note=True,
            reply_to=Quoted("3EB0", from_me=True),
        ),
        line="POST /send/audio",
        body={
            "number": GROUP,
            "ptt": True,
            "quoted": {"key": {"id": "3EB0", "fromMe": True}, "message": {"conversation": ""}},
            "audio": "data:audio/ogg;base64,YWJj",
        },
    ),
    "send_media, document": Sent(
        make=lambda c: c.send_media(PHONE, Media.of(b"%PDF-", file_name="a/Conta 1.pdf"), DEVICE),
        line="POST /send/document",
        query=IN_QUERY,
        body={
            "number": PHONE,
            "file_name": "Conta 1.pdf",
            "mime_type": "application/pdf",
            "document": "data:application/pdf;base64,JVBERi0=",
        },
    ),
    "send_media from an address": Sent(
        make=lambda c: c.send_media(
            PHONE,
            Media.at("https://x.example.com/a.pdf", MediaKind.DOCUMENT, file_name="a.pdf"),
        ),
        line="POST /send/document",
        body={
            "number": PHONE,
            "document_url": "https://x.example.com/a.pdf",
            "file_name": "a.pdf",
        },
    ),
    "list_contacts": Sent(
        make=lambda c: c.list_contacts(DEVICE), line="GET /contacts", query=IN_QUERY
    ),
    "list_groups": Sent(make=lambda c: c.list_groups(DEVICE), line="GET /groups", query=IN_QUERY),
    "get_webhook": Sent(make=lambda c: c.get_webhook(DEVICE), line="GET /webhook", query=IN_QUERY),
    "set_webhook": Sent(
        make=lambda c: c.set_webhook(WEBHOOK, DEVICE),
        line="POST /webhook",
        query=IN_QUERY,
        body=WEBHOOK.body(),
    ),
    "delete_webhook": Sent(
        make=lambda c: c.delete_webhook(DEVICE), line="DELETE /webhook", query=IN_QUERY
    ),
    "list_webhook_events": Sent(make=lambda c: c.list_webhook_events(), line="GET /webhook/events"),
}


@pytest.mark.parametrize("sent", [pytest.param(sent, id=name) for name, sent in SENT.items()])
async def test_a_call_sends_what_is_documented(
    sent: Sent, raw: RawGateway, raw_client: WutsClient
) -> None:
    await outcome_of(sent.make(raw_client))
    request = raw.request
    assert f"{request.method} {request.path}" == sent.line
    assert request.query == sent.query
    assert (request.json if request.content else None) == sent.body
    says_json = request.headers.get("content-type") == "application/json"
    assert says_json is (sent.body is not None)


def test_every_call_is_shown_here() -> None:
    assert {call.name for call in EVERY_CALL} <= set(SENT)


@pytest.mark.parametrize("call", EVERY_CALL, ids=str)
async def test_the_token_goes_into_its_header_and_nowhere_else(
    call: Call, raw: RawGateway, raw_client: WutsClient
) -> None:
    await outcome_of(call.make(raw_client, DEVICE))
    headers = dict(raw.request.headers)
    assert headers.pop("authorization") == f"Bearer {TOKEN}"
    assert headers.pop("accept") == "application/json"
    assert TOKEN not in f"{raw.request.target} {headers} {raw.request.content!r}"


async def test_a_new_pair_code_is_asked_for_in_both_documented_ways(
    raw: RawGateway, raw_client: WutsClient
) -> None:
    await outcome_of(raw_client.request_pair_code(PHONE, DEVICE, refresh=True))
    assert raw.request.headers["x-wuts-refresh-paircode"] == "true"
    assert raw.request.query["refresh"] == "true"
    await outcome_of(raw_client.request_pair_code(PHONE, DEVICE))
    assert "x-wuts-refresh-paircode" not in raw.requests[1].headers
