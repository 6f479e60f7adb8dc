"""``/contact/check``, ``/contacts`` and ``/groups`` (WUTS reference, Contacts, Groups)."""

from http import HTTPStatus

from wuts_simulator.answers import Answer, rfc3339
from wuts_simulator.device import Device
from wuts_simulator.errors import ApiError, Violation, invalid
from wuts_simulator.phone_numbers import is_phone_number, strip_punctuation, user_jid
from wuts_simulator.world import CONTACT_NAMES

from .call import Call


async def check_contacts(call: Call) -> Answer:
    """Answer for each number, stripped of its punctuation."""
    await _refuse_hidden_device(call)
    numbers = (await call.json_object()).get("numbers")
    if not isinstance(numbers, list) or not numbers:
        raise invalid(Violation("numbers", "numbers is required", numbers))
    stripped = [_strip(number) for number in numbers]
    found = {digits: _is_on_whatsapp(call, digits) for digits in stripped}
    return Answer.of_data(found)


async def list_contacts(call: Call) -> Answer:
    """List the phone's contacts, and the numbers that were registered."""
    device = await ready_device(call)
    known = {user_jid(one): {"full_name": f"+{one}"} for one in sorted(call.world.known_numbers)}
    contacts = [
        {"jid": jid, **call.dialect.optional(**dict.fromkeys(sorted(CONTACT_NAMES)) | names)}
        for jid, names in (known | device.contacts).items()
    ]
    return Answer.of({"success": True, "count": len(contacts), "contacts": contacts})


async def list_groups(call: Call) -> Answer:
    """List the groups that the device is in."""
    device = await ready_device(call)
    groups = [
        {
            "jid": jid,
            "name": name,
            "owner": device.jid,
            "created_at": rfc3339(device.created_at),
            "is_announce": False,
            "is_locked": False,
            "join_approval": False,
            "members_count": 2,
        }
        for jid, name in device.groups.items()
    ]
    return Answer.of({"success": True, "groups": groups})


async def ready_device(call: Call) -> Device:
    """Return the device that is meant; it must be connected.

    Raises:
        ApiError: It is not.
    """
    device = await call.device()
    if not device.is_connected:
        raise ApiError(HTTPStatus.BAD_REQUEST, "device not ready", "DEVICE_NOT_READY")
    return device


async def _refuse_hidden_device(call: Call) -> None:
    """The device is optional, and may not be there; but one that is named must be visible."""
    call.user()
    if call.device_id() is not None:
        await call.device()


def _strip(number: object) -> str:
    digits = strip_punctuation(number) if isinstance(number, str) else ""
    if not (digits.isascii() and digits.isdecimal()):
        raise invalid(Violation("numbers", "each number must be a text with digits", number))
    return digits


def _is_on_whatsapp(call: Call, digits: str) -> bool:
    return is_phone_number(digits) and call.world.is_on_whatsapp(digits)
