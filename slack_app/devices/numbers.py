"""Hands the supervisor the numbers that earlier versions kept in records of the app's own."""

import asyncio
import logging

from wuts.errors import InvalidPhoneNumberError
from wuts.supervisor import Supervisor
from wuts.supervisor.store import StoreOwnedError

from ..operations.records import Records
from .device import DeviceRef

_LOGGER = logging.getLogger(__name__)

FIRST_PAUSE = 5.0
LONGEST_PAUSE = 300.0
"""Seconds until a store that cannot be read is read again; they double."""

_NUMBER = "number"


async def move_numbers(linked: Records, expected: Records, supervisor: Supervisor) -> None:
    """Have the supervisor expect what an earlier version did; once it is saved, drop the records.

    Args:
        linked: Whose phones were seen: a record an account, with digits by the device's id.
        expected: Which phones had to be linked until a person accepted others: a record a device.
        supervisor: Keeps them from now on. What it was told since counts more.
    """
    pause = FIRST_PAUSE
    while not await _move(linked, expected, supervisor):
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


async def _move(linked: Records, expected: Records, supervisor: Supervisor) -> bool:
    """Return whether nothing is left to move."""
    seen, wanted = await linked.read(), await expected.read()
    if seen is None or wanted is None:
        return False
    numbers = {
        DeviceRef(account, device_id): digits
        for account, devices in seen.items()
        for device_id, digits in devices.items()
    }
    numbers |= {DeviceRef.parse(name): one.get(_NUMBER, "") for name, one in wanted.items()}
    for ref, digits in numbers.items():
        await _expect(supervisor, ref, digits)
    is_gone = [await linked.delete(name) for name in seen]
    is_gone += [await expected.delete(name) for name in wanted]
    return all(is_gone)


async def _expect(supervisor: Supervisor, ref: DeviceRef, digits: str) -> None:
    try:
        await supervisor.expect_number(ref.account, ref.device_id, digits, unless_decided=True)
    except (InvalidPhoneNumberError, StoreOwnedError) as error:
        _LOGGER.warning("A number saved by an earlier version is not used: %s", error.message)
