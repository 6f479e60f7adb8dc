"""``/send/…`` (WUTS reference, Messages). No address is ever downloaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from wuts_simulator.answers import Answer, rfc3339
from wuts_simulator.codes import make_message_id
from wuts_simulator.contract import EndpointName
from wuts_simulator.device import Device
from wuts_simulator.errors import ApiError, Violation, invalid
from wuts_simulator.messages import Message, SentFile

from .call import Call
from .fields import (
    Check,
    a_list,
    address,
    an_object,
    base64_file,
    chat_jid,
    decoded,
    duration,
    flag,
    jids,
    number,
    optional,
    quoted,
    quoted_id,
    recipient,
    required,
    text,
    told_type,
    violations,
)

_CAPTION = 1024
_SLOW = frozenset({"video", "audio"})
"""What may be queued: its page shows a 202."""

type _Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """One kind of message.

    Attributes:
        name: What it is called in records.
        to: The fields that may name the recipient.
        checks: What the other fields must be.
        says: The field that holds the text.
        is_file: Whether a file comes with it, under `name`, or its address under ``<name>_url``.
        done: The ``message`` of the short form of a success; None for the long form.
        more: More fields of the short form, or more ``metadata`` of the long one.
        bare: Whether its errors are documented without the envelope.
    """

    name: str
    to: tuple[str, ...] = ("number",)
    checks: Mapping[str, Check] = field(default_factory=dict)
    says: str = "caption"
    is_file: bool = False
    done: str | None = None
    more: Callable[[_Body], Mapping[str, object]] = lambda _body: {}
    bare: bool = False

    def problems_of(self, body: _Body) -> list[Violation]:
        """Return what is wrong with a body."""
        named = next((name for name in self.to if body.get(name)), self.to[0])
        common = {"delay": duration, "mentioned": jids, "quoted": quoted}
        checks = {named: required(recipient), **self.checks, **common}
        found = violations(body, checks)
        return found + self._problems_of_file(body) if self.is_file else found

    def _problems_of_file(self, body: _Body) -> list[Violation]:
        content, url = body.get(self.name), body.get(f"{self.name}_url")
        if bool(content) == bool(url):
            words = f"exactly one of {self.name} and {self.name}_url is required"
            return [Violation(self.name, words, None)]
        name, check = (f"{self.name}_url", address) if url else (self.name, base64_file(self.name))
        return violations(body, {name: check})


def _size(kind: str) -> Callable[[_Body], Mapping[str, object]]:
    def more(body: _Body) -> Mapping[str, object]:
        data = decoded(body.get(kind))
        return {} if data is None else {f"{kind}_size_bytes": len(data)}

    return more


def _file(kind: str, **checks: Check) -> _Kind:
    usual = {"caption": optional(text(_CAPTION)), "viewOnce": flag, "ptt": flag}
    return _Kind(name=kind, is_file=True, checks=usual | checks, more=_size(kind))


def _name_of_document(body: _Body) -> list[Violation]:
    return violations(body, {"file_name": required(text(255))}) if body.get("document_url") else []


_PRODUCT = an_object(product_id=required(text()), title=required(text()))
_KINDS: Mapping[EndpointName, _Kind] = {
    EndpointName.SEND_TEXT: _Kind(
        name="text", says="text", checks={"text": required(text()), "typingDuration": duration}
    ),
    EndpointName.SEND_IMAGE: _file("image"),
    EndpointName.SEND_VIDEO: _file("video"),
    EndpointName.SEND_AUDIO: _file("audio"),
    EndpointName.SEND_DOCUMENT: _file("document", mime_type=optional(text(255))),
    EndpointName.SEND_STICKER: _Kind(
        name="sticker",
        to=("to", "number"),
        is_file=True,
        done="Sticker sent successfully",
        more=lambda body: {"is_animated": body.get("is_animated") is True},
    ),
    EndpointName.SEND_LOCATION: _Kind(
        name="location",
        to=("to",),
        says="name",
        checks={
            "latitude": number(-90, 90),
            "longitude": number(-180, 180),
            "name": optional(text()),
        },
        done="Location sent successfully",
        bare=True,
    ),
    EndpointName.SEND_POLL: _Kind(
        name="poll",
        to=("to",),
        says="question",
        checks={
            "question": required(text()),
            "options": a_list(2, 12, option_name=required(text())),
        },
        done="Poll sent successfully",
        bare=True,
    ),
    EndpointName.SEND_BUTTONS: _Kind(
        name="buttons",
        to=("to",),
        says="message",
        checks={
            "message": required(text()),
            "buttons": a_list(1, 3, id=required(text()), display_text=required(text())),
        },
        done="Buttons message sent successfully",
        bare=True,
    ),
    EndpointName.SEND_INTERACTIVE: _Kind(
        name="interactive",
        to=("to",),
        says="body",
        checks={
            "body": required(text()),
            "button_text": required(text()),
            "sections": a_list(
                1, 10, rows=a_list(1, 10, id=required(text()), title=required(text()))
            ),
        },
        done="Interactive list message sent successfully",
        bare=True,
    ),
    EndpointName.SEND_PRODUCT: _Kind(
        name="product",
        says="body",
        checks={"product": required(_PRODUCT), "body": optional(text())},
    ),
}
SENDS = tuple(_KINDS)


async def send(call: Call) -> Answer:
    """Send a message, and keep it for tests to read."""
    kind = _KINDS[call.endpoint]
    device = await call.device()
    body = await call.json_object()
    problems = kind.problems_of(body)
    if call.endpoint is EndpointName.SEND_DOCUMENT:
        problems += _name_of_document(body)
    if problems:
        raise _refusal(kind, invalid(*problems))
    if not device.is_connected:
        words = "WhatsApp not connected" if kind.bare else "device not ready"
        raise _refusal(kind, ApiError(HTTPStatus.BAD_REQUEST, words, "DEVICE_NOT_READY"))
    message = _message(call, kind, device, body)
    call.world.messages.append(message)
    if _is_queued(call, message):
        return _queued(message)
    return _answer(kind, device, message, kind.more(body))


def _refusal(kind: _Kind, error: ApiError) -> ApiError:
    error.bare = kind.bare
    return error


def _message(call: Call, kind: _Kind, device: Device, body: _Body) -> Message:
    to = next(body[name] for name in kind.to if body.get(name))
    return Message(
        id=make_message_id(call.world.random),
        device_id=device.id,
        chat_jid=chat_jid(to) or "",
        kind=kind.name,
        text=str(body.get(kind.says) or ""),
        sent_at=call.world.sessions.calendar(),
        file=_file_of(kind, body) if kind.is_file else None,
        mentioned=tuple(body.get("mentioned") or ()),
        quoted=quoted_id(body.get("quoted")),
    )


def _file_of(kind: _Kind, body: _Body) -> SentFile:
    """Return the file as the other phone would have it."""
    value, mime_type = body.get(kind.name), body.get("mime_type")
    return SentFile(
        content=decoded(value),
        url=body.get(f"{kind.name}_url"),
        mime_type=told_type(value) or mime_type,
        file_name=body.get("file_name"),
        view_once=body.get("viewOnce") is True,
        voice_note=body.get("ptt") is True,
    )


def _is_queued(call: Call, message: Message) -> bool:
    """Return whether a video or sound is too large to be sent at once."""
    limit, file = call.settings.queue_media_over, message.file
    if limit is None or file is None or message.kind not in _SLOW:
        return False
    return len(file.content or b"") > limit


def _queued(message: Message) -> Answer:
    at = rfc3339(message.sent_at)
    queued = {"success": True, "message_id": "", "timestamp": at, "status": "processing"}
    more = {"chat_jid": message.chat_jid, "job_id": f"job_{message.id.lower()}"}
    return Answer.of(queued | more, HTTPStatus.ACCEPTED)


def _answer(kind: _Kind, device: Device, message: Message, more: Mapping[str, object]) -> Answer:
    at = rfc3339(message.sent_at)
    sent = {"success": True, "message_id": message.id, "timestamp": at}
    if kind.done is not None:
        return Answer.of({**sent, "message": kind.done, **more})
    metadata = {"device_id": device.id, "user_id": device.user.id, "type": kind.name, "sent_at": at}
    long = {"status": "sent", "chat_jid": message.chat_jid, "metadata": {**metadata, **more}}
    return Answer.of(sent | long)
