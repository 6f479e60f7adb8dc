"""What people and frontends ask of a supervisor, over real HTTP."""

import asyncio
import logging
from collections.abc import Sequence

import pytest

from tests.core.wuts.supervisor.home import ACCOUNT, PATIENT, QUICK, Home, until
from tests.core.wuts.values import TOKEN
from wuts import WutsClient
from wuts.errors import GatewayError, InvalidInputError, WrongDeviceError
from wuts.models import Acknowledgement, Device, DeviceList
from wuts.supervisor import (
    AccountChanged,
    AccountState,
    AlertKind,
    AlertStatus,
    DeviceState,
    Reason,
    StateChanged,
    Supervisor,
)
from wuts_simulator import EndpointName, FaultKind

CONNECT, STATUS, LIST = EndpointName.CONNECT, EndpointName.STATUS, EndpointName.LIST_DEVICES


async def test_a_dropped_device_is_reconnected(home: Home) -> None:
    [device_id] = home.add_devices(1)
    async with home.supervised(sees=1):
        home.world.drop(device_id)
        await home.until_told(device_id, DeviceState.RECONNECTING)
        await home.until_state(device_id, DeviceState.CONNECTED)
        assert home.world.device(device_id).is_connected


async def test_an_unlinked_device_is_alerted_until_it_is_paired(home: Home) -> None:
    [device_id] = home.add_devices(1)
    async with home.supervised(sees=1) as supervisor:
        home.world.unlink(device_id)
        await home.listener.until(lambda: len(home.told()) == 1)
        assert [alert.kind for alert in supervisor.open_alerts()] == [AlertKind.NEEDS_PAIRING]
        home.world.sessions.begin_pairing(home.world.device(device_id), "5511988887777")
        await home.listener.until(lambda: len(home.told()) == 2)
        assert supervisor.open_alerts() == ()
    assert [alert.status for alert in home.told()] == [AlertStatus.RAISED, AlertStatus.RESOLVED]


async def test_a_removed_device_is_gone(home: Home) -> None:
    [device_id] = home.add_devices(1)
    async with home.supervised(sees=1) as supervisor:
        home.world.remove(device_id)
        await home.listener.until(lambda: len(home.told()) == 1)
        assert home.told()[0].kind is AlertKind.DEVICE_GONE
        assert supervisor.devices(ACCOUNT) == {}
        supervisor.forget(ACCOUNT, device_id)
        assert supervisor.open_alerts() == ()


@pytest.mark.parametrize(
    "kind", [FaultKind.HTML, FaultKind.TRUNCATED, FaultKind.WRONG_TYPES, FaultKind.RESET]
)
async def test_malformed_answers_bring_nothing_down(home: Home, kind: FaultKind) -> None:
    [device_id] = home.add_devices(1)
    async with home.supervised(sees=1):
        for endpoint in (CONNECT, STATUS, LIST):
            home.fault(endpoint, kind, times=2)
        home.world.drop(device_id)
        await home.until_told(device_id, DeviceState.RECONNECTING)
        await home.until_state(device_id, DeviceState.CONNECTED)


async def test_a_person_s_disconnect_is_respected_until_they_resume(home: Home) -> None:
    [device_id] = home.add_devices(1)
    async with home.supervised(sees=1) as supervisor:
        await supervisor.disconnect(ACCOUNT, device_id)
        assert not home.world.device(device_id).is_connected
        listings = home.requests(LIST)
        await until(lambda: home.requests(LIST) >= listings + 3)
        assert home.state(device_id) is DeviceState.PAUSED
        assert home.requests(CONNECT) == 0
        await supervisor.resume(ACCOUNT, device_id)
        await home.until_state(device_id, DeviceState.CONNECTED)
        assert home.world.device(device_id).is_connected


async def test_a_disconnect_comes_after_the_connect_that_was_under_way(home: Home) -> None:
    [device_id] = home.add_devices(1)
    async with home.supervised(sees=1) as supervisor:
        home.fault(CONNECT, FaultKind.LATENCY, seconds=0.3)
        home.world.drop(device_id)
        await until(lambda: home.requests(CONNECT) == 1)
        await supervisor.disconnect(ACCOUNT, device_id)
        assert not home.world.device(device_id).is_connected
        assert home.state(device_id) is DeviceState.PAUSED


async def test_disconnecting_what_is_not_connected_is_no_error(home: Home) -> None:
    [device_id] = home.add_devices(1, "disconnected")
    async with home.supervised(PATIENT, sees=0) as supervisor:
        await supervisor.disconnect(ACCOUNT, device_id)
        assert home.state(device_id) is DeviceState.PAUSED


async def test_a_disconnect_that_fails_leaves_the_device_alone_all_the_same(home: Home) -> None:
    [device_id] = home.add_devices(1)
    async with home.supervised(sees=1) as supervisor:
        home.fault(EndpointName.DISCONNECT, FaultKind.STATUS, status=500)
        with pytest.raises(GatewayError):
            await supervisor.disconnect(ACCOUNT, device_id)
        assert home.state(device_id) is DeviceState.PAUSED


