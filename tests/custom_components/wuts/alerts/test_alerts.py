"""Alerts in Home Assistant: taken, muted, ignored, explained; kept over reloads and restarts."""

from datetime import timedelta
from typing import Any

import probatio
import pytest
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.wuts.const import DOMAIN
from custom_components.wuts.core.supervisor import Alert, AlertKind, Mute, MuteScope
from tests.custom_components.wuts.helpers import AddEntry, Until, state_of
from tests.custom_components.wuts.test_absence import ignore, is_ignored, issue_of, restart
from wuts_simulator import Device, Simulator

pytestmark = pytest.mark.usefixtures("hass_storage")

EVENT = "event.front_desk_alert"
PAIRING = AlertKind.NEEDS_PAIRING


@pytest.fixture
async def entry(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry, until: Until
) -> MockConfigEntry:
    """An account whose one device needs pairing."""
    entry = await add_entry(device)
    sim.world.unlink(device.id)
    await until(lambda: issue_of(hass, "needs_pairing") and alerts_of(entry))
    return entry


def alerts_of(entry: MockConfigEntry) -> tuple[Alert, ...]:
    return tuple(entry.runtime_data.supervisor.open_alerts())


def alert_of(entry: MockConfigEntry) -> Alert:
    (alert,) = alerts_of(entry)
    return alert


def mutes_of(entry: MockConfigEntry) -> tuple[Mute, ...]:
    return tuple(entry.runtime_data.supervisor.alerts.mutes(entry.entry_id))


def id_in_home_assistant(hass: HomeAssistant) -> str:
    (device,) = dr.async_entries_for_config_entry(dr.async_get(hass), "account")
    return device.id


async def act(
    hass: HomeAssistant,
    name: str,
    context: Context | None = None,
    /,
    **data: Any,  # noqa: ANN401 - an action's
) -> None:
    await hass.services.async_call(DOMAIN, name, data, blocking=True, context=context)


def attributes(hass: HomeAssistant, entity_id: str = EVENT) -> dict[str, Any]:
    state = hass.states.get(entity_id)
    assert state is not None
    return dict(state.attributes)


# Taken


@pytest.mark.parametrize("by_what", ["device_id", "alert_id", "config_entry_id"])
async def test_who_takes_an_alert_is_kept_over_a_restart(
    hass: HomeAssistant, device: Device, entry: MockConfigEntry, until: Until, by_what: str
) -> None:
    user = MockUser(name="Ana", is_owner=True).add_to_hass(hass)
    named = {
        "device_id": id_in_home_assistant(hass),
        "alert_id": alert_of(entry).id,
        "config_entry_id": entry.entry_id,
    }
    chosen = {by_what: named[by_what], "note": "on my way"}
    await act(hass, "acknowledge_alert", Context(user_id=user.id), **chosen)
    assert (alert_of(entry).acknowledged_by, alert_of(entry).note) == ("Ana", "on my way")
    await until(lambda: attributes(hass)["event_type"] == "acknowledged")
    assert attributes(hass)["acknowledged_by"] == "Ana"

    before = alert_of(entry)
    await restart(hass, entry)
    await until(lambda: alerts_of(entry))
    after = alert_of(entry)
    assert (after.id, after.acknowledged_by, after.note) == (before.id, "Ana", "on my way")


async def test_an_alert_is_taken_by_the_automation_that_takes_it(
    hass: HomeAssistant, device: Device, entry: MockConfigEntry, until: Until
) -> None:
    action = {
        "action": "wuts.acknowledge_alert",
        "data": {"device_id": id_in_home_assistant(hass)},
    }
    config = {
        "alias": "Night shift",
        "triggers": {"trigger": "event", "event_type": "go"},
        "actions": [action],
    }
    assert await async_setup_component(hass, "automation", {"automation": [config]})
    hass.bus.async_fire("go")
    await until(lambda: alert_of(entry).acknowledged_by)
    assert alert_of(entry).acknowledged_by == "Night shift"


