"""Courses in which a phone is linked, the right one or another."""

from tests.pairing_courses.course import (
    CODE,
    OTHER_PHONE,
    PAIRED,
    PHONE,
    QR,
    SCANNED,
    WRONG_ACCOUNT,
    Pairing,
    course,
)


@course("a phone scans the QR")
async def _(it: Pairing) -> None:
    await it.sees(QR)
    it.scan()
    await it.sees(SCANNED)
    await it.sees(PAIRED)


@course("the code is typed", by_code=True)
async def _(it: Pairing) -> None:
    await it.sees(CODE)
    it.type_code()
    await it.sees(SCANNED)
    await it.sees(PAIRED)


@course("another phone scans the QR", expected=PHONE)
async def _(it: Pairing) -> None:
    await it.sees(QR)
    it.scan(OTHER_PHONE)
    await it.sees(WRONG_ACCOUNT)
