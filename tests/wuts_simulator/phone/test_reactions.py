"""What a phone may do besides linking, and what the gateway shows of it."""

import pytest

from tests.wuts_simulator.gateway import PHONE, Api, Json
from wuts_simulator import (
    ConflictError,
    Device,
    EventName,
    ExpiredError,
    InvalidError,
    ManualClock,
    Settings,
    Simulator,
    Then,
    World,
)


@pytest.fixture
def world() -> World:
    world = World(Settings(seed=1, qr_life=60, drops_after=5), ManualClock())
    world.add_tenant("home", "token")
    return world


@pytest.fixture
def device(world: World) -> Device:
    """A device that shows a QR and a code."""
    device = world.add_device()
    world.sessions.qr(device, reuse=False)
    world.sessions.pair_code(device, PHONE, reuse=False)
    return device


@pytest.fixture
def events(world: World) -> list[EventName]:
    told: list[EventName] = []
    world.sessions.hooks.on_event = lambda _device, event, _data=None: told.append(event)
    return told


def use(world: World, device: Device, then: Then, *, by_code: bool) -> None:
    if by_code:
        assert device.code is not None
        world.enter_code(device.id, device.code.code, then=then)
    else:
        world.scan_device(device.id, PHONE, then)


@pytest.mark.parametrize("by_code", [False, True], ids=["QR", "code"])
@pytest.mark.parametrize("then", [Then.PASSKEY, Then.REFUSED])
def test_what_links_nothing_uses_the_qr_and_the_code(
    world: World, device: Device, then: Then, by_code: bool
) -> None:
    use(world, device, then, by_code=by_code)
    assert (device.qr, device.code, device.jid) == (None, None, None)


@pytest.mark.parametrize("by_code", [False, True], ids=["QR", "code"])
def test_a_passkey_that_is_created_links_the_phone(
    world: World, device: Device, events: list[EventName], by_code: bool
) -> None:
    use(world, device, Then.PASSKEY, by_code=by_code)
    world.advance(100)
    assert events == []
    world.create_passkey(device.id)
    world.advance(1)
    assert device.is_connected
    assert device.phone == PHONE
    assert events == [EventName.PAIR_SUCCESS, EventName.CONNECTED]


def test_a_passkey_that_is_given_up_links_nothing(
    world: World, device: Device, events: list[EventName]
) -> None:
    world.scan_device(device.id, PHONE, Then.PASSKEY)
    world.give_up(device.id)
    assert (device.jid, events) == (None, [])
    with pytest.raises(ConflictError):
        world.create_passkey(device.id)
    with pytest.raises(ConflictError):
        world.give_up(device.id)


def test_a_new_qr_ends_what_waits_for_a_passkey(world: World, device: Device) -> None:
    world.scan_device(device.id, PHONE, Then.PASSKEY)
    world.sessions.qr(device, reuse=True)
    with pytest.raises(ConflictError):
        world.create_passkey(device.id)


def test_a_refusal_is_told(world: World, device: Device, events: list[EventName]) -> None:
    world.scan_device(device.id, PHONE, Then.REFUSED)
    assert events == [EventName.PAIR_ERROR]


def test_a_phone_that_goes_offline_is_linked_when_it_is_back(world: World, device: Device) -> None:
    world.scan_device(device.id, PHONE, Then.OFFLINE)
    world.advance(100)
    assert (device.phone, device.is_connected) == (PHONE, False)
    assert not world.sessions.finish_connect(device)
    world.come_online(device.id)
    assert device.is_connected
    with pytest.raises(ConflictError):
        world.come_online(device.id)


def test_a_link_that_drops_is_up_for_a_while(
    world: World, device: Device, events: list[EventName]
) -> None:
    world.scan_device(device.id, PHONE, Then.DROPS)
    world.advance(1)
    assert device.is_connected
    world.advance(5)
    assert (device.is_connected, device.jid) == (False, None)
    assert events[-1] is EventName.LOGGED_OUT