@pytest.mark.parametrize(
    ("chosen", "key"),
    [
        ({"alert_id": "none"}, "no_open_alert"),
        ({"config_entry_id": "account", "kind": "offline"}, "no_open_alert"),
        ({"config_entry_id": "another"}, "unknown_account"),
        ({"device_id": "another"}, "unknown_device"),
    ],
)
async def test_an_alert_that_is_not_there_is_refused_in_words(
    hass: HomeAssistant, entry: MockConfigEntry, chosen: dict[str, str], key: str
) -> None:
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "acknowledge_alert", **chosen)
    assert caught.value.translation_key == key
    assert alert_of(entry).acknowledged_by is None


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"alert_id": "a", "config_entry_id": "account"},
        {"config_entry_id": "account", "kind": "sunday"},
        {"config_entry_id": "account", "note": "x" * 501},
    ],
    ids=["nothing", "two", "kind", "long"],
)
async def test_a_call_that_makes_no_sense_does_nothing(
    hass: HomeAssistant, entry: MockConfigEntry, wrong: dict[str, str]
) -> None:
    with pytest.raises(probatio.Invalid):
        await act(hass, "acknowledge_alert", **wrong)
    assert alert_of(entry).acknowledged_by is None


# Muted


async def test_a_mute_is_kept_over_a_restart_and_its_end_is_told(
    hass: HomeAssistant, device: Device, entry: MockConfigEntry, until: Until
) -> None:
    chosen = {"device_id": id_in_home_assistant(hass)}
    await act(hass, "mute_alerts", **chosen, **{"for": {"hours": 2}}, reason="moving")
    (mute,) = mutes_of(entry)
    assert mute.scope == MuteScope("account", device.id)
    assert mute.until is not None
    assert timedelta(hours=1) < mute.until - dt_util.utcnow() <= timedelta(hours=2)
    await until(lambda: attributes(hass)["event_type"] == "muted")
    assert attributes(hass)["muted_until"] == mute.until.isoformat()
    assert not is_ignored(hass, "needs_pairing")

    await restart(hass, entry)
    await until(lambda: alerts_of(entry))
    assert mutes_of(entry) == (mute,)
    await act(hass, "unmute_alerts", **chosen)
    assert mutes_of(entry) == ()
    await until(lambda: attributes(hass)["event_type"] in {"mute_ended", "reminded"})
    assert attributes(hass)["muted"] is False


async def test_a_mute_without_an_end_lasts_until_the_device_is_back(
    hass: HomeAssistant, sim: Simulator, device: Device, entry: MockConfigEntry, until: Until
) -> None:
    await act(hass, "mute_alerts", config_entry_id=entry.entry_id, kind="needs_pairing")
    (mute,) = mutes_of(entry)
    assert (mute.scope, mute.until) == (MuteScope("account", None, PAIRING), None)
    pair(sim, device)
    await until(lambda: alerts_of(entry) == ())
    assert mutes_of(entry) == ()


