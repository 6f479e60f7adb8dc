"""Somebody asks for a look, and waits for what it shows."""

import asyncio

import pytest

from tests.core.wuts.supervisor.home import ACCOUNT, PATIENT, Home
from wuts.errors import GatewayBusyError, InvalidInputError, WutsTimeoutError
from wuts.supervisor import DeviceState, StateChanged
from wuts.supervisor.store import StoreOwnedError
from wuts_simulator import EndpointName, FaultKind

LIST, STATUS = EndpointName.LIST_DEVICES, EndpointName.STATUS
LONG = 60.0


async def test_a_look_shows_what_the_gateway_says_now(home: Home) -> None:
    dropped, unlinked, well = home.add_devices(3)
    async with home.supervised(PATIENT, sees=3) as supervisor:
        await supervisor.look(ACCOUNT, patience=LONG)
        home.world.drop(dropped)
        home.world.unlink(unlinked)
        before = supervisor.listed_at(ACCOUNT)
        await supervisor.look(ACCOUNT, patience=LONG)
        assert home.state(dropped) in (DeviceState.RECONNECTING, DeviceState.CONNECTED)
        assert home.state(unlinked) is DeviceState.NEEDS_PAIRING
        assert home.state(well) is DeviceState.CONNECTED
        after = supervisor.listed_at(ACCOUNT)
        assert before is not None
        assert after is not None
        assert before < after
    changes = [one for one in home.listener.events if isinstance(one, StateChanged)]
    told = [(one.device_id, one.new) for one in changes]
    assert (dropped, DeviceState.RECONNECTING) in told


async def test_looks_one_after_another_are_not_spaced_as_wakes_are(home: Home) -> None:
    home.add_devices(1)
    async with home.supervised(PATIENT, sees=1) as supervisor:
        before = home.requests(LIST)
        for _ in range(3):
            await supervisor.look(ACCOUNT, patience=LONG)
        assert home.requests(LIST) == before + 3


async def test_many_who_ask_at_once_share_a_look(home: Home) -> None:
    home.add_devices(1)
    async with home.supervised(PATIENT, sees=1) as supervisor:
        before = home.requests(LIST)
        await asyncio.gather(*(supervisor.look(ACCOUNT, patience=LONG) for _ in range(50)))
        # The first may have begun before the last asked.
        assert home.requests(LIST) - before <= 2


async def test_a_gateway_that_fails_is_told_with_its_error(home: Home) -> None:
    home.add_devices(1)
    async with home.supervised(PATIENT, sees=1) as supervisor:
        home.fault(LIST, FaultKind.STATUS, status=503)
        with pytest.raises(GatewayBusyError):
            await supervisor.look(ACCOUNT, patience=LONG)
        home.world.faults.clear()
        await supervisor.look(ACCOUNT, patience=LONG)


async def test_a_gateway_that_hangs_is_waited_for_no_longer_than_asked(home: Home) -> None:
    home.add_devices(1)
    async with home.supervised(PATIENT, sees=1) as supervisor:
        home.fault(LIST)
        with pytest.raises(WutsTimeoutError):
            await supervisor.look(ACCOUNT, patience=0.2)


@pytest.mark.slow
async def test_a_device_whose_check_hangs_is_in_doubt(home: Home) -> None:
    dropped, _ = home.add_devices(2)
    async with home.supervised(PATIENT, sees=2) as supervisor:
        home.fault(STATUS)
        home.world.drop(dropped)
        await supervisor.look(ACCOUNT, patience=1.0)
        device = supervisor.devices(ACCOUNT)[dropped]
        assert device.state is DeviceState.CONNECTED
        assert device.in_doubt


async def test_an_account_that_is_let_go_is_waited_for_no_more(home: Home) -> None:
    home.add_devices(1)
    async with home.supervised(PATIENT, sees=1) as supervisor:
        home.fault(LIST)
        looking = asyncio.create_task(supervisor.look(ACCOUNT, patience=LONG))
        await asyncio.sleep(0)
        await supervisor.release_account(ACCOUNT)
        with pytest.raises((StoreOwnedError, InvalidInputError)):
            await looking


async def test_what_a_pairing_has_linked_is_no_longer_taken_for_unlinked(home: Home) -> None:
    [device_id] = home.add_devices(1, state="never_paired")
    async with home.supervised(PATIENT, sees=1) as supervisor:
        assert home.state(device_id) is DeviceState.NEVER_PAIRED
        home.fault(STATUS)
        home.world.sessions.begin_pairing(home.world.device(device_id), "5511988887777")
        await supervisor.report_phone(ACCOUNT, device_id, "5511988887777")
        device = supervisor.devices(ACCOUNT)[device_id]
        assert device.was_paired
        assert device.in_doubt
        home.world.faults.clear()
        await supervisor.look(ACCOUNT, patience=LONG)
        await home.until_state(device_id, DeviceState.CONNECTED)
