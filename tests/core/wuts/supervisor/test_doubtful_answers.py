"""One doubtful answer decides nothing: a real supervisor, over HTTP, with each at each call."""

import pytest

from tests.core.wuts.odd_answers import ODD_ANSWERS, answer_of, odd_answer
from tests.core.wuts.supervisor.home import ACCOUNT, Home, until
from tests.core.wuts.supervisor.test_promise_07_mass_disconnects import fail_first
from tests.core.wuts.supervisor.virtual import HOUR, MINUTE, World
from wuts.errors import DeviceNotFoundError, InvalidTokenError, WrongDeviceError
from wuts.supervisor import AccountState, Alert, AlertKind, AlertStatus, DeviceState
from wuts.supervisor.account.work_queue import CallKind
from wuts_simulator import EndpointName, Fault, FaultKind, Session

MAY_HAVE_BEEN_TOLD = {AlertKind.GATEWAY_DOWN, AlertKind.OFFLINE, AlertKind.FLAPPING}
"""What may be true while answers are odd: everything else would be a conclusion from them."""

every_odd_answer = pytest.mark.parametrize("odd", ODD_ANSWERS)
every_call = pytest.mark.parametrize("endpoint", ["GET /devices", "GET /status", "POST /connect"])


async def check_that_all_is_well(home: Home, *device_ids: str) -> None:
    for device_id in device_ids:
        await home.until_state(device_id, DeviceState.CONNECTED)
    account = home.supervisor
    await home.listener.until(lambda: account.account_state(ACCOUNT) is AccountState.HEALTHY)
    assert {alert.kind for alert in home.told()} <= MAY_HAVE_BEEN_TOLD


@every_odd_answer
@every_call
async def test_odd_answers_settle_nothing_and_the_device_is_healed(
    home: Home, odd: str, endpoint: str
) -> None:
    device_ids = home.add_devices(2)
    async with home.supervised(sees=2):
        fault = odd_answer(odd, endpoint=endpoint, times=6)
        home.world.faults.add(fault)
        home.world.drop(device_ids[0])
        if endpoint == "GET /devices":
            await until(lambda: home.world.device(device_ids[0]).session is Session.CONNECTED)
        await check_that_all_is_well(home, *device_ids)


async def test_one_401_about_a_device_is_overruled_by_the_listing(home: Home) -> None:
    device_ids = home.add_devices(2)
    async with home.supervised(sees=2):
        fault = Fault(kind=FaultKind.STATUS, status=401, endpoint="GET /status", times=1)
        home.world.faults.add(fault)
        home.world.drop(device_ids[0])
        await until(lambda: home.world.device(device_ids[0]).session is Session.CONNECTED)
        await check_that_all_is_well(home, *device_ids)
        assert home.requests(EndpointName.STATUS) >= 1


@pytest.mark.parametrize(
    "devices", [{"items": []}, {}, "[]", 7], ids=["an object", "an empty object", "a text", "7"]
)
async def test_devices_that_are_no_list_make_nobody_vanish(home: Home, devices: object) -> None:
    device_ids = home.add_devices(4)
    async with home.supervised(sees=4):
        body = {"success": True, "devices": devices}
        home.world.faults.add(answer_of(body, endpoint="GET /devices", times=10))
        listed = home.requests(EndpointName.LIST_DEVICES)
        await until(lambda: home.requests(EndpointName.LIST_DEVICES) > listed + 12)
        await check_that_all_is_well(home, *device_ids)


@pytest.mark.parametrize("devices", [None, []], ids=["null", "empty"])
async def test_a_listing_or_two_without_devices_make_nobody_vanish(
    home: Home, devices: object
) -> None:
    device_ids = home.add_devices(4)
    async with home.supervised(sees=4):
        fault = answer_of({"success": True, "devices": devices}, endpoint="GET /devices", times=2)
        home.world.faults.add(fault)
        listed = home.requests(EndpointName.LIST_DEVICES)
        await until(lambda: home.requests(EndpointName.LIST_DEVICES) > listed + 4)
        await check_that_all_is_well(home, *device_ids)
        assert all(home.state(one) is DeviceState.CONNECTED for one in device_ids)
    assert home.told() == []


async def test_a_listing_with_duplicated_rows_is_as_good_as_another(home: Home) -> None:
    home.world.faults.add(Fault(kind=FaultKind.DUPLICATED, endpoint="GET /devices"))
    device_ids = home.add_devices(3)
    async with home.supervised(sees=3):
        home.world.drop(device_ids[1])
        await home.until_told(device_ids[1], DeviceState.RECONNECTING)
        await check_that_all_is_well(home, *device_ids)


@pytest.mark.parametrize("status", [200, 403, 404, 500])
@pytest.mark.parametrize("endpoint", ["GET /status", "POST /connect"])
async def test_what_is_said_of_another_device_is_one_alert_of_the_account(
    home: Home, endpoint: str, status: int
) -> None:
    """The answer has the other device's id beside its data, as an error would."""
    device_ids = home.add_devices(2)
    data = {"connected": False, "is_logged_in": False, "needs_qr": True, "status": "logged_out"}
    body = {"success": status == 200, "error": "", "data": data, "device_id": device_ids[1]}
    if status != 200:
        body["error"] = "device not found"
    async with home.supervised(sees=2):
        fault = answer_of(body, status, endpoint=endpoint, device_id=device_ids[0], times=4)
        home.world.faults.add(fault)
        home.world.drop(device_ids[0])
        await until(lambda: home.world.device(device_ids[0]).session is Session.CONNECTED)
        for device_id in device_ids:
            await home.until_state(device_id, DeviceState.CONNECTED)
        await home.listener.until(
            lambda: (
                AlertStatus.RESOLVED
                in {alert.status for alert in home.told() if alert.kind is AlertKind.WRONG_DEVICE}
            )
        )
    kinds = {alert.kind for alert in home.told()}
    assert kinds <= MAY_HAVE_BEEN_TOLD | {AlertKind.WRONG_DEVICE}
    raised = [one for one in home.told() if one.kind is AlertKind.WRONG_DEVICE]
    assert len({alert.id for alert in raised}) == 1