def test_a_drop_comes_once(world: World, device: Device) -> None:
    world.scan_device(device.id, PHONE, Then.DROPS)
    world.advance(1)
    world.unlink(device.id)
    world.sessions.qr(device, reuse=False)
    world.scan_device(device.id, PHONE)
    world.advance(100)
    assert device.is_connected


def test_an_expired_qr_is_known_to_the_phone_alone(
    world: World, device: Device, events: list[EventName]
) -> None:
    with pytest.raises(ConflictError):
        world.scan_expired(device.id, PHONE)
    world.sessions.qr(device, reuse=False)
    events.clear()
    with pytest.raises(ExpiredError):
        world.scan_expired(device.id, PHONE)
    world.advance(61)
    with pytest.raises(ExpiredError):
        world.scan_expired(device.id, PHONE)
    assert (events, device.jid) == ([], None)


def test_what_is_unknown_is_refused(world: World, device: Device) -> None:
    with pytest.raises(InvalidError):
        world.scan_device(device.id, PHONE, "explodes")


async def test_what_the_gateway_shows_of_a_passkey(api: Api, sim: Simulator) -> None:
    device = sim.world.add_device()
    await api.get("/qr")
    assert (await api.get("/qr/status", device_id=device.id)).data["exists"] is True
    sim.world.scan_device(device.id, PHONE, Then.PASSKEY)
    assert (await api.get("/qr/status", device_id=device.id)).data["exists"] is False
    assert (await api.get("/status")).data["status"] == "disconnected"
    code = (await api.post("/paircode", json={"phone": PHONE})).data["code"]
    sim.world.enter_code(device.id, code, then=Then.PASSKEY)
    status = (await api.get("/status")).data
    assert (status["status"], status["is_logged_in"]) == ("connecting", False)
    assert (await api.get("/qr")).status == 200
    assert (await api.get("/status")).data["status"] == "disconnected"


async def test_an_offline_phone_cannot_be_reconnected(api: Api, sim: Simulator) -> None:
    device = sim.world.add_device()
    await api.get("/qr")
    sim.world.scan_device(device.id, PHONE, Then.OFFLINE)
    status = (await api.get("/status")).data
    assert (status["status"], status["is_logged_in"]) == ("connecting", True)
    assert (await api.post("/connect")).status == 503


@pytest.mark.parametrize("base", ["/_sim", "/phone/api"])
async def test_the_control_api_and_the_page_steer_the_phone(
    nobody: Api, sim: Simulator, base: str
) -> None:
    device = sim.world.add_device()

    async def press(action: str, **body: Json) -> int:
        path = f"{base}/devices/{device.id}/{action}"
        return (await nobody.post(path, headers={"X-WUTS-Phone": "1"}, json=body)).status

    sim.world.sessions.qr(device, reuse=False)
    assert await press("scan-expired", phone=PHONE) == 409
    assert await press("scan", phone=PHONE, then="explodes") == 400
    assert await press("scan", phone=PHONE, then="passkey") == 200
    assert await press("come-online") == 409
    assert await press("give-up") == 200
    assert await press("create-passkey") == 409

    code, _ = sim.world.sessions.pair_code(device, PHONE, reuse=False)
    assert await press("enter-code", code=code.code, then="offline") == 200
    assert device.phone_is_offline
    assert await press("come-online") == 200
    assert device.is_connected


async def test_the_page_is_told_what_the_phone_does(nobody: Api, sim: Simulator) -> None:
    device = sim.world.add_device()
    seen = []
    for then in (Then.PASSKEY, Then.OFFLINE):
        sim.world.sessions.qr(device, reuse=False)
        sim.world.scan_device(device.id, PHONE, then)
        (shown,) = (await nobody.get("/phone/api/devices")).body["devices"]
        seen.append((shown["asks_passkey"], shown["phone_is_offline"], shown["has_expired_qr"]))
    assert seen == [(True, False, False), (False, True, False)]
