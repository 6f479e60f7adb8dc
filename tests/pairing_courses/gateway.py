"""Courses in which the gateway misbehaves, or says no."""

from dataclasses import replace

from tests.pairing_courses.course import (
    CODE,
    LINGER,
    PAIRED,
    QR,
    Pairing,
    course,
    failed,
    waiting,
)
from wuts_simulator import Fault, FaultKind, World


def _faulty(*faults: Fault) -> object:
    """Return what sets faults before the pairing begins."""

    def before(world: World, _device_id: str) -> None:
        for fault in faults:
            world.faults.add(replace(fault))  # it counts down, and a course may be played again

    return before


def _status(status: int, endpoint: str = "GET /status", **fields: object) -> Fault:
    return Fault(kind=FaultKind.STATUS, endpoint=endpoint, status=status, **fields)  # type: ignore[arg-type]


def _page(status: int, endpoint: str, times: int) -> Fault:
    return Fault(kind=FaultKind.HTML, endpoint=endpoint, status=status, times=times)


async def _is_paired(it: Pairing) -> None:
    await it.sees(QR)
    await it.scan()
    await it.sees(PAIRED)


@course("the gateway is busy at first", before=_faulty(_status(503, times=6)))
async def _(it: Pairing) -> None:
    await it.sees(waiting("gateway_busy"))
    await _is_paired(it)


@course(
    "the gateway is busy until time runs out",
    before=_faulty(_status(503)),
    times={"deadline": 2 * LINGER},
)
async def _(it: Pairing) -> None:
    await it.sees(waiting("gateway_busy"))
    await it.sees(failed("deadline_passed"))


@course(
    "the gateway asks for fewer requests",
    before=_faulty(_status(429, "GET /qr", retry_after=f"{LINGER:.0f}", times=1)),
)
async def _(it: Pairing) -> None:
    await it.sees(waiting("rate_limited"))
    await _is_paired(it)


@course("WhatsApp gives no QR in time", before=_faulty(_status(504, "GET /qr", times=5)))
async def _(it: Pairing) -> None:
    await it.sees(waiting("code_not_ready"))
    await _is_paired(it)


@course(
    "answers are slow",
    before=_faulty(Fault(kind=FaultKind.LATENCY, endpoint="GET /status", seconds=0.4)),
)
async def _(it: Pairing) -> None:
    await _is_paired(it)


@course("a proxy's pages come at first", before=_faulty(_page(502, "GET /status", 5)))
async def _(it: Pairing) -> None:
    await it.sees(waiting())
    await _is_paired(it)


@course("a firewall's pages come while a QR is up")
async def _(it: Pairing) -> None:
    await it.sees(QR)
    it.world.faults.add(_page(403, "GET /status", 4))
    await it.until(lambda: not len(it.world.faults))
    await _is_paired(it)


@course("answers are broken while a QR is up")
async def _(it: Pairing) -> None:
    await it.sees(QR)
    for kind in (FaultKind.TRUNCATED, FaultKind.WRONG_TYPES, FaultKind.RESET):
        it.world.faults.add(Fault(kind=kind, endpoint="GET /status", times=1))
    await it.until(lambda: not len(it.world.faults))
    await _is_paired(it)


@course(
    "the gateway denies every QR",
    before=_faulty(
        Fault(
            kind=FaultKind.BODY,
            endpoint="GET /qr/status",
            body={"success": True, "data": {"exists": False}},
        )
    ),
)
async def _(it: Pairing) -> None:
    await it.sees(QR)
    await it.sees_another(QR)
    await _is_paired(it)


@course("the gateway restarts and forgets the QR")
async def _(it: Pairing) -> None:
    await it.sees(QR)
    it.world.restart(down_for=0.5)
    await it.sees_another(QR)
    await _is_paired(it)


@course("the gateway restarts and forgets the code", by_code=True)
async def _(it: Pairing) -> None:
    await it.sees(CODE)
    it.world.restart(down_for=0.5)
    await it.sees_another(CODE)
    await it.type_code()
    await it.sees(PAIRED)


@course("the token is refused for a moment")
async def _(it: Pairing) -> None:
    await it.sees(QR)
    it.world.faults.add(_status(401, times=3))
    await it.until(lambda: not len(it.world.faults))
    await _is_paired(it)


@course("the token is refused for good")
async def _(it: Pairing) -> None:
    await it.sees(QR)
    it.world.faults.add(_status(401))
    await it.sees(failed("token_refused"))


@course("the device belongs to somebody else", before=_faulty(_status(403)))
async def _(it: Pairing) -> None:
    await it.sees(failed("not_allowed"))


@course("the device is deleted while a QR is up")
async def _(it: Pairing) -> None:
    await it.sees(QR)
    it.world.remove(it.device_id)
    await it.sees(failed("device_gone"))


@course(
    "the gateway answers about another device",
    before=_faulty(Fault(kind=FaultKind.WRONG_DEVICE, endpoint="GET /status")),
)
async def _(it: Pairing) -> None:
    await it.sees(failed("wrong_device"))


@course(
    "the connection breaks at once",
    before=_faulty(Fault(kind=FaultKind.RESET, endpoint="GET /status")),
)
async def _(it: Pairing) -> None:
    await it.sees(failed("gateway_unreachable"))


@course(
    "the gateway refuses the phone number",
    by_code=True,
    before=_faulty(_status(400, "POST /paircode")),
)
async def _(it: Pairing) -> None:
    await it.sees(failed("invalid_phone_number"))


@course(
    "the gateway refuses to make a QR",
    before=_faulty(_status(400, "GET /qr", error="no more devices on this plan")),
)
async def _(it: Pairing) -> None:
    await it.sees(failed("refused"))