def test_no_device_is_gone_while_a_row_is_nobody_s_whatever_its_status_says() -> None:
    world = World()
    world.gateway.add("d0", "d1", "d2")
    world.start().run(MINUTE)
    world.gateway.unreadable = ("row 3",)
    world.gateway.left_out = {"d0"}
    world.gateway.fault = lambda call: (
        DeviceNotFoundError() if call.kind is CallKind.STATUS else None
    )
    world.run(HOUR)
    assert world.path("d0") == [DeviceState.CONNECTED]
    assert world.told() == []


@pytest.mark.parametrize("latency", [0.5, 5.0])
def test_wakes_of_many_devices_of_a_slow_gateway_are_answered_by_few_listings(
    latency: float,
) -> None:
    """So many wait that a listing is cheaper, and would be asked for with each wake."""
    world = World(latency=latency)
    world.gateway.add(*(f"d{number}" for number in range(5_000)))
    world.start().run(MINUTE)
    listed = len(world.calls_of(CallKind.LIST))
    for number in range(480):
        world.wake(f"d{number * 10}")
        world.run(8 / 480)
    assert len(world.calls_of(CallKind.LIST)) - listed <= 3


@pytest.mark.parametrize("tries", [1, 2])
def test_a_fleet_whose_devices_answer_401_once_or_twice_is_not_listed_for_each(tries: int) -> None:
    world = World()
    world.gateway.add(*(f"d{number}" for number in range(200)))
    world.start().run(MINUTE)
    fail_first(world, tries, InvalidTokenError)
    world.gateway.drop()
    world.run_until(lambda: world.connects() != [])
    listed = len(world.calls_of(CallKind.LIST))
    took = world.run_until(lambda: all(phone.connected for phone in world.gateway.phones.values()))
    calls = (tries + 1) * 200 * world.latency / world.settings.account_concurrency
    waits = sum(world.settings.base * 2**attempt for attempt in range(1, tries + 1))
    assert took <= 1.5 * (calls + waits) + world.settings.interval / 6
    assert len(world.calls_of(CallKind.LIST)) - listed <= 2 + 2 * took / world.settings.interval
    assert world.told(AlertKind.TOKEN_REFUSED) == []


def test_a_token_that_is_refused_once_a_listing_vouched_for_it_is_found_by_the_next() -> None:
    world = World()
    world.gateway.add("d0", "d1")
    world.start().run(MINUTE)
    world.gateway.fault = lambda call: InvalidTokenError() if call.kind is CallKind.STATUS else None
    world.wake("d0")
    world.run(2)
    world.gateway.is_token_good = False
    world.run(1.1 * world.settings.interval)
    assert world.told() == [(AlertKind.TOKEN_REFUSED, AlertStatus.RAISED)]


@pytest.mark.parametrize("is_gone", [True, False])
async def test_one_disconnect_that_named_another_device_stops_disconnects_for_a_moment_only(
    home: Home, *, is_gone: bool
) -> None:
    """The device is paused by then: nothing else would ask about it again."""
    device_ids = home.add_devices(3)
    async with home.supervised(sees=3) as supervisor:
        wrong = Fault(kind=FaultKind.WRONG_DEVICE, endpoint="POST /disconnect", times=1)
        home.world.faults.add(wrong)
        with pytest.raises(WrongDeviceError):
            await supervisor.disconnect(ACCOUNT, device_ids[0])
        with pytest.raises(WrongDeviceError):
            await supervisor.disconnect(ACCOUNT, device_ids[1])
        assert home.requests(EndpointName.DISCONNECT) == 1
        if is_gone:
            home.world.remove(device_ids[0])
        await home.listener.until(lambda: home.told()[-1:] != [] and is_resolved(home.told()[-1]))
        await supervisor.disconnect(ACCOUNT, device_ids[1])
    assert {alert.kind for alert in home.told()} == {AlertKind.WRONG_DEVICE}
    assert home.world.device(device_ids[1]).session is Session.DISCONNECTED


def is_resolved(alert: Alert) -> bool:
    return alert.status is AlertStatus.RESOLVED


async def test_one_status_that_named_another_device_is_over_with_the_next(home: Home) -> None:
    device_ids = home.add_devices(2)
    async with home.supervised(sees=2) as supervisor:
        wrong = Fault(kind=FaultKind.WRONG_DEVICE, endpoint="GET /status", times=1)
        home.world.faults.add(wrong)
        supervisor.wake(ACCOUNT, device_ids[0])
        await home.listener.until(lambda: home.told()[-1:] != [] and is_resolved(home.told()[-1]))
        assert [home.state(one) for one in device_ids] == [DeviceState.CONNECTED] * 2
    assert [alert.status for alert in home.told()] == [AlertStatus.RAISED, AlertStatus.RESOLVED]
