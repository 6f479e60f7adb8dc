import asyncio
from collections.abc import Awaitable
from http import HTTPStatus
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.wuts.const import CONF_PHONE_NUMBER, DOMAIN
from custom_components.wuts.flows.pairing_repair import PairingRepair
from custom_components.wuts.repairs import async_create_fix_flow
from tests.custom_components.wuts.helpers import (
    PATIENCE,
    AddEntry,
    Condition,
    Result,
    Until,
    read_qr,
    state_of,
)
from wuts_simulator import Simulator

PHONE = "5511988887777"


class RepairDialog:
    """Drives a repair over Home Assistant's own HTTP, as the frontend does."""

    def __init__(self, http: TestClient[Any, Any], issue_id: str) -> None:
        self._http = http
        self._issue_id = issue_id
        self.result: Result = {}

    async def open(self) -> Result:
        answer = await self._http.post(
            "/api/repairs/issues/fix", json={"handler": DOMAIN, "issue_id": self._issue_id}
        )
        assert answer.status == HTTPStatus.OK
        self.result = await answer.json()
        return self.result

    async def choose(self, step: str) -> Result:
        return await self._take(
            self._http.post(self._url, json={"next_step_id": step}),
        )

    async def answer(self, **answers: str) -> Result:
        return await self._take(self._http.post(self._url, json=answers))

    async def read(self) -> Result:
        return await self._take(self._http.get(self._url))

    async def until(self, condition: Condition) -> Result:
        async with asyncio.timeout(PATIENCE):
            while not condition(self.result):
                await asyncio.sleep(0.02)
                await self._take(self._http.get(self._url))
        return self.result

    @property
    def _url(self) -> str:
        return f"/api/repairs/issues/fix/{self.result['flow_id']}"

    async def _take(self, request: Awaitable[ClientResponse]) -> Result:
        answer = await request
        assert answer.status == HTTPStatus.OK
        self.result = await answer.json()
        return self.result


def issues(hass: HomeAssistant) -> dict[str, ir.IssueEntry]:
    found = ir.async_get(hass).issues
    return {
        issue.translation_key or "": issue
        for (domain, _), issue in found.items()
        if domain == DOMAIN
    }


async def test_an_unlinked_device_is_repaired_by_scanning_in_the_repair_dialog(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    sim: Simulator,
    add_entry: AddEntry,
    until: Until,
) -> None:
    device = sim.world.add_device(name="Front desk", state="connected", phone=PHONE)
    await add_entry(device)
    http = await hass_client()
    assert issues(hass) == {}

    sim.world.unlink(device.id)
    issue = await until(lambda: issues(hass).get("needs_pairing"))
    assert issue.is_fixable
    assert issue.translation_placeholders == {"name": "Front desk"}

    dialog = RepairDialog(http, issue.issue_id)
    assert (await dialog.open())["step_id"] == "pair"
    await dialog.choose("qr")
    await dialog.until(lambda result: result.get("step_id") == "qr")
    shown = dialog.result["description_placeholders"]["qr"]
    sim.world.scan(read_qr(shown), PHONE)

    result = await dialog.until(lambda result: result["type"] == "create_entry")
    assert result["type"] == "create_entry"
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "connected")
    assert issues(hass) == {}


async def test_the_repair_goes_away_when_the_device_is_paired_elsewhere(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, until: Until
) -> None:
    device = sim.world.add_device(state="connected", phone=PHONE)
    await add_entry(device)
    sim.world.unlink(device.id)
    await until(lambda: "needs_pairing" in issues(hass))
    sim.world.sessions.store_credentials(device, PHONE)
    sim.world.restore(device.id)
    await until(lambda: issues(hass) == {})


async def test_a_repair_outlives_a_reload(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, until: Until
) -> None:
    device = sim.world.add_device(state="connected", phone=PHONE)
    entry = await add_entry(device)
    sim.world.unlink(device.id)
    await until(lambda: "needs_pairing" in issues(hass))
    await hass.config_entries.async_unload(entry.entry_id)
    assert issues(hass) == {}
    await hass.config_entries.async_setup(entry.entry_id)
    await until(lambda: "needs_pairing" in issues(hass))


async def test_a_repair_of_a_removed_device_ends_in_words(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    sim: Simulator,
    add_entry: AddEntry,
    until: Until,
) -> None:
    device = sim.world.add_device(state="connected", phone=PHONE)
    entry = await add_entry(device)
    http = await hass_client()
    sim.world.unlink(device.id)
    issue = await until(lambda: issues(hass).get("needs_pairing"))
    (subentry,) = entry.subentries.values()
    # Its issue goes with it: this is a dialog that is opened at that very moment.
    flow = await async_create_fix_flow(hass, issue.issue_id, issue.data)
    assert isinstance(flow, PairingRepair)
    flow.hass = hass
    hass.config_entries.async_remove_subentry(entry, subentry.subentry_id)
    result = await flow.async_step_init()
    assert result["reason"] == "device_removed"
    await until(lambda: issues(hass) == {})
    answer = await http.post(
        "/api/repairs/issues/fix", json={"handler": DOMAIN, "issue_id": issue.issue_id}
    )
    assert answer.status == HTTPStatus.BAD_REQUEST


async def test_a_gateway_that_is_down_has_an_issue_until_it_answers(
    hass: HomeAssistant,
    sim: Simulator,
    add_entry: AddEntry,
    until: Until,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await add_entry(sim.world.add_device(name="Front desk", state="connected"))
    sim.world.break_for(3600)
    issue = await until(lambda: issues(hass).get("gateway_down"))
    assert not issue.is_fixable
    assert state_of(hass, "sensor.front_desk_state") == "unavailable"

    sim.world.break_for(0)
    await until(lambda: issues(hass) == {})
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "connected")
    assert caplog.text.count("Error requesting WUTS data") == 1
    assert caplog.text.count("WUTS answers again") == 1


async def test_a_device_that_is_gone_from_the_gateway_has_an_issue(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, until: Until
) -> None:
    device = sim.world.add_device(name="Front desk", state="connected")
    entry = await add_entry(device)
    sim.world.remove(device.id)
    await until(lambda: "device_gone" in issues(hass))
    assert state_of(hass, "sensor.front_desk_state") == "unavailable"

    (subentry_id,) = entry.subentries
    hass.config_entries.async_remove_subentry(entry, subentry_id)
    await until(lambda: issues(hass) == {})
    await until(lambda: hass.states.get("sensor.front_desk_state") is None)


async def test_a_repair_keeps_another_number_if_the_user_says_so_even_when_nothing_is_loaded(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    sim: Simulator,
    add_entry: AddEntry,
    until: Until,
) -> None:
    device = sim.world.add_device(state="connected", phone=PHONE)
    entry = await add_entry(device)
    http = await hass_client()
    sim.world.unlink(device.id)
    issue = await until(lambda: issues(hass).get("needs_pairing"))
    dialog = RepairDialog(http, issue.issue_id)
    await dialog.open()
    await dialog.choose("qr")
    await dialog.until(lambda result: result.get("step_id") == "qr")
    await hass.config_entries.async_unload(entry.entry_id)
    sim.world.scan_device(device.id, "5511977776666")
    await dialog.until(lambda result: result["step_id"] == "wrong_account")
    await dialog.choose("keep_account")
    (subentry,) = entry.subentries.values()
    assert subentry.data[CONF_PHONE_NUMBER] == "5511977776666"
