from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.wuts_simulator.gateway import PHONE
from wuts_simulator import (
    Clock,
    ConflictError,
    InvalidError,
    ManualClock,
    Settings,
    UnknownError,
    World,
)


@pytest.fixture
def world() -> World:
    world = World(Settings(seed=1), ManualClock())
    world.add_tenant("home", "token")
    return world


type Verb = Callable[[World, str], object]

IMPOSSIBLE: list[tuple[str, Verb]] = [
    ("never_paired", lambda world, device_id: world.unlink(device_id)),
    ("never_paired", lambda world, device_id: world.restore(device_id)),
    ("never_paired", lambda world, device_id: world.scan_device(device_id, PHONE)),
    ("logged_out", lambda world, device_id: world.unlink(device_id)),
    ("disconnected", lambda world, device_id: world.drop(device_id)),
]
INVALID: list[Verb] = [
    lambda world, _: world.add_device("home", state="flying"),
    lambda world, _: world.add_device("home", phone="12"),
    lambda world, _: world.add_tenant(""),
    lambda world, _: world.add_tenant("office", "token"),
    lambda world, _: world.add_tenant("office", ""),
    lambda world, _: world.scan("2@", "12"),
    lambda world, _: world.restart(drop_share=1.1),
    lambda world, _: world.break_for(-1),
    lambda world, _: world.advance(-1),
]
UNKNOWN: list[Verb] = [
    lambda world, _: world.device("none"),
    lambda world, _: world.drop("none"),
    lambda world, _: world.add_device("office"),
    lambda world, _: world.add_device("home/eve"),
    lambda world, _: world.revoke_token("none"),
]


@pytest.mark.parametrize(("state", "verb"), IMPOSSIBLE)
def test_what_the_state_does_not_allow_is_refused(world: World, state: str, verb: Verb) -> None:
    device = world.add_device("home", state=state)
    with pytest.raises(ConflictError):
        verb(world, device.id)


@pytest.mark.parametrize("verb", INVALID)
def test_what_makes_no_sense_is_refused(world: World, verb: Verb) -> None:
    with pytest.raises(InvalidError):
        verb(world, world.add_device("home").id)


@pytest.mark.parametrize("verb", UNKNOWN)
def test_what_is_not_there_is_refused(world: World, verb: Verb) -> None:
    with pytest.raises(UnknownError):
        verb(world, world.add_device("home").id)


def test_a_refused_tenant_leaves_nothing_behind(world: World) -> None:
    with pytest.raises(InvalidError):
        world.add_tenant("office", "token")
    assert list(world.registry.tenants) == ["home"]


@pytest.mark.parametrize(
    ("state", "connected", "linked", "seen"),
    [
        ("never_paired", False, False, False),
        ("connected", True, True, True),
        ("disconnected", False, True, True),
        ("logged_out", False, False, True),
    ],
)
def test_a_device_can_be_made_in_any_state(
    world: World, state: str, *, connected: bool, linked: bool, seen: bool
) -> None:
    device = world.add_device("home", state=state)
    assert device.is_connected is connected
    assert (device.jid is not None) is linked
    assert (device.last_seen is not None) is seen


def test_many_devices_have_numbers_and_phones_of_their_own(world: World) -> None:
    devices = world.add_devices("home", 100, "Fleet", state="connected")
    assert [device.name for device in devices[:2]] == ["Fleet 1", "Fleet 2"]
    assert len({device.phone for device in devices}) == 100


def test_a_phone_stays_on_whatsapp_while_any_device_is_linked_to_it(world: World) -> None:
    one = world.add_device("home", state="connected", phone=PHONE)
    other = world.add_device("home", state="connected", phone=PHONE)
    world.unlink(one.id)
    assert world.is_on_whatsapp(PHONE)
    world.remove(other.id)
    assert not world.is_on_whatsapp(PHONE)


def test_a_session_restored_while_it_is_up_stays_as_it_is(world: World) -> None:
    device = world.add_device("home", state="connected")
    before = device.updated_at
    world.advance(5)
    world.restore(device.id)
    assert device.updated_at == before


def test_a_session_dropped_while_it_comes_up_stays_down(world: World) -> None:
    device = world.add_device("home")
    world.sessions.qr(device, reuse=False)
    world.scan_device(device.id, PHONE)
    world.drop(device.id)
    world.advance(10)
    assert not device.is_connected
    assert device.phone == PHONE


def test_a_broken_gateway_mends_by_itself_or_at_once(world: World) -> None:
    world.break_for(5)
    world.advance(4)
    assert world.is_down
    world.advance(1)
    assert not world.is_down
    world.break_for(60)
    world.break_for(0)
    assert not world.is_down


def test_a_seed_makes_everything_predictable() -> None:
    def drawn(seed: int | None) -> str:
        world = World(Settings(seed=seed), ManualClock())
        world.add_tenant("home", "token")
        device = world.add_device("home")
        return device.id + world.sessions.qr(device, reuse=False)[0].payload

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
    assert drawn(None) != drawn(None)


def test_the_machines_clock_can_be_put_ahead() -> None:
    clock = Clock()
    before = clock.monotonic()
    clock.advance(3600)
    assert clock.monotonic() - before >= 3600
    assert clock.now() > datetime.now(UTC) + timedelta(seconds=3500)


def test_secrets_are_not_in_what_is_printed(world: World) -> None:
    device = world.add_device("home", state="connected", phone=PHONE)
    slot = world.add_device("home")
    qr, _ = world.sessions.qr(slot, reuse=False)
    code, _ = world.sessions.pair_code(slot, PHONE, reuse=False)
    printed = repr((device, slot, qr, code, world, world.sessions, world.registry, device.user))
    printed += repr(Settings(tokens=(("home", "token"),)))
    for secret in (PHONE, qr.payload, code.code, "'token'"):
        assert secret not in printed
