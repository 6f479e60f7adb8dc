from collections.abc import Callable
from typing import Any

import pytest
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.wuts.const import DOMAIN
from tests.custom_components.wuts.helpers import AddEntry, Until, our_tasks, state_of
from wuts_simulator import Fault, FaultKind, Simulator


def refused_tokens(hass: HomeAssistant) -> list[str]:
    """Return the accounts that a repair says have no valid token."""
    return [
        (issue.translation_placeholders or {})["name"]
        for issue in ir.async_get(hass).issues.values()
        if issue.translation_key == "config_entry_reauth"
    ]


async def test_an_account_is_set_up_and_unloaded_without_a_task_left(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    entry = await add_entry(sim.world.add_device(state="connected"))
    assert entry.state == ConfigEntryState.LOADED
    assert our_tasks()

    assert await hass.config_entries.async_unload(entry.entry_id)
    assert entry.state == ConfigEntryState.NOT_LOADED
    assert our_tasks() == set()


async def test_a_gateway_that_is_down_is_tried_again(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    sim.world.break_for(3600)
    entry = await add_entry()
    assert entry.state == ConfigEntryState.SETUP_RETRY
    assert our_tasks() == set()

    sim.world.break_for(0)
    await hass.config_entries.async_reload(entry.entry_id)
    assert entry.state == ConfigEntryState.LOADED


async def test_an_answer_that_makes_no_sense_is_tried_again(
    sim: Simulator, add_entry: AddEntry
) -> None:
    sim.world.faults.add(Fault(kind=FaultKind.HTML, endpoint="GET /devices"))
    entry = await add_entry()
    assert entry.state == ConfigEntryState.SETUP_RETRY


async def test_a_refused_token_asks_for_a_new_one(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    entry = await add_entry(token="not-a-token")
    assert entry.state == ConfigEntryState.SETUP_ERROR
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert [flow["context"]["source"] for flow in flows] == [SOURCE_REAUTH]
    assert refused_tokens(hass) == ["WUTS"]


async def test_a_token_that_is_withdrawn_later_asks_for_a_new_one(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, until: Until
) -> None:
    device = sim.world.add_device(state="connected", name="Front desk")
    entry = await add_entry(device)
    sim.world.revoke_token(sim.token)
    flows = await until(lambda: hass.config_entries.flow.async_progress_by_handler(DOMAIN))
    assert flows[0]["context"]["source"] == SOURCE_REAUTH
    assert state_of(hass, "binary_sensor.front_desk_connectivity") == "unavailable"

    sim.world.add_tenant("home", "another-token")
    assert refused_tokens(hass) == ["WUTS"]
    result = await hass.config_entries.flow.async_configure(
        flows[0]["flow_id"], {"token": "another-token"}
    )
    assert result["reason"] == "reauth_successful"
    assert refused_tokens(hass) == []
    await until(
        lambda: (
            entry.state is ConfigEntryState.LOADED
            and state_of(hass, "binary_sensor.front_desk_connectivity") == "on"
        )
    )


async def test_a_new_token_by_another_dialog_takes_the_repair_back_too(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, until: Until
) -> None:
    entry = await add_entry(sim.world.add_device(state="connected"), token="not-a-token")
    assert refused_tokens(hass) == ["WUTS"]
    result = await entry.start_reconfigure_flow(hass)
    await hass.config_entries.flow.async_configure(
        result["flow_id"], {"token": sim.token, "advanced": {"url": sim.url}}
    )
    await until(lambda: entry.state is ConfigEntryState.LOADED)
    assert refused_tokens(hass) == []


async def test_one_request_per_interval_serves_all_devices(
    sim: Simulator, add_entry: AddEntry, until: Until
) -> None:
    await add_entry(*sim.world.add_devices("home", 20, state="connected"))
    sim.world.requests.reset()
    await until(lambda: sim.world.requests.by_endpoint["GET /devices"] >= 3)
    assert set(sim.world.requests.by_endpoint) == {"GET /devices"}


async def test_devices_that_were_not_added_are_left_alone(
    sim: Simulator, add_entry: AddEntry, until: Until
) -> None:
    await add_entry(sim.world.add_device(state="connected"))
    stranger = sim.world.add_device(state="disconnected")
    sim.world.requests.reset()
    await until(lambda: sim.world.requests.by_endpoint["GET /devices"] >= 3)
    assert stranger.id not in sim.world.requests.connects


async def test_a_restart_forgets_no_device_that_is_to_be_left_alone(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, until: Until
) -> None:
    entry = await add_entry(sim.world.add_device(state="connected", name="Front desk"))
    await hass.services.async_call(
        "switch", "turn_off", {"entity_id": "switch.front_desk_keep_connected"}, blocking=True
    )
    await hass.config_entries.async_reload(entry.entry_id)
    assert state_of(hass, "switch.front_desk_keep_connected") == "off"


OURS = {
    "binary_sensor": {"connection"},
    "button": {"reconnect", "disconnect", "show_pairing_qr"},
    "event": {"session"},
    "image": {"pairing_qr"},
    "sensor": {"state", "next_try", "attempts", "last_seen", "phone_number"},
    "switch": {"keep_connected"},
}
"""The entities of a device of version 0.1.0, by what stands behind its id in their unique ids."""


async def test_what_version_0_1_0_left_is_kept_and_so_are_its_entity_ids(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    sim: Simulator,
    entry_of: Callable[..., MockConfigEntry],
) -> None:
    device = sim.world.add_device(state="connected", name="Front desk")
    entry = entry_of(device, minor_version=1)
    facts = {"tenant": "account", "device_id": device.id, "name": "Front desk", "paused": True}
    facts |= {"was_paired": True, "needs_pairing": False, "stale_link": False}
    hass_storage["wuts.account"] = {
        "version": 1,
        "minor_version": 1,
        "key": "wuts.account",
        "data": {"facts": [facts], "alerts": []},
    }
    registry = er.async_get(hass)
    before = {
        registry.async_get_or_create(
            platform,
            DOMAIN,
            f"{device.id}_{key}",
            object_id_base=f"mine_{key}",
            config_entry=entry,
        ).entity_id
        for platform, keys in OURS.items()
        for key in keys
    }

    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert state_of(hass, "switch.mine_keep_connected") == "off"
    after = er.async_entries_for_config_entry(registry, entry.entry_id)
    # Since then: how a pairing on a dashboard goes, what happens to alerts, and a device's test.
    new = {
        "sensor.front_desk_pairing",
        "event.front_desk_alert",
        "button.front_desk_send_a_test_message_to_myself",
    }
    assert {entity.entity_id for entity in after} == before | new


async def test_a_removed_account_leaves_no_file(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    sim: Simulator,
    add_entry: AddEntry,
    until: Until,
) -> None:
    entry = await add_entry(sim.world.add_device(state="connected"))
    await until(lambda: "wuts.account" in hass_storage)
    await hass.config_entries.async_remove(entry.entry_id)
    assert "wuts.account" not in hass_storage


@pytest.mark.parametrize("devices", [0, 3])
async def test_home_assistant_stops_without_a_task_left(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, devices: int
) -> None:
    await add_entry(*sim.world.add_devices("home", devices, state="connected"))
    await hass.async_stop()
    assert our_tasks() == set()


async def test_an_account_that_is_set_up_while_home_assistant_stops_leaves_no_task(
    hass: HomeAssistant, sim: Simulator, entry_of: Callable[..., MockConfigEntry]
) -> None:
    entry = entry_of(sim.world.add_device(state="connected"))
    hass.set_state(CoreState.stopping)
    await hass.config_entries.async_setup(entry.entry_id)
    assert our_tasks() == set()
