"""Courses in which a phone takes the QR or code, and something else than a link follows."""

from tests.pairing_courses.course import (
    CODE,
    LINGER,
    PAIRED,
    QR,
    SCANNED,
    Need,
    Pairing,
    course,
    failed,
    stalled,
)
from wuts_simulator import Then

PASSKEY = stalled("passkey_suspected")


@course(
    "the phone asks for a passkey after the scan, and somebody creates one",
    times={"stall_patience": LINGER, "settle": LINGER},
)
async def _(it: Pairing) -> None:
    await it.sees(QR)
    await it.is_looked_at("GET /qr/status")
    await it.scan(then=Then.PASSKEY)
    await it.sees(SCANNED)
    await it.keeps_seeing(PASSKEY, 0.5)
    it.world.create_passkey(it.device_id)
    await it.sees(SCANNED)
    await it.sees(PAIRED)


@course(
    "the phone asks for a passkey after the code, and somebody creates one",
    by_code=True,
    times={"stall_patience": LINGER},
)
async def _(it: Pairing) -> None:
    await it.sees(CODE)
    await it.is_looked_at()
    await it.type_code(then=Then.PASSKEY)
    await it.sees(SCANNED)
    await it.keeps_seeing(PASSKEY, 0.5)
    it.world.create_passkey(it.device_id)
    await it.sees(PAIRED)


@course("the phone asks for a passkey, and nobody has one", times={"deadline": 4 * LINGER})
async def _(it: Pairing) -> None:
    await it.sees(QR)
    await it.is_looked_at("GET /qr/status")
    await it.scan(then=Then.PASSKEY)
    await it.sees(PASSKEY)
    it.world.give_up(it.device_id)
    await it.sees(failed("passkey_suspected"))


@course(
    "the phone asks for a passkey after the code, and somebody gives up soon",
    by_code=True,
    times={"stall_patience": 10.0},
)
async def _(it: Pairing) -> None:
    await it.sees(CODE)
    await it.is_looked_at()
    await it.type_code(then=Then.PASSKEY)
    await it.sees(SCANNED)
    it.world.give_up(it.device_id)
    await it.sees(CODE)
    await it.type_code()
    await it.sees(PAIRED)


@course(
    "the phone goes offline after the scan and comes back",
    times={"stall_patience": LINGER, "settle": LINGER, "link_patience": 60.0},
)
async def _(it: Pairing) -> None:
    await it.sees(QR)
    await it.scan(then=Then.OFFLINE)
    await it.sees(SCANNED)
    await it.sees(stalled("phone_offline"))
    it.world.come_online(it.device_id)
    await it.sees(SCANNED)
    await it.sees(PAIRED)


@course(
    "the phone goes offline after the scan and stays away",
    times={"link_patience": LINGER},
)
async def _(it: Pairing) -> None:
    await it.sees(QR)
    await it.scan(then=Then.OFFLINE)
    await it.sees(stalled("phone_offline"))
    await it.sees(failed("phone_offline"))


@course("WhatsApp refuses the phone, and a webhook says so", needs=frozenset({Need.WEBHOOK}))
async def _(it: Pairing) -> None:
    await it.sees(QR)
    await it.scan(then=Then.REFUSED)
    await it.frontend.hear("connection.pair_error")
    await it.sees(failed("pair_error"))


@course("WhatsApp refuses the phone, and nobody says so")
async def _(it: Pairing) -> None:
    await it.sees(QR)
    await it.is_looked_at("GET /qr/status")
    await it.scan(then=Then.REFUSED)
    await it.sees(PASSKEY)


@course(
    "a webhook tells of a link before anybody looks",
    times={"poll_interval": 80.0, "qr_status_interval": 80.0},
    needs=frozenset({Need.WEBHOOK}),
)
async def _(it: Pairing) -> None:
    await it.sees(QR)
    await it.scan()
    await it.frontend.hear("pair.success")
    await it.sees(SCANNED, within=60.0)
