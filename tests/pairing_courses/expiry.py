"""Courses in which a QR or code gets old."""

from tests.pairing_courses.course import PAIRED, QR, Pairing, course
from wuts_simulator import Settings

SHORT = Settings(qr_image=False, connecting_for=0.1, qr_first_life=1.5, qr_life=1.5)


@course("the QR is replaced before it expires", gateway=SHORT)
async def _(it: Pairing) -> None:
    await it.sees(QR)
    first = it.device.qr
    while it.device.qr is first:
        await it.keeps_seeing(QR, 0.1)
    await it.keeps_seeing(QR, 0.3)
    it.scan()
    await it.sees(PAIRED)
