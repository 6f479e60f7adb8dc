"""Courses in which the gateway misbehaves."""

from tests.pairing_courses.course import PAIRED, QR, Pairing, course, waiting
from tests.pairing_courses.expiry import SHORT


@course("the gateway goes away while a QR is up, and the QR expires", gateway=SHORT)
async def _(it: Pairing) -> None:
    await it.sees(QR)
    it.world.break_for(600)
    await it.sees(waiting("gateway_busy"))
    it.world.break_for(0)
    await it.sees(QR)
    it.scan()
    await it.sees(PAIRED)
