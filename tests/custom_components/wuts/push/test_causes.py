"""What the gateway delivers explains alerts, and nothing more: its words are a stranger's."""

import json
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.wuts.core.supervisor import AlertKind
from tests.custom_components.wuts.alerts.test_alerts import act, alerts_of, attributes, pair, words
from tests.custom_components.wuts.helpers import AddEntry, Until, state_of
from tests.custom_components.wuts.pushing import answer_to
from tests.custom_components.wuts.test_absence import issue_of
from tests.custom_components.wuts.test_repairs import RepairDialog
from wuts_simulator import Device, Fault, FaultKind, Simulator

pytestmark = [
    pytest.mark.usefixtures("patient"),
    pytest.mark.filterwarnings("ignore:A test tried to use socket"),
]


async def deliver(
    home: str, entry: MockConfigEntry, device: Device, event: str, **data: object
) -> None:
    body = {"event": event, "device_id": device.id, "data": data}
    assert await answer_to(home, entry, data=json.dumps(body)) == HTTPStatus.OK


@pytest.fixture
async def offline(
    hass: HomeAssistant, sim: Simulator, device: Device, add_pushed: AddEntry, until: Until
) -> MockConfigEntry:
    """An account with push, whose device does not come back."""
    entry = await add_pushed(device)
    sim.world.faults.add(Fault(kind=FaultKind.STATUS, endpoint="POST /connect", status=503))
    sim.world.drop(device.id)
    await until(lambda: any(one.kind is AlertKind.OFFLINE for one in alerts_of(entry)))
    return entry


@pytest.mark.parametrize(
    ("event", "key", "step"),
    [
        ("connection.temporary_ban", "temporary_ban", "wait"),
        ("connection.stream_replaced", "session_replaced", "close_other_session"),
        ("connection.keepalive_timeout", "keepalive_lost", "check_phone"),
    ],
)
async def test_what_a_person_can_do_something_about_is_a_repair_until_it_is_over(
    hass: HomeAssistant,
    sim: Simulator,
    home: str,
    device: Device,
    offline: MockConfigEntry,
    until: Until,
    event: str,
    key: str,
    step: str,
) -> None:
    assert issue_of(hass, key) is None
    await deliver(home, offline, device, event)
    await until(lambda: issue_of(hass, key))
    assert words(hass, key)["name"] == "Front desk"
    await until(lambda: attributes(hass)["event_type"] == "cause")
    assert attributes(hass)["next_step"] == step
    sim.world.faults.clear()
    pair(sim, device)
    await until(lambda: issue_of(hass, key) is None)


async def test_a_ban_is_told_with_its_end(
    hass: HomeAssistant, home: str, device: Device, offline: MockConfigEntry, until: Until
) -> None:
    await hass.config.async_set_time_zone("America/Sao_Paulo")
    end = dt_util.utcnow() + timedelta(hours=3)
    until_then = end.timestamp()
    await deliver(home, offline, device, "connection.temporary_ban", expires_at=until_then)
    await until(lambda: issue_of(hass, "temporary_ban_until"))
    shown = words(hass, "temporary_ban_until")
    assert shown["until"] == f"{dt_util.as_local(end):%Y-%m-%d %H:%M}"
    assert attributes(hass)["next_step"] == "wait_until"
    await act(hass, "acknowledge_alert", config_entry_id=offline.entry_id, kind="offline")
    await until(lambda: words(hass, "temporary_ban_until")["hands_on"])


@pytest.mark.parametrize(
    "data",
    [
        {"expires_at": "9" * 400},
        {"expires_at": 1e300},
        {"expires_at": [[]], "until": {"a": 1}},
        {"expires_in": -1, "expire": "soon"},
    ],
)
async def test_an_end_that_makes_no_sense_is_none(
    hass: HomeAssistant,
    home: str,
    device: Device,
    offline: MockConfigEntry,
    until: Until,
    data: dict[str, Any],
) -> None:
    await deliver(home, offline, device, "connection.temporary_ban", **data)
    await until(lambda: issue_of(hass, "temporary_ban"))
    assert words(hass, "temporary_ban") == {"name": "Front desk", "hands_on": ""}


async def test_what_is_delivered_opens_no_alert_and_changes_no_state(
    hass: HomeAssistant, home: str, device: Device, add_pushed: AddEntry
) -> None:
    entry = await add_pushed(device)
    for event in ("connection.temporary_ban", "device.logged_out", "x" * 5000):
        await deliver(home, entry, device, event)
    await hass.async_block_till_done()
    assert alerts_of(entry) == ()
    assert state_of(hass, "sensor.front_desk_state") == "connected"


@pytest.mark.parametrize(
    ("event", "step"),
    [("connection.temporary_ban", "temporary_ban"), ("connection.pair_error", "pair_error")],
)
async def test_a_repair_says_who_has_it_and_why_before_it_pairs(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    sim: Simulator,
    home: str,
    device: Device,
    add_pushed: AddEntry,
    until: Until,
    event: str,
    step: str,
) -> None:
    entry = await add_pushed(device)
    sim.world.unlink(device.id)
    issue = await until(lambda: issue_of(hass, "needs_pairing"))
    await until(lambda: alerts_of(entry))
    await deliver(home, entry, device, event)
    await act(hass, "acknowledge_alert", config_entry_id=entry.entry_id, note="at 10")
    dialog = RepairDialog(await hass_client(), issue.issue_id)
    assert (await dialog.open())["step_id"] == "taken"
    assert dialog.result["description_placeholders"]["note"] == "at 10"
    assert (await dialog.choose("continue"))["step_id"] == step
    assert (await dialog.read())["step_id"] == step
    assert (await dialog.choose("continue"))["step_id"] == "pair"


async def test_a_repair_that_somebody_has_can_be_left(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    sim: Simulator,
    device: Device,
    add_pushed: AddEntry,
    until: Until,
) -> None:
    entry = await add_pushed(device)
    sim.world.unlink(device.id)
    issue = await until(lambda: issue_of(hass, "needs_pairing"))
    await until(lambda: alerts_of(entry))
    await act(hass, "acknowledge_alert", config_entry_id=entry.entry_id)
    dialog = RepairDialog(await hass_client(), issue.issue_id)
    await dialog.open()
    assert (await dialog.choose("leave"))["reason"] == "nothing_changed"
    assert issue_of(hass, "needs_pairing")
