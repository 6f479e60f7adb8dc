"""Courses that somebody else ends."""

from tests.pairing_courses.course import QR, Need, Pairing, course, failed


@course("somebody else pairs the device already", occupied=True, needs=frozenset({Need.CLAIM}))
async def _(it: Pairing) -> None:
    await it.sees(failed("pairing_in_progress"))


@course("the account is removed while a QR is up", needs=frozenset({Need.ACCOUNT}))
async def _(it: Pairing) -> None:
    await it.sees(QR)
    await it.frontend.remove_account()
    await it.sees(failed("account_removed"))


@course("the account's token is replaced while a QR is up", needs=frozenset({Need.ACCOUNT}))
async def _(it: Pairing) -> None:
    await it.sees(QR)
    await it.frontend.replace_token()
    await it.sees(failed("account_changed"))
