"""``/contact/check``: which numbers are on WhatsApp (WUTS reference, Contacts)."""

from http import HTTPStatus

from wuts_simulator.answers import Answer
from wuts_simulator.errors import ApiError, Violation
from wuts_simulator.phone_numbers import is_phone_number, strip_punctuation

from .call import Call, invalid


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
