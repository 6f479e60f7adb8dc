"""The calls about device slots, over HTTP, in every dialect."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.core.wuts.values import PHONE
from wuts import WutsClient
from wuts.errors import InvalidInputError
from wuts.models import Acknowledgement
from wuts_simulator import DeviceState, Simulator

A_MINUTE = timedelta(minutes=1)


async def test_a_created_device_is_listed(
    dialect_client: WutsClient, dialect_sim: Simulator
) -> None:
    created = await dialect_client.create_device("  Reception ")
    (listed,) = await dialect_client.list_devices()
    assert created.id == listed.id == dialect_sim.world.device(created.id).id
    assert created.name == listed.name == "Reception"
    assert not created.connected


async def test_a_listed_device_tells_all_about_itself(
    dialect_client: WutsClient, dialect_sim: Simulator
) -> None:
    device = dialect_sim.world.add_device(name="Kitchen", state="connected", phone=PHONE)
    (listed,) = await dialect_client.list_devices()
    assert listed.id == device.id
    assert listed.name == "Kitchen"
    assert listed.connected
    assert listed.phone_number == PHONE
    assert listed.last_seen
    assert abs(listed.last_seen - datetime.now(UTC)) < A_MINUTE


async def test_a_device_that_was_never_paired_has_no_phone(
    dialect_client: WutsClient, dialect_sim: Simulator
) -> None:
    dialect_sim.world.add_device()
    (listed,) = await dialect_client.list_devices()
    assert listed.whatsapp_jid is None
    assert listed.phone_number is None
    assert listed.last_seen is None


@pytest.mark.parametrize(
    ("state", "connected", "linked"),
    [
        (DeviceState.NEVER_PAIRED, False, False),
        (DeviceState.CONNECTED, True, True),
        (DeviceState.DISCONNECTED, False, True),
        (DeviceState.LOGGED_OUT, False, False),
    ],
)
async def test_a_listed_device_tells_its_state(
    dialect_client: WutsClient,
    dialect_sim: Simulator,
    state: DeviceState,
    *,
    connected: bool,
    linked: bool,
) -> None:
    device = dialect_sim.world.add_device(name="Kitchen", state=state)
    (listed,) = await dialect_client.list_devices()
    assert (listed.id, listed.name) == (device.id, "Kitchen")
    assert (listed.connected, listed.linked) == (connected, linked)


async def test_many_devices_come_in_one_answer(
    dialect_client: WutsClient, dialect_sim: Simulator
) -> None:
    made = dialect_sim.world.add_devices("home", 1000)
    assert [d.id for d in await dialect_client.list_devices()] == [d.id for d in made]
    assert dialect_sim.world.requests.by_endpoint == {"GET /devices": 1}


async def test_an_account_without_devices_lists_none(dialect_client: WutsClient) -> None:
    assert await dialect_client.list_devices() == ()


async def test_a_deleted_device_goes_offline_and_stays_listed(
    dialect_client: WutsClient, dialect_sim: Simulator
) -> None:
    device = dialect_sim.world.add_device(state="connected")
    answer = await dialect_client.delete_device(device.id)
    assert answer == Acknowledgement(message="Device disconnected", device_id=device.id)
    (listed,) = await dialect_client.list_devices()
    assert not listed.connected
    assert listed.phone_number == device.phone


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "two\nlines"])
async def test_an_unusable_name_is_not_sent(client: WutsClient, sim: Simulator, name: str) -> None:
    with pytest.raises(InvalidInputError):
        await client.create_device(name)
    assert sim.world.requests.total() == 0