class Mixed(WutsClient):
    """A client of a gateway that disconnects another device than the one that is meant."""

    asked = 0

    async def disconnect(self, device_id: str | None = None) -> Acknowledgement:
        self.asked += 1
        raise WrongDeviceError(asked=device_id or "", answered="another")


async def test_after_an_answer_about_another_device_nothing_is_disconnected(home: Home) -> None:
    first, second = home.add_devices(2)
    client = Mixed(TOKEN, base_url=home.sim.url)
    home.clients.append(client)
    async with home.supervised(client=client, sees=2) as supervisor:
        for device_id in (first, second):
            with pytest.raises(WrongDeviceError):
                await supervisor.disconnect(ACCOUNT, device_id)
        assert client.asked == 1
        await home.listener.until(lambda: home.told() != [])
        assert [alert.kind for alert in home.told()] == [AlertKind.WRONG_DEVICE]
        supervisor.forget(ACCOUNT, first)
        await home.listener.until(lambda: len(home.told()) == 2)
        assert supervisor.open_alerts() == ()


async def test_a_disconnect_of_a_account_that_is_removed_meanwhile_says_so(home: Home) -> None:
    [device_id] = home.add_devices(1)
    async with home.supervised(sees=1) as supervisor:
        home.fault(CONNECT)
        home.world.drop(device_id)
        await until(lambda: home.requests(CONNECT) == 1)
        disconnecting = asyncio.create_task(supervisor.disconnect(ACCOUNT, device_id))
        await home.until_state(device_id, DeviceState.PAUSED)
        await supervisor.remove_account(ACCOUNT)
        with pytest.raises(InvalidInputError, match="no account"):
            await disconnecting


async def test_what_is_unknown_is_refused_with_a_clear_word(home: Home) -> None:
    async with home.supervised(sees=0) as supervisor:
        for ask in (
            lambda: supervisor.wake("unknown"),
            lambda: supervisor.devices("unknown"),
            lambda: supervisor.account_state("unknown"),
            lambda: supervisor.forget("unknown", "d0"),
        ):
            with pytest.raises(InvalidInputError, match="no account with that name"):
                ask()
        for act in (
            supervisor.pause("unknown", "d0"),
            supervisor.resume("unknown", "d0"),
            supervisor.disconnect("unknown", "d0"),
            supervisor.remove_account("unknown"),
            supervisor.replace_client("unknown", home.new_client()),
        ):
            with pytest.raises(InvalidInputError, match="no account with that name"):
                await act
        with pytest.raises(InvalidInputError, match="already"):
            supervisor.add_account(ACCOUNT, home.new_client())


class Broken(WutsClient):
    """A client with a bug."""

    broken = True

    async def list_devices(self) -> DeviceList:
        if self.broken:
            raise ZeroDivisionError
        return await super().list_devices()


async def test_a_bug_in_a_call_is_logged_and_does_not_end_the_supervision(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    home.add_devices(1)
    client = Broken(TOKEN, base_url=home.sim.url)
    home.clients.append(client)
    async with home.supervised(client=client) as supervisor:
        await home.listener.until(
            lambda: supervisor.account_state(ACCOUNT) is AccountState.GATEWAY_DOWN
        )
        client.broken = False
        await home.listener.until(lambda: supervisor.account_state(ACCOUNT) is AccountState.HEALTHY)
        assert len(supervisor.devices(ACCOUNT)) == 1
    assert caplog.text.count("The supervisor's list task failed") == 1
    changes = [event for event in home.listener.events if isinstance(event, AccountChanged)]
    assert [change.reason for change in changes] == [Reason.UNREACHABLE, Reason.RECOVERED]


async def test_a_long_listing_is_taken_in_slices_without_losing_a_device(home: Home) -> None:
    home.add_devices(1_001)
    async with home.supervised(PATIENT, sees=1_001):
        pass
    seen = {event.device_id for event in home.listener.events if isinstance(event, StateChanged)}
    assert len(seen) == 1_001


async def test_no_secret_reaches_the_log(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "wuts")
    [device_id] = home.add_devices(1)
    async with home.supervised(sees=1) as supervisor:
        await supervisor.disconnect(ACCOUNT, device_id)
        home.world.revoke_token(TOKEN)
        await home.listener.until(lambda: home.told() != [])
    phone = home.world.device(device_id).phone
    assert TOKEN not in caplog.text + repr(home.listener.events)
    assert phone is not None
    assert phone not in caplog.text + repr(home.listener.events)


async def test_only_the_devices_that_are_selected_are_supervised(home: Home) -> None:
    mine, other = home.add_devices(2)
    listings: list[set[str]] = []

    def select(listing: Sequence[Device]) -> list[Device]:
        listings.append({device.id for device in listing})
        return [device for device in listing if device.id == mine]

    async with Supervisor(QUICK) as supervisor:
        supervisor.add_account(ACCOUNT, home.new_client(), select=select)
        await until(lambda: bool(supervisor.devices(ACCOUNT)))
        await supervisor.replace_client(ACCOUNT, home.new_client())
        seen = len(listings)
        await until(lambda: len(listings) > seen + 1)
        assert [*supervisor.devices(ACCOUNT)] == [mine]
    assert all(listing == {mine, other} for listing in listings)
