"""A pairing for scripts."""

import signal
from datetime import UTC, datetime, timedelta

import pytest

from tests.wuts_cli.command import OTHER_PHONE, PHONE, Json, Wuts, ended, next_event
from tests.wuts_cli.conftest import Start
from wuts_simulator import Device, Fault, FaultKind, Settings, Simulator

PAIR = ("pair", "Front desk", "--json", "--settle", "1")


def expires_in(event: Json) -> timedelta:
    """Return how far ahead an event's ``expires_at`` is, which must be UTC."""
    assert event["expires_at"].endswith("Z")
    return datetime.fromisoformat(event["expires_at"]) - datetime.now(UTC)


async def test_a_scanned_qr_is_a_line_an_event(sim: Simulator, wuts: Wuts, desk: Device) -> None:
    async with wuts.started(*PAIR) as process:
        qr = await next_event(process)
        assert qr.keys() == {"event", "payload", "expires_at"}
        assert qr["event"] == "qr"
        assert timedelta(0) < expires_in(qr) <= timedelta(seconds=60)
        assert sim.world.scan(qr["payload"], PHONE) is desk
        done = await ended(process)
    assert (done.code, done.err) == (0, "")
    assert done.events == [
        {"event": "scanned", "phone_number": PHONE},
        {"event": "paired", "phone_number": PHONE, "how": "linked"},
    ]


async def test_a_typed_code_is_a_line_an_event(sim: Simulator, wuts: Wuts, desk: Device) -> None:
    async with wuts.started(*PAIR, "--code", "--phone", f"+{PHONE}") as process:
        code = await next_event(process)
        assert code.keys() == {"event", "code", "phone", "expires_at", "instructions"}
        assert (code["event"], code["phone"]) == ("code", PHONE)
        assert "Aparelhos conectados" in code["instructions"]
        assert timedelta(minutes=4) < expires_in(code) <= timedelta(minutes=5)
        sim.world.enter_code(desk.id, code["code"])
        done = await ended(process)
    assert done.code == 0
    assert [event["event"] for event in done.events] == ["scanned", "paired"]


async def test_a_number_without_a_country_code_is_one_of_the_country(
    sim: Simulator, wuts: Wuts, desk: Device
) -> None:
    typed = ("--code", "--phone", "11 99999-9999", "--expect", "(11) 99999-9999")
    async with wuts.started(*PAIR, *typed, "--country", "BR") as process:
        code = await next_event(process)
        assert (code["event"], code["phone"]) == ("code", PHONE)
        sim.world.enter_code(desk.id, code["code"])
        done = await ended(process)
    assert done.code == 0
    assert done.events[-1] == {"event": "paired", "phone_number": PHONE, "how": "linked"}


async def test_a_clock_that_is_an_hour_off_makes_no_difference(start: Start) -> None:
    sim = start(Settings(clock_skew=3600, qr_image=False, connecting_for=0))
    sim.world.add_device("home", "Front desk")
    async with Wuts(sim.url).started(*PAIR) as process:
        assert expires_in(await next_event(process)) <= timedelta(seconds=60)


async def test_a_qr_that_is_only_a_picture_is_handed_over(start: Start) -> None:
    sim = start(Settings(connecting_for=0))
    sim.world.add_device("home", "Front desk")
    fault = Fault(kind=FaultKind.MISSING_FIELDS, endpoint="GET /qr", fields=("data.qr_code",))
    sim.world.faults.add(fault)
    async with Wuts(sim.url).started(*PAIR) as process:
        qr = await next_event(process)
    assert qr["payload"] is None
    assert qr["image"].startswith("data:image/png;base64,")


async def test_a_wrong_account_is_its_own_event(sim: Simulator, wuts: Wuts, desk: Device) -> None:
    async with wuts.started(*PAIR, "--expect", f"+{PHONE}") as process:
        sim.world.scan((await next_event(process))["payload"], OTHER_PHONE)
        done = await ended(process)
    assert done.code == 1
    assert done.events[-1] == {
        "event": "wrong_account",
        "phone_number": OTHER_PHONE,
        "expected": PHONE,
    }
    assert f"wuts logout {desk.id}" in done.error


async def test_a_phone_that_the_gateway_does_not_name_is_never_paired(
    sim: Simulator, wuts: Wuts, desk: Device
) -> None:
    nameless = ("data.phone_number", "data.jid")
    sim.world.faults.add(
        Fault(kind=FaultKind.MISSING_FIELDS, endpoint="GET /status", fields=nameless)
    )
    async with wuts.started(*PAIR, "--expect", f"+{PHONE}") as process:
        sim.world.scan((await next_event(process))["payload"], PHONE)
        done = await ended(process)
    assert done.code == 1
    assert done.events[-1] == {"event": "unchecked", "expected": PHONE, "how": "linked"}
    assert f"wuts logout {desk.id}" in done.error


@pytest.mark.parametrize(
    ("state", "how"), [("connected", "already_connected"), ("disconnected", "reconnected")]
)
async def test_a_device_with_a_phone_is_not_paired_again(
    state: str, how: str, sim: Simulator, wuts: Wuts
) -> None:
    sim.world.add_device("home", "Front desk", state=state, phone=PHONE)
    done = await wuts(*PAIR)
    assert (done.code, done.err) == (0, "")
    assert done.events == [{"event": "paired", "phone_number": PHONE, "how": how}]


async def test_a_trouble_is_told_with_the_time_of_the_next_try(
    sim: Simulator, wuts: Wuts, desk: Device
) -> None:
    sim.world.faults.add(
        Fault(kind=FaultKind.STATUS, endpoint="GET /qr", status=503, retry_after="25")
    )
    done = await wuts("pair", desk.id, "--json", "--timeout", "1")
    assert done.code == 3
    waiting, failed = done.events
    assert waiting.keys() == {"event", "reason", "code", "retry_in"}
    assert (waiting["event"], waiting["retry_in"]) == ("waiting", 25)
    assert failed.keys() == {"event", "reason", "message", "cause"}
    assert waiting["code"] == failed["cause"] == "gateway_busy"
    assert (failed["event"], failed["reason"]) == ("failed", "deadline_passed")
    assert failed["message"] == done.error


async def test_a_link_that_drops_at_once_is_a_failure(
    sim: Simulator, wuts: Wuts, desk: Device
) -> None:
    async with wuts.started("pair", desk.id, "--json", "--settle", "60") as process:
        sim.world.scan((await next_event(process))["payload"], PHONE)
        assert (await next_event(process))["event"] == "scanned"
        sim.world.unlink(desk.id)
        done = await ended(process)
    assert done.code == 1
    assert [event["reason"] for event in done.events] == ["link_dropped"]
    assert "start again" in done.error


async def test_a_device_that_is_removed_meanwhile_is_a_failure(
    sim: Simulator, wuts: Wuts, desk: Device
) -> None:
    async with wuts.started("pair", desk.id, "--json") as process:
        await next_event(process)
        sim.world.remove(desk.id)
        done = await ended(process)
    assert done.code == 1
    waiting, failed = done.events
    assert (waiting["event"], failed["event"]) == ("waiting", "failed")
    assert failed["reason"] == "device_gone"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
async def test_a_signal_ends_it_without_a_word(
    number: signal.Signals, code: int, wuts: Wuts, desk: Device
) -> None:
    async with wuts.started("pair", desk.id, "--json") as process:
        await next_event(process)
        process.send_signal(number)
        done = await ended(process)
    assert (done.code, done.out, done.err) == (code, "", "")
