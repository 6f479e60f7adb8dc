"""``/send/text`` and ``/contact/check`` (WUTS reference, Messages, Contacts)."""

from collections.abc import Mapping
from http import HTTPStatus

from wuts_simulator.answers import Answer, rfc3339
from wuts_simulator.codes import make_message_id
from wuts_simulator.errors import ApiError, Violation
from wuts_simulator.phone_numbers import is_group_jid, is_phone_number, strip_punctuation, user_jid
from wuts_simulator.world import Message

from .call import Call, invalid

_MAX_TEXT = 4096


async def send_text(call: Call) -> Answer:
    """Send a text, and keep it for tests to read."""
    device = await call.device()
    body = await call.json_object()
    chat_jid = _chat_jid(body.get("number"))
    violations = _violations(body, chat_jid)
    if violations or chat_jid is None:
        raise invalid(*violations)
    if not device.is_connected:
        raise ApiError(HTTPStatus.BAD_REQUEST, "device not ready", "DEVICE_NOT_READY")
    message = Message(
        id=make_message_id(call.world.random),
        device_id=device.id,
        chat_jid=chat_jid,
        text=body["text"],
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
            "metadata": {"device_id": device.id, "type": "text"},
        }
    )


def _violations(body: Mapping[str, object], chat_jid: str | None) -> list[Violation]:
    checks = (
        ("number", _number_problem(body.get("number"), chat_jid)),
        ("text", _text_problem(body.get("text"))),
        ("delay", _duration_problem(body.get("delay"))),
        ("typingDuration", _duration_problem(body.get("typingDuration"))),
    )
    return [Violation(name, problem, body.get(name)) for name, problem in checks if problem]


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


def _duration_problem(value: object) -> str | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return None
    return "must be a whole number, 0 or more"


async def check_contacts(call: Call) -> Answer:
    """Answer for each number, stripped of its punctuation."""
    _refuse_hidden_device(call)
    numbers = (await call.json_object()).get("numbers")
    if not isinstance(numbers, list) or not numbers:
        raise invalid(Violation("numbers", "numbers is required", numbers))
    stripped = [_strip(number) for number in numbers]
    found = {digits: _is_on_whatsapp(call, digits) for digits in stripped}
    return Answer.of_data(found)


def _refuse_hidden_device(call: Call) -> None:
    """A device need not be named, nor be there; but one that is named must be visible."""
    user, named = call.user(), call.device_id()
    if named is not None and named not in user.tenant.devices:
        raise ApiError(HTTPStatus.NOT_FOUND, "device not found", "DEVICE_NOT_FOUND")


def _strip(number: object) -> str:
    digits = strip_punctuation(number) if isinstance(number, str) else ""
    if not digits:
        raise invalid(Violation("numbers", "each number must be a text with digits", number))
    return digits


def _is_on_whatsapp(call: Call, digits: str) -> bool:
    return is_phone_number(digits) and call.world.is_on_whatsapp(digits)
