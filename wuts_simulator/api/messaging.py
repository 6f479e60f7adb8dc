"""``/send/text`` and ``/contact/check`` (WUTS reference, Messages, Contacts)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from wuts_simulator.answers import Answer, rfc3339
from wuts_simulator.codes import make_message_id
from wuts_simulator.device import Device
from wuts_simulator.errors import ApiError, Violation
from wuts_simulator.phone_numbers import is_group_jid, is_phone_number, strip_punctuation, user_jid
from wuts_simulator.world import Message

from .call import Call, invalid

_MAX_TEXT = 4096
_SHOWN = 200


async def send_text(call: Call) -> Answer:
    """Send a text, and keep it for tests to read."""
    device = await call.device()
    body = await call.json_object()
    problems = {
        "text": _text_problem(body.get("text")),
        "typingDuration": duration_problem(body.get("typingDuration")),
    }
    text = body.get("text", "")
    return send(call, Draft(device=device, body=body, problems=problems, text=text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be sent.

    Attributes:
        device: The sender.
        body: The request's body.
        problems: What is wrong with its fields beside ``number`` and ``delay``, None for nothing.
        kind: What it is.
        text: The text, or the caption.
        metadata: More ``metadata`` of the answer.
    """

    device: Device = field(repr=False)
    body: Mapping[str, object] = field(repr=False)
    problems: Mapping[str, str | None]
    kind: str = "text"
    text: str = field(default="", repr=False)
    metadata: Mapping[str, object] = field(default_factory=dict)


def send(call: Call, draft: Draft) -> Answer:
    """Send a message, and keep it for tests to read.

    Raises:
        ApiError: The body is not usable, or the device is not connected.
    """
    body, device = draft.body, draft.device
    chat_jid = _chat_jid(body.get("number"))
    problems = {
        "number": _number_problem(body.get("number"), chat_jid),
        **draft.problems,
        "delay": duration_problem(body.get("delay")),
    }
    violations = [
        Violation(name, problem, shorten(body.get(name)))
        for name, problem in problems.items()
        if problem
    ]
    if violations or chat_jid is None:
        raise invalid(*violations)
    if not device.is_connected:
        raise ApiError(HTTPStatus.BAD_REQUEST, "device not ready", "DEVICE_NOT_READY")
    message = Message(
        id=make_message_id(call.world.random),
        device_id=device.id,
        chat_jid=chat_jid,
        text=draft.text,
        kind=draft.kind,
        sent_at=call.world.sessions.calendar(),
    )
    call.world.messages.append(message)
    return Answer.of(
        {
            "success": True,
            "message_id": message.id,
            "timestamp": rfc3339(message.sent_at),
            "status": "sent",
            "chat_jid": chat_jid,
            "metadata": {"device_id": device.id, "type": draft.kind, **draft.metadata},
        }
    )


def shorten(value: object) -> object:
    """Return a value that a ``validation`` entry repeats, without the length of a picture."""
    return value[:_SHOWN] if isinstance(value, str) else value


def _chat_jid(value: object) -> str | None:
    """Return the chat's JID: of a group as it is, of a number once it is stripped."""
    if not isinstance(value, str):
        return None
    if is_group_jid(value):
        return value
    digits = strip_punctuation(value.removesuffix("@s.whatsapp.net"))
    return user_jid(digits) if is_phone_number(digits) else None


def _number_problem(value: object, chat_jid: str | None) -> str | None:
    if value is None or value == "":
        return "number is required"
    return None if chat_jid else "number must be a phone number or a group JID"


def _text_problem(value: object) -> str | None:
    if not isinstance(value, str) or not value:
        return "text is required"
    return None if len(value) <= _MAX_TEXT else f"text must have at most {_MAX_TEXT} characters"


def duration_problem(value: object) -> str | None:
    """Return what is wrong with an optional length of time."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return None
    return "must be a whole number, 0 or more"


async def check_contacts(call: Call) -> Answer:
    """Answer for each number, stripped of its punctuation."""
    await _refuse_hidden_device(call)
    numbers = (await call.json_object()).get("numbers")
    if not isinstance(numbers, list) or not numbers:
        raise invalid(Violation("numbers", "numbers is required", numbers))
    stripped = [_strip(number) for number in numbers]
    found = {digits: _is_on_whatsapp(call, digits) for digits in stripped}
    return Answer.of_data(found)


async def _refuse_hidden_device(call: Call) -> None:
    """A device need not be named, nor be there; but one that is named must be visible."""
    call.user()
    if call.device_id() is not None:
        await call.device()


def _strip(number: object) -> str:
    digits = strip_punctuation(number) if isinstance(number, str) else ""
    if not digits:
        raise invalid(Violation("numbers", "each number must be a text with digits", number))
    return digits


def _is_on_whatsapp(call: Call, digits: str) -> bool:
    return is_phone_number(digits) and call.world.is_on_whatsapp(digits)
