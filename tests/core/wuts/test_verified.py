"""What takes something away is looked at afterwards: a success alone proves nothing."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from tests.core.wuts.conftest import MakeClient, StartSimulator
from tests.core.wuts.deaf_gateway import EVENTS, SECOND, DeafGateway
from tests.core.wuts.outcomes import error_of
from wuts import WutsClient, verified
from wuts.errors import (
    DeviceNotConnectedError,
    ErrorCode,
    NotVerifiedError,
    WrongDeviceError,
)
from wuts.webhooks import WebhookConfig
from wuts_simulator import Device as SimulatedDevice
from wuts_simulator import Fault, FaultKind, Session, Settings, Simulator

CONFIG = WebhookConfig(url="https://example.org/mine", events=tuple(EVENTS))
OTHER_CONFIG = WebhookConfig(url="https://example.org/other", events=tuple(EVENTS))
AT_ONCE = (0.0, 0.0, 0.0)

type Change = Callable[[WutsClient, str], Awaitable[object]]

CHANGES: dict[str, Change] = {
    "disconnect": lambda client, device: verified.disconnect(client, device, pauses=AT_ONCE),
    "logout": lambda client, device: verified.logout(client, device, pauses=AT_ONCE),
    "set_webhook": lambda client, device: verified.set_webhook(
        client, CONFIG, device, pauses=AT_ONCE
    ),
    "delete_webhook": lambda client, device: verified.delete_webhook(
        client, device, pauses=AT_ONCE
    ),
}
PATHS = {
    "disconnect": "/disconnect",
    "logout": "/logout",
    "set_webhook": "/webhook",
    "delete_webhook": "/webhook",
}

every_change = pytest.mark.parametrize("name", CHANGES)


@pytest.fixture
async def gateway() -> AsyncIterator[DeafGateway]:
    async with DeafGateway() as gateway:
        gateway.has_webhook(SECOND, "second")
        yield gateway


@pytest.fixture
def gateway_client(gateway: DeafGateway, make_client: MakeClient) -> WutsClient:
    return make_client(gateway.url)


async def refusal_of(call: Awaitable[object]) -> NotVerifiedError:
    error = await error_of(call)
    assert isinstance(error, NotVerifiedError)
    assert error.code is ErrorCode.NOT_VERIFIED
    return error


@every_change
async def test_what_was_done_is_seen(
    gateway: DeafGateway, gateway_client: WutsClient, name: str
) -> None:
    await CHANGES[name](gateway_client, SECOND)
    assert gateway.requests[-1].method == "GET"
    assert gateway.requests[-1].query == {"device_id": SECOND}


@pytest.mark.parametrize("name", ["disconnect", "logout"])
async def test_a_gateway_may_need_a_moment_until_it_shows(
    gateway: DeafGateway, gateway_client: WutsClient, name: str
) -> None:
    gateway.lazy = 2
    await CHANGES[name](gateway_client, SECOND)
    assert len(gateway.requests) == 4


@pytest.mark.parametrize("name", ["disconnect", "logout"])
async def test_an_answer_that_names_another_device_ends_it_before_anything_else_is_sent(
    gateway: DeafGateway, gateway_client: WutsClient, name: str
) -> None:
    gateway.deaf_at = (PATHS[name],)
    error = await error_of(CHANGES[name](gateway_client, SECOND))
    assert isinstance(error, WrongDeviceError)
    assert len(gateway.requests) == 1


@pytest.mark.parametrize("names", ["asked", "none"])
@pytest.mark.parametrize(
    ("name", "found", "said"),
    [("disconnect", "connected", "still connected"), ("logout", "linked", "still linked")],
)
async def test_a_success_that_changed_another_device_is_none(  # noqa: PLR0913, PLR0917 - a table
    gateway: DeafGateway,
    gateway_client: WutsClient,
    names: str,
    name: str,
    found: str,
    said: str,
) -> None:
    gateway.deaf_at, gateway.names = (PATHS[name],), names
    error = await refusal_of(CHANGES[name](gateway_client, SECOND))
    assert (error.action, error.found) == (name, found)
    assert said in error.message
    assert verified.ELSEWHERE in error.message


@pytest.mark.parametrize(("webhook", "found"), [(None, "no_webhook"), ("another", "other_webhook")])
async def test_a_webhook_that_was_not_stored_is_told(
    gateway: DeafGateway,
    gateway_client: WutsClient,
    monkeypatch: pytest.MonkeyPatch,
    webhook: str | None,
    found: str,
) -> None:
    gateway.webhooks.clear()
    if webhook:
        gateway.has_webhook(SECOND, webhook)
    monkeypatch.setattr(gateway_client, "set_webhook", nothing)
    error = await refusal_of(CHANGES["set_webhook"](gateway_client, SECOND))
    assert (error.action, error.found) == ("set_webhook", found)


async def test_a_webhook_that_was_not_deleted_is_told(
    gateway_client: WutsClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway_client, "delete_webhook", nothing)
    error = await refusal_of(CHANGES["delete_webhook"](gateway_client, SECOND))
    assert (error.action, error.found) == ("delete_webhook", "webhook")


async def nothing(*_: object) -> None:
    """Do nothing, as a gateway does that only says that it did."""


@every_change
@pytest.mark.parametrize("status", [401, 403, 500, 503])
async def test_a_device_that_nobody_can_look_at_is_not_verified(
    gateway: DeafGateway, gateway_client: WutsClient, name: str, status: int
) -> None:
    gateway.broken = status
    error = await refusal_of(CHANGES[name](gateway_client, SECOND))
    assert error.found is None
    assert "the device could not be checked" in error.message


async def test_a_webhook_that_the_gateway_does_not_find_is_deleted(
    gateway: DeafGateway, gateway_client: WutsClient
) -> None:
    gateway.broken = 404
    await CHANGES["delete_webhook"](gateway_client, SECOND)


async def test_a_call_that_fails_is_not_looked_at(sim: Simulator, client: WutsClient) -> None:
    device = sim.world.add_device(state="disconnected")
    error = await error_of(CHANGES["disconnect"](client, device.id))
    assert isinstance(error, DeviceNotConnectedError)
    assert sim.world.requests.by_endpoint["GET /status"] == 0


async def test_the_usual_gateway_is_verified_without_a_wait(
    sim: Simulator, client: WutsClient
) -> None:
    one, other = (sim.world.add_device(state="connected") for _ in range(2))
    await verified.disconnect(client, one.id)
    await verified.logout(client, other.id)
    await verified.set_webhook(client, CONFIG, one.id)
    assert sim.world.requests.by_endpoint["GET /status"] == 2
    assert sim.world.requests.by_endpoint["GET /webhook"] == 1


async def test_a_deleted_device_is_seen_to_be_down_and_no_other_is(
    sim: Simulator, client: WutsClient
) -> None:
    first, second = two_devices(sim)
    await verified.delete_device(client, second.id)
    assert sim.world.device(first.id).session is Session.CONNECTED
    assert sim.world.device(second.id).session is not Session.CONNECTED
    assert sim.world.requests.by_endpoint["GET /status"] == 1


async def test_a_deleted_device_that_is_connected_still_is_told(
    sim: Simulator, client: WutsClient
) -> None:
    device = sim.world.add_device(state="connected")
    deaf = Fault(
        kind=FaultKind.BODY,
        endpoint="DELETE /devices/{id}",
        status=200,
        body={"success": True, "message": "Device disconnected"},
    )
    sim.world.faults.add(deaf)
    error = await refusal_of(verified.delete_device(client, device.id, pauses=AT_ONCE))
    assert (error.action, error.found) == ("delete_device", "connected")


async def test_a_deleted_device_that_the_gateway_forgot_is_deleted(
    sim: Simulator, client: WutsClient
) -> None:
    device = sim.world.add_device(state="connected")
    gone = Fault(kind=FaultKind.STATUS, endpoint="GET /status", status=404)
    sim.world.faults.add(gone)
    await verified.delete_device(client, device.id, pauses=AT_ONCE)


DEAF: dict[str, Settings] = {
    "disconnect": Settings(disconnect_heeds_device_id=False),
    "logout": Settings(logout_heeds_device_id=False),
    "set_webhook": Settings(webhook_heeds_device_id=False),
    "delete_webhook": Settings(webhook_heeds_device_id=False),
}


def two_devices(sim: Simulator) -> tuple[SimulatedDevice, SimulatedDevice]:
    first, second = sim.world.add_devices("home", 2, state="connected")
    return first, second


@every_change
async def test_a_simulator_that_heeds_the_device_changes_it_alone(
    sim: Simulator, client: WutsClient, name: str
) -> None:
    first, second = two_devices(sim)
    for device in (first, second):
        await client.set_webhook(OTHER_CONFIG, device.id)
    untouched = await client.get_webhook(first.id)
    await CHANGES[name](client, second.id)
    assert sim.world.device(first.id).session is Session.CONNECTED
    assert await client.get_webhook(first.id) == untouched
    assert (sim.world.device(second.id).jid is None) is (name == "logout")


@pytest.mark.parametrize("is_named", [True, False])
@pytest.mark.parametrize("name", ["disconnect", "logout"])
async def test_a_simulator_that_changes_another_device_is_found_out(
    start_simulator: StartSimulator, make_client: MakeClient, name: str, *, is_named: bool
) -> None:
    sim = await start_simulator(DEAF[name])
    client = make_client(sim.url)
    first, second = two_devices(sim)
    if not is_named:
        sim.world.faults.add(
            Fault(
                kind=FaultKind.MISSING_FIELDS,
                endpoint=f"POST {PATHS[name]}",
                fields=("data.device_id",),
            )
        )
    error = await error_of(CHANGES[name](client, second.id))
    assert isinstance(error, WrongDeviceError if is_named else NotVerifiedError)
    assert sim.world.device(first.id).session is not Session.CONNECTED
    assert sim.world.device(second.id).session is Session.CONNECTED


@pytest.mark.parametrize("heeds", [True, False])
@pytest.mark.parametrize("name", ["set_webhook", "delete_webhook"])
async def test_whether_the_simulator_heeds_the_device_at_webhooks_is_known_before_a_change(
    start_simulator: StartSimulator, make_client: MakeClient, name: str, *, heeds: bool
) -> None:
    """A look alone cannot tell: it shows the one webhook that there is for all devices."""
    sim = await start_simulator(Settings() if heeds else DEAF[name])
    client = make_client(sim.url)
    first, second = two_devices(sim)
    await client.set_webhook(OTHER_CONFIG, second.id)
    before = sim.world.requests.by_endpoint.copy()
    told = await verified.heeds_device_id(client, [first.id, second.id])
    assert told is heeds
    assert set(sim.world.requests.by_endpoint - before) == {"GET /webhook"}
    await CHANGES[name](client, second.id)
    assert verified.needs_confirmation(2, heeds=told) is not heeds
