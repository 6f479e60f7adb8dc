"""Accounts that come, go and get another token, over real HTTP."""

import asyncio
from dataclasses import replace

import pytest

from tests.core.wuts.supervisor.home import ACCOUNT, QUICK, Home, until
from tests.core.wuts.values import TOKEN
from wuts import WutsClient
from wuts.errors import InvalidInputError
from wuts.models import ConnectResult
from wuts.supervisor import AccountState, AlertKind, DeviceState, Supervisor
from wuts_simulator import EndpointName

CONNECT, STATUS, LIST = EndpointName.CONNECT, EndpointName.STATUS, EndpointName.LIST_DEVICES


async def test_a_replaced_token_heals_the_account(home: Home) -> None:
    [device_id] = home.add_devices(1)
    # A busy machine may take a while to reconnect: that is not the device's own outage.
    patient = replace(QUICK, cap=5.0)
    async with home.supervised(patient, sees=1) as supervisor:
        home.world.revoke_token(TOKEN)
        await home.listener.until(lambda: len(home.told()) == 1)
        assert supervisor.account_state(ACCOUNT) is AccountState.TOKEN_REFUSED
        home.world.drop(device_id)
        supervisor.wake(ACCOUNT)
        supervisor.wake(ACCOUNT, device_id)
        await asyncio.sleep(QUICK.interval * 3)
        assert home.world.requests.total() == home.requests(LIST)
        home.world.add_tenant(ACCOUNT, "another-token")
        await supervisor.replace_client(ACCOUNT, home.new_client("another-token"))
        await home.listener.until(lambda: len(home.told()) == 2)
        await home.until_told(device_id, DeviceState.RECONNECTING)
        await home.until_state(device_id, DeviceState.CONNECTED)
    kinds = {alert.kind for alert in home.told()}
    assert kinds == {AlertKind.TOKEN_REFUSED}


async def test_calls_that_hang_are_made_again_with_the_new_client(home: Home) -> None:
    devices = home.add_devices(2)
    async with home.supervised(sees=2) as supervisor:
        home.fault(CONNECT, device_id=devices[0])
        home.world.drop(devices[0])
        await until(lambda: home.requests(CONNECT) == 1)
        home.fault(LIST)
        await until(lambda: supervisor._controller.account(ACCOUNT).schedule.is_under_way)
        home.world.faults.clear()
        await supervisor.replace_client(ACCOUNT, home.new_client())
        await home.until_state(devices[0], DeviceState.CONNECTED)
    assert home.world.requests.max_in_flight[devices[0]] == 1


async def test_giving_up_calls_is_finished_though_whoever_asked_leaves(home: Home) -> None:
    [device_id] = home.add_devices(1)
    async with home.supervised(sees=1) as supervisor:
        home.fault(CONNECT)
        home.world.drop(device_id)
        await until(lambda: home.requests(CONNECT) == 1)
        home.world.faults.clear()
        replacing = asyncio.create_task(supervisor.replace_client(ACCOUNT, home.new_client()))
        await asyncio.sleep(0)
        replacing.cancel()
        await asyncio.wait([replacing])
        await home.until_state(device_id, DeviceState.CONNECTED)


class Deaf(WutsClient):
    """A client that does not let its calls be cut off."""

    async def connect(self, device_id: str | None = None) -> ConnectResult:
        try:
            return await super().connect(device_id)
        except asyncio.CancelledError:
            return ConnectResult(needs_qr=True)


async def test_what_a_call_tells_after_it_was_given_up_is_not_taken_in(home: Home) -> None:
    [device_id] = home.add_devices(1)
    deaf = Deaf(TOKEN, base_url=home.sim.url)
    home.clients.append(deaf)
    async with home.supervised(client=deaf, sees=1) as supervisor:
        home.fault(CONNECT, times=1)
        home.world.drop(device_id)
        await until(lambda: home.requests(CONNECT) == 1)
        await supervisor.replace_client(ACCOUNT, home.new_client())
        await home.until_state(device_id, DeviceState.CONNECTED)
    assert AlertKind.NEEDS_PAIRING not in {alert.kind for alert in home.told()}


async def test_a_account_may_be_removed_while_its_client_is_replaced(home: Home) -> None:
    [device_id] = home.add_devices(1)
    async with home.supervised(sees=1) as supervisor:
        home.fault(CONNECT)
        home.world.drop(device_id)
        await until(lambda: home.requests(CONNECT) == 1)
        replacing = asyncio.create_task(supervisor.replace_client(ACCOUNT, home.new_client()))
        await asyncio.sleep(0)
        await supervisor.remove_account(ACCOUNT)
        await replacing
        with pytest.raises(InvalidInputError):
            supervisor.account_state(ACCOUNT)


async def test_a_removed_account_is_asked_nothing_any_more(home: Home) -> None:
    [device_id] = home.add_devices(1)
    async with home.supervised(sees=1) as supervisor:
        home.fault(CONNECT)
        home.world.drop(device_id)
        await until(lambda: home.requests(CONNECT) == 1)
        await supervisor.remove_account(ACCOUNT)
        home.world.faults.clear()
        requests = home.world.requests.total()
        await asyncio.sleep(QUICK.interval * 3)
        assert home.world.requests.total() == requests
        with pytest.raises(InvalidInputError):
            supervisor.devices(ACCOUNT)
        supervisor.add_account(ACCOUNT, home.new_client())
        await home.until_state(device_id, DeviceState.CONNECTED)
    assert home.world.requests.max_in_flight[device_id] == 1


async def test_accounts_are_asked_each_with_its_own_token(home: Home) -> None:
    home.world.add_tenant("office", "office-token")
    [at_home] = home.add_devices(1)
    [at_office] = home.world.add_devices("office", 1, state="connected")
    async with home.supervised(sees=1) as supervisor:
        supervisor.add_account("office", home.new_client("office-token"))
        await home.listener.until(lambda: len(supervisor.devices("office")) == 1)
        assert [*supervisor.devices(ACCOUNT)] == [at_home]
        assert [*supervisor.devices("office")] == [at_office.id]


async def test_a_account_cannot_be_added_before_what_was_saved_is_known(home: Home) -> None:
    supervisor = Supervisor(QUICK)
    with pytest.raises(InvalidInputError, match="Start the supervisor first"):
        supervisor.add_account(ACCOUNT, home.new_client())
