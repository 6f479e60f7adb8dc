"""What several of these tests use: the types of fixtures, and a phone's camera."""

import asyncio
import base64
import io
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import zxingcpp
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import issue_registry as ir
from PIL import Image
from pytest_homeassistant_custom_component.common import MockConfigEntry, flush_store

from custom_components.wuts.account.members import identifier_of
from custom_components.wuts.const import DOMAIN
from custom_components.wuts.pairing.dashboards import CONF_DASHBOARDS
from wuts_simulator import Device

PATIENCE = 240
"""Seconds that anything may take on a slow machine; a test that waits too long fails."""

type Result = Any  # what a flow returns differs by its kind
type Condition = Callable[[Result], object]
type Until = Callable[[Callable[[], Any]], Awaitable[Any]]


class AddEntry(Protocol):
    """Adds an account with some of its devices."""

    async def __call__(self, *devices: Device, token: str = ...) -> MockConfigEntry: ...


def issues_of(hass: HomeAssistant, kind: str) -> list[ir.IssueEntry]:
    """Return the repair issues of a kind, whichever variant of its text they show."""
    found = ir.async_get(hass).issues.values()
    return [one for one in found if f"{one.translation_key}_".startswith(f"{kind}_")]


def suggested(result: Result) -> dict[str, Any]:
    """Return what stands in the fields of a form already."""
    fields = [field for field in result["data_schema"].schema if field.description]
    return {str(field): field.description["suggested_value"] for field in fields}


def read_qr(picture: str) -> str:
    """Read the QR of a picture as a phone does."""
    png = base64.b64decode(picture.removeprefix("data:image/png;base64,"))
    return zxingcpp.read_barcodes(
        Image.open(io.BytesIO(png)), formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    )[0].text


def state_of(hass: HomeAssistant, entity_id: str) -> str:
    """Return the state of an entity that must be there."""
    state = hass.states.get(entity_id)
    assert state is not None, f"there is no {entity_id}"
    return state.state


def our_tasks() -> set[str]:
    """Return the names of our tasks that run."""
    names = {task.get_name() for task in asyncio.all_tasks()}
    return {name for name in names if name.startswith(("wuts", "pairing"))}


async def forget_memory(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Load an account as after a restart: with what is in storage, and nothing else of ours."""
    await hass.config_entries.async_unload(entry.entry_id)
    for key in [key for key in hass.data if str(key).startswith(DOMAIN)]:
        del hass.data[key]
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()


async def restart_issues(hass: HomeAssistant) -> None:
    """Read the repair issues again as Home Assistant does when it starts: use `hass_storage`."""
    registry = ir.async_get(hass)
    await flush_store(registry._store)
    await registry._async_load()


async def on_dashboards(hass: HomeAssistant, entry: MockConfigEntry, *, on: bool = True) -> None:
    """Choose whether people may pair on dashboards, in the account's options."""
    flow = await hass.config_entries.options.async_init(entry.entry_id)
    answers = {CONF_DASHBOARDS: on}
    await hass.config_entries.options.async_configure(flow["flow_id"], answers)
    await hass.async_block_till_done()


def registered(hass: HomeAssistant, device: Device) -> dr.DeviceEntry:
    """Return a device as Home Assistant's registry has it."""
    registry = dr.async_get(hass)
    (found,) = (
        one
        for account in hass.config_entries.async_entries(DOMAIN)
        for one in dr.async_entries_for_config_entry(registry, account.entry_id)
        if (DOMAIN, identifier_of(account, device.id)) in one.identifiers
    )
    return found


async def disconnect(hass: HomeAssistant, device: Device, how: str) -> None:
    """Disconnect a device named Front desk by its button, or any by the action."""
    if how == "button":
        chosen = {"entity_id": "button.front_desk_disconnect"}
        await hass.services.async_call("button", "press", chosen, blocking=True)
        return
    chosen = {"device_id": registered(hass, device).id}
    await hass.services.async_call(DOMAIN, "disconnect", chosen, blocking=True)
