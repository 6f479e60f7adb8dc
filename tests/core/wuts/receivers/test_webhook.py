"""The signed webhook: what a program gets, and what counts as taken."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.core.wuts.receivers.listening import Listening
from tests.core.wuts.receivers.notified import device_alert, notification, over, taken
from wuts.receivers import NotTakenError, receiver_of, signature_of, words_of
from wuts.receivers.webhook import WebhookReceiver
from wuts.supervisor import News

SECRET = "s3cret-s3cret-s3cret"
DOCS = Path(__file__).parents[4] / "docs" / "alerts.md"
NOW = 1_793_500_000.9


def receiver(listening: Listening, path: str = "/hook?key=x") -> WebhookReceiver:
    url = f"http://{listening.place}{path}"
    return WebhookReceiver(url, SECRET, words=words_of("en"), wall_clock=lambda: NOW)


async def test_what_is_sent_is_signed_with_its_time(listening: Listening) -> None:
    await receiver(listening)(notification(sequence=3))
    [sent] = listening.requests
    assert sent.path == "/hook?key=x"
    assert sent.headers["content-type"] == "application/json"
    assert sent.headers["x-wuts-id"] == f"{'a' * 32}:3"
    assert sent.headers["x-wuts-timestamp"] == "1793500000"
    assert sent.headers["x-wuts-signature"] == signature_of(SECRET, "1793500000", sent.body)


def test_a_signature_is_as_documented() -> None:
    # printf '1.{}' | openssl dgst -sha256 -hmac key
    known = "1ba6b8171186efc613e8bcc0cbdab2748f24984d7c5a84faa2637afa0e40d224"
    assert signature_of("key", "1", b"{}") == f"sha256={known}"


async def test_the_document(listening: Listening) -> None:
    alerts = (taken(device_alert(1, name="Sales +55 11 99999-1234")), over(device_alert(2)))
    await receiver(listening)(notification(*alerts, news=News.UPDATED, sequence=2))
    [document] = listening.documents
    text = document.pop("text")
    assert text.startswith("Account home:")
    assert document == {
        "version": 1,
        "id": "a" * 32,
        "sequence": 2,
        "news": "updated",
        "receiver": "ana",
        "account": "home",
        "kind": "needs_pairing",
        "severity": "critical",
        "at": "2026-11-01T12:30:15.123Z",
        "is_over": False,
        "is_group": True,
        "title": "WUTS: Update: Sales …1234 must be paired again",
        "dashboard_url": None,
        "mute": None,
        "alerts": [
            {
                "id": f"{1:032x}",
                "status": "raised",
                "device_id": "device-1",
                "device_name": "Sales …1234",
                "since": "2026-11-01T12:30:15.123Z",
                "ended": None,
                "cause": "unlinked",
                "cause_until": None,
                "next_step": "pair",
                "acknowledged_by": "Ana",
                "acknowledged_at": "2026-11-01T13:30:15.123Z",
                "note": "on my way",
            },
            {
                "id": f"{2:032x}",
                "status": "resolved",
                "device_id": "device-2",
                "device_name": "Desk 2",
                "since": "2026-11-01T12:30:15.123Z",
                "ended": "2026-11-01T13:30:15.123Z",
                "cause": "unlinked",
                "cause_until": None,
                "next_step": None,
                "acknowledged_by": None,
                "acknowledged_at": None,
                "note": None,
            },
        ],
    }


async def test_every_field_is_documented(listening: Listening) -> None:
    await receiver(listening)(notification())
    [document] = listening.documents
    page = DOCS.read_text()
    for name in (*document, *document["alerts"][0]):
        assert f"`{name}`" in page, name


async def test_the_documented_check_knows_a_genuine_delivery(listening: Listening) -> None:
    [source] = re.findall(r"```python\n(.*?is_genuine.*?)```", DOCS.read_text(), re.DOTALL)
    code: dict[str, Any] = {}
    exec(source.rpartition("```python")[2], code)  # noqa: S102 - our own page
    is_genuine = code["is_genuine"]
    url = f"http://{listening.place}/"
    fresh = WebhookReceiver(url, SECRET, words=words_of("en"))
    for receiver_ in (fresh, receiver(listening)):
        await receiver_(notification())
    new, old = ((one.headers, one.body) for one in listening.requests)
    headers = {name.title().replace("Wuts", "WUTS"): value for name, value in new[0].items()}
    assert is_genuine(SECRET, headers, new[1])
    assert not is_genuine(SECRET, headers, new[1] + b" ")
    assert not is_genuine("another-secret-of-ours", headers, new[1])
    later = headers | {"X-WUTS-Timestamp": str(int(headers["X-WUTS-Timestamp"]) + 1)}
    assert not is_genuine(SECRET, later, new[1])
    aged = {name.title().replace("Wuts", "WUTS"): value for name, value in old[0].items()}
    assert not is_genuine(SECRET, aged, old[1])


async def test_a_password_in_the_address_is_sent(listening: Listening) -> None:
    address = f"wuts+http://ana:p%40ss@{listening.place}/"
    await receiver_of(address, secret=SECRET)(notification())
    assert listening.requests[0].login == "ana:p@ss"


@pytest.mark.parametrize("status", [200, 201, 202, 204])
async def test_any_2xx_is_taken(listening: Listening, status: int) -> None:
    listening.status = status
    await receiver(listening)(notification())


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 401, 404, 410, 429, 500, 503])
async def test_anything_else_is_not_and_no_redirect_is_followed(
    listening: Listening, status: int
) -> None:
    listening.status, listening.location = status, "/elsewhere"
    with pytest.raises(NotTakenError) as refused:
        await receiver(listening)(notification())
    assert refused.value.status == status
    assert len(listening.requests) == 1


async def test_a_test_is_no_alert(listening: Listening) -> None:
    await receiver(listening).send_test("hook")
    [sent] = listening.requests
    assert sent.document["news"] == "test"
    assert "hook" in sent.document["text"]
    signed = signature_of(SECRET, sent.headers["x-wuts-timestamp"], sent.body)
    assert sent.headers["x-wuts-signature"] == signed


async def test_the_body_is_one_line_of_utf_8(listening: Listening) -> None:
    await receiver(listening)(notification(device_alert(name="Recepção")))
    body = listening.requests[0].body.decode()
    assert "Recepção" in body
    assert json.loads(body)["alerts"][0]["device_name"] == "Recepção"
