"""Courses in which a QR or code gets old."""

from dataclasses import replace

import pytest

from tests.pairing_courses.course import (
    CODE,
    GATEWAY,
    LINGER,
    PAIRED,
    PHONE,
    QR,
    Need,
    Pairing,
    course,
    failed,
    waiting,
)
from wuts_simulator import ExpiredError

SHORT = replace(GATEWAY, qr_first_life=LINGER, qr_life=LINGER)
SHORT_CODE = replace(GATEWAY, pair_code_life=LINGER)


@course("the QR is replaced before it expires", gateway=SHORT)
async def _(it: Pairing) -> None:
    await it.sees(QR)
    await it.sees_another(QR)
    await it.scan()
    await it.sees(PAIRED)


@course("the code is replaced before it expires", by_code=True, gateway=SHORT_CODE)
async def _(it: Pairing) -> None:
    await it.sees(CODE)
    await it.sees_another(CODE)
    await it.type_code()
    await it.sees(PAIRED)


@course("the phone scans a QR that has expired", gateway=SHORT)
async def _(it: Pairing) -> None:
    await it.sees(QR)
    await it.sees_another(QR)
    with pytest.raises(ExpiredError):
        it.world.scan_expired(it.device_id, PHONE)
    await it.sees(QR)
    await it.scan()
    await it.sees(PAIRED)


@course("the gateway goes away while a QR is up, and the QR expires", gateway=SHORT)
async def _(it: Pairing) -> None:
    await it.sees(QR)
    it.world.break_for(600)
    await it.sees(waiting("gateway_busy"))
    it.world.break_for(0)
    await it.sees(QR)
    await it.scan()
    await it.sees(PAIRED)


@course("the gateway goes away while a code is up", by_code=True, gateway=SHORT_CODE)
async def _(it: Pairing) -> None:
    await it.sees(CODE)
    it.world.break_for(600)
    await it.sees(waiting("gateway_busy"))
    it.world.break_for(0)
    await it.sees(CODE)
    await it.type_code()
    await it.sees(PAIRED)


@course("the machine sleeps while a QR is up", gateway=SHORT, needs=frozenset({Need.SLEEP}))
async def _(it: Pairing) -> None:
    await it.sees(QR)
    it.world.break_for(600)
    await it.frontend.sleep(LINGER + 0.5)
    await it.sees(waiting())
    it.world.break_for(0)
    await it.sees(QR)
    await it.scan()
    await it.sees(PAIRED)


@course("nobody scans the QR", times={"deadline": 2 * LINGER})
async def _(it: Pairing) -> None:
    await it.sees(QR)
    await it.sees(failed("deadline_passed"))


@course("nobody types the code", by_code=True, times={"deadline": 2 * LINGER})
async def _(it: Pairing) -> None:
    await it.sees(CODE)
    await it.sees(failed("deadline_passed"))
