"""Courses in which a phone is linked, the right one or another."""

from dataclasses import replace

from tests.pairing_courses.course import (
    CODE,
    GATEWAY,
    LINGER,
    OTHER_PHONE,
    PAIRED,
    PHONE,
    QR,
    SCANNED,
    UNCHECKED,
    WRONG_ACCOUNT,
    Pairing,
    course,
    failed,
    stalled,
)
from wuts_simulator import Fault, FaultKind, Then, World

NAMELESS = Fault(
    kind=FaultKind.MISSING_FIELDS,
    endpoint="GET /status",
    fields=("data.phone_number", "data.jid"),
)


def _name_no_phone(world: World, _device_id: str) -> None:
    world.faults.add(NAMELESS)


@course("a phone scans the QR", times={"settle": LINGER})
async def _(it: Pairing) -> None:
    await it.sees(QR)
    await it.scan()
    await it.sees(SCANNED)
    await it.sees(PAIRED)


@course("the code is typed", by_code=True, times={"settle": LINGER})
async def _(it: Pairing) -> None:
    await it.sees(CODE)
    await it.type_code()
    await it.sees(SCANNED)
    await it.sees(PAIRED)


@course("the expected phone scans the QR", expected=PHONE)
async def _(it: Pairing) -> None:
    await it.sees(QR)
    await it.scan()
    await it.sees(PAIRED)


@course("the expected phone was written without its ninth digit", expected="551199999999")
async def _(it: Pairing) -> None:
    await it.sees(QR)
    await it.scan()
    await it.sees(PAIRED)


@course("another phone scans the QR", expected=PHONE)
async def _(it: Pairing) -> None:
    await it.sees(QR)
    await it.scan(OTHER_PHONE)
    await it.sees(WRONG_ACCOUNT)


@course("the code is typed on another phone", by_code=True, expected=PHONE)
async def _(it: Pairing) -> None:
    await it.sees(CODE)
    await it.type_code(OTHER_PHONE)
    await it.sees(WRONG_ACCOUNT)


@course(
    "the gateway does not say which phone scanned the QR", expected=PHONE, before=_name_no_phone
)
async def _(it: Pairing) -> None:
    await it.sees(QR)
    await it.scan()
    await it.sees(UNCHECKED)


@course(
    "a phone takes its time to connect",
    gateway=replace(GATEWAY, connecting_for=600),
    times={"stall_patience": 20.0, "link_patience": 20.0},
)
async def _(it: Pairing) -> None:
    await it.sees(QR)
    await it.scan()
    await it.keeps_seeing(SCANNED, 0.3)
    it.world.restore(it.device_id)
    await it.sees(PAIRED)


@course("the device is connected already", device={"state": "connected", "phone": PHONE})
async def _(it: Pairing) -> None:
    await it.sees(PAIRED)


@course("the device's phone is only reconnected", device={"state": "disconnected", "phone": PHONE})
async def _(it: Pairing) -> None:
    await it.sees(PAIRED)


@course(
    "the device is connected already, to another phone",
    device={"state": "connected", "phone": OTHER_PHONE},
    expected=PHONE,
)
async def _(it: Pairing) -> None:
    await it.sees(WRONG_ACCOUNT)


@course(
    "the link is dropped while it settles",
    gateway=replace(GATEWAY, drops_after=LINGER),
    times={"settle": 3 * LINGER},
)
async def _(it: Pairing) -> None:
    await it.sees(QR)
    await it.scan(then=Then.DROPS)
    await it.sees(SCANNED)
    await it.sees(failed("link_dropped"))


@course(
    "the link is down for a while and comes back",
    times={"settle": LINGER, "stall_patience": 0.5, "link_patience": 20.0},
)
async def _(it: Pairing) -> None:
    await it.sees(QR)
    await it.scan()
    await it.until(lambda: it.device.is_connected)
    await it.is_looked_at()
    it.world.drop(it.device_id)
    await it.sees(stalled("link_dropped"))
    it.world.restore(it.device_id)
    await it.sees(SCANNED)
    await it.sees(PAIRED)