async def test_a_time_without_a_zone_is_one_of_home_assistants(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    await hass.config.async_set_time_zone("America/Sao_Paulo")
    await act(hass, "mute_alerts", config_entry_id=entry.entry_id, until="2099-01-01 09:00:00")
    (mute,) = mutes_of(entry)
    assert mute.until == dt_util.parse_datetime("2099-01-01T12:00:00+00:00")


async def test_a_mute_that_is_over_is_refused_in_words(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "mute_alerts", config_entry_id=entry.entry_id, until="2020-01-01 09:00:00")
    assert caught.value.translation_key == "mute_is_over"
    assert mutes_of(entry) == ()


async def test_unmuting_what_is_not_muted_does_nothing(
    hass: HomeAssistant, device: Device, entry: MockConfigEntry
) -> None:
    await act(hass, "mute_alerts", config_entry_id=entry.entry_id)
    await act(hass, "unmute_alerts", device_id=id_in_home_assistant(hass))
    assert len(mutes_of(entry)) == 1


# Ignored


@pytest.mark.parametrize("restarts", [False, True], ids=["stays", "restarts"])
async def test_a_repair_that_is_ignored_is_muted_until_it_recovers(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    entry: MockConfigEntry,
    until: Until,
    restarts: bool,
) -> None:
    ignore(hass, "needs_pairing")
    (mute,) = await until(lambda: mutes_of(entry))
    assert (mute.scope, mute.until) == (MuteScope("account", device.id, PAIRING), None)
    if restarts:
        await hass.async_block_till_done()
        await restart(hass, entry)
        await until(lambda: issue_of(hass, "needs_pairing") and alerts_of(entry))
    assert [one.scope for one in mutes_of(entry)] == [mute.scope]
    assert is_ignored(hass, "needs_pairing")

    pair(sim, device)
    await until(lambda: mutes_of(entry) == () and alerts_of(entry) == ())
    await until(lambda: issue_of(hass, "needs_pairing") is None)
    sim.world.unlink(device.id)
    await until(lambda: issue_of(hass, "needs_pairing") and alerts_of(entry))
    assert not is_ignored(hass, "needs_pairing")
    assert mutes_of(entry) == ()


async def test_what_was_ignored_before_there_were_mutes_is_muted(
    hass: HomeAssistant, entry: MockConfigEntry, until: Until
) -> None:
    await hass.config_entries.async_unload(entry.entry_id)
    await hass.config_entries.async_setup(entry.entry_id)
    await until(lambda: issue_of(hass, "needs_pairing") and alerts_of(entry))
    entry.runtime_data._ignored.stop()
    ignore(hass, "needs_pairing")
    await restart(hass, entry)
    (mute,) = await until(lambda: mutes_of(entry))
    assert mute.scope.kind is PAIRING


async def test_a_repair_that_is_ignored_no_more_is_unmuted(
    hass: HomeAssistant, entry: MockConfigEntry, until: Until
) -> None:
    await act(hass, "mute_alerts", config_entry_id=entry.entry_id)
    ignore(hass, "needs_pairing")
    await until(lambda: len(mutes_of(entry)) == 2)
    ignore(hass, "needs_pairing", is_ignored=False)
    await until(lambda: len(mutes_of(entry)) == 1)
    assert mutes_of(entry)[0].scope == MuteScope("account")


async def test_a_repair_whose_mute_somebody_ends_is_shown_again(
    hass: HomeAssistant, device: Device, entry: MockConfigEntry, until: Until
) -> None:
    ignore(hass, "needs_pairing")
    await until(lambda: mutes_of(entry))
    chosen = {"device_id": id_in_home_assistant(hass), "kind": "needs_pairing"}
    await act(hass, "unmute_alerts", **chosen)
    await until(lambda: not is_ignored(hass, "needs_pairing"))
    await hass.async_block_till_done()
    assert mutes_of(entry) == ()


async def test_an_outage_of_the_gateway_that_is_ignored_is_muted(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry, until: Until
) -> None:
    entry = await add_entry(device)
    sim.world.break_for(3600)
    await until(lambda: any(one.kind is AlertKind.GATEWAY_DOWN for one in alerts_of(entry)))
    await until(lambda: issue_of(hass, "gateway_down"))
    await hass.async_block_till_done()
    ignore(hass, "gateway_down")
    (mute,) = await until(lambda: mutes_of(entry))
    assert mute.scope == MuteScope("account", None, AlertKind.GATEWAY_DOWN)
    issue = issue_of(hass, "gateway_down")
    assert issue is not None
    await until(lambda: words(hass, "gateway_down")["hands_on"])
    assert "Home Assistant" in words(hass, "gateway_down")["hands_on"]
    sim.world.break_for(0)
    await until(lambda: mutes_of(entry) == ())


async def test_what_somebody_writes_is_no_markup_in_a_repair(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry, until: Until
) -> None:
    entry = await add_entry(device)
    sim.world.break_for(3600)
    await until(lambda: any(one.kind is AlertKind.GATEWAY_DOWN for one in alerts_of(entry)))
    note = "![x](https://example.com/a.png)\n# <b>"
    await act(hass, "acknowledge_alert", config_entry_id=entry.entry_id, note=note)
    await until(lambda: "example" in words(hass, "gateway_down").get("hands_on", ""))
    told = words(hass, "gateway_down")["hands_on"].removeprefix("\n\n")
    assert "\n" not in told
    assert "\\!\\[x\\]\\(https\\:\\/\\/example\\.com" in told


def words(hass: HomeAssistant, key: str) -> dict[str, str]:
    issue = issue_of(hass, key)
    return (issue and issue.translation_placeholders) or {}


def pair(sim: Simulator, device: Device) -> None:
    sim.world.sessions.store_credentials(device, device.phone or "5511988887777")
    sim.world.restore(device.id)


async def test_an_alert_is_told_as_it_comes_and_ends(
    hass: HomeAssistant, sim: Simulator, device: Device, entry: MockConfigEntry, until: Until
) -> None:
    await until(lambda: attributes(hass)["event_type"] == "raised")
    told = attributes(hass)
    assert (told["kind"], told["cause"], told["next_step"]) == ("needs_pairing", "unlinked", "pair")
    assert told["alert_id"] == alert_of(entry).id
    session = attributes(hass, "event.front_desk_session")
    assert (session["event_type"], session["cause"]) == ("needs_pairing", "unlinked")
    assert session["muted"] is False
    pair(sim, device)
    await until(lambda: attributes(hass)["event_type"] == "resolved")
    assert state_of(hass, "sensor.front_desk_state") == "connected"
