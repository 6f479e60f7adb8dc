"""A Home Assistant with the integration, and a gateway it talks to over real HTTP."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import connector
from homeassistant.config_entries import ConfigEntryState, ConfigSubentryData
from homeassistant.const import CONF_TOKEN, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity
from homeassistant.setup import async_setup_component
from homeassistant.util import executor
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.wuts import coordinator
from custom_components.wuts.config_flow import WutsConfigFlow
from custom_components.wuts.const import (
    CONF_DEVICE_ID,
    CONF_PHONE_NUMBER,
    DOMAIN,
    SUBENTRY_DEVICE,
)
from custom_components.wuts.core.pairing import PairingSettings
from custom_components.wuts.core.supervisor import SupervisorSettings
from custom_components.wuts.pairing import steps as pairing_steps
from custom_components.wuts.push import push as push_module
from tests.custom_components.wuts.helpers import PATIENCE, AddEntry, Until
from tests.custom_components.wuts.pushing import delivers, turn_on
from tests.custom_components.wuts.rendering import Renderer, install
from tests.custom_components.wuts.roles import person
from tests.custom_components.wuts.tls import served, write_certificate
from wuts_simulator import Device, Settings, Simulator

__all__ = ["person"]


@pytest.fixture(autouse=True)
def integration(enable_custom_integrations: None) -> None:
    """Let Home Assistant find the integration."""


@pytest.fixture(autouse=True)
def rendered(monkeypatch: pytest.MonkeyPatch) -> Iterator[Renderer]:
    """Write all that is shown in every language, and fail where that is not possible."""
    renderer = Renderer()
    install(renderer, monkeypatch)
    yield renderer
    assert renderer.wrong == []


@pytest.fixture(autouse=True)
def patient_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give idle threads time to end: on a busy machine some need longer than a quarter of a second.

    Home Assistant then interrupts them, and one that is hit as it tells the next one to end leaves
    that one behind.
    """
    monkeypatch.setattr(executor, "EXECUTOR_SHUTDOWN_TIMEOUT", 100)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real behaviour, but seconds become hundredths of one."""
    monkeypatch.setattr(
        coordinator,
        "SETTINGS",
        SupervisorSettings(
            interval=0.2, base=0.05, cap=0.1, debounce=0.0, stable_after=0.1, gone_after=0.4
        ),
    )
    monkeypatch.setattr(
        pairing_steps,
        "TIMES",
        PairingSettings(
            deadline=20.0, poll_interval=0.05, qr_status_interval=0.5, settle=0.2, link_patience=1.0
        ),
    )


@pytest.fixture
async def sim(socket_enabled: None, request: pytest.FixtureRequest) -> AsyncIterator[Simulator]:
    """A gateway whose QRs live long enough for any machine, except tests of their ends."""
    marker = request.node.get_closest_marker("short_qr")
    first = 60.0 if marker is None else 2.0
    later = 60.0 if marker is None else marker.kwargs.get("later", 60.0)
    settings = Settings(qr_first_life=first, qr_life=later, connecting_for=0.05, qr_image=False)
    async with Simulator(settings) as simulator:
        yield simulator


@pytest.fixture
def device(sim: Simulator) -> Device:
    """A connected device; a module may have another one."""
    return sim.world.add_device(name="Front desk", state="connected", phone="5511988887777")


@pytest.fixture
def until() -> Until:
    """Wait until something is true, and return it; a test that waits too long fails."""

    async def wait(condition: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever is waited for
        async with asyncio.timeout(PATIENCE):
            while not (found := condition()):  # noqa: ASYNC110 - what is waited for tells nobody
                await asyncio.sleep(0.01)
            return found

    return wait


@pytest.fixture
def options() -> dict[str, Any]:
    """An account's options; a module may have others."""
    return {}


@pytest.fixture
def entry_of(
    hass: HomeAssistant, sim: Simulator, options: dict[str, Any]
) -> Callable[..., MockConfigEntry]:
    """Make an account's entry with some of its devices, not set up yet."""

    def make(
        *devices: Device,
        token: str = sim.token,
        minor_version: int = WutsConfigFlow.MINOR_VERSION,
    ) -> MockConfigEntry:
        entry = MockConfigEntry(
            domain=DOMAIN,
            title="WUTS",
            entry_id="account",
            minor_version=minor_version,
            data={CONF_TOKEN: token, CONF_URL: sim.url},
            options=options,
            subentries_data=[
                ConfigSubentryData(
                    data={CONF_DEVICE_ID: device.id, CONF_PHONE_NUMBER: device.phone},
                    subentry_type=SUBENTRY_DEVICE,
                    title=device.name,
                    unique_id=device.id,
                )
                for device in devices
            ],
        )
        entry.add_to_hass(hass)
        return entry

    return make


@pytest.fixture
def add_entry(
    hass: HomeAssistant,
    sim: Simulator,
    entry_of: Callable[..., MockConfigEntry],
    until: Until,
) -> AddEntry:
    """Add an account with some of its devices and wait until all of them are watched."""

    async def add(*devices: Device, token: str = sim.token) -> MockConfigEntry:
        entry = entry_of(*devices, token=token)
        assert await async_setup_component(hass, "repairs", {})
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
        if entry.state is ConfigEntryState.LOADED:
            watched = entry.runtime_data.supervisor.devices(entry.entry_id)
            await until(lambda: all(device.id in watched for device in devices))
        return entry

    return add


@pytest.fixture
def add_pushed(
    hass: HomeAssistant, sim: Simulator, home: str, add_entry: AddEntry, until: Until
) -> AddEntry:
    """Add an account with push, and wait until the gateway delivers for each of its devices."""

    async def add(*devices: Device, token: str = sim.token) -> MockConfigEntry:
        entry = await add_entry(*devices, token=token)
        await turn_on(hass, entry)
        await until(lambda: all(delivers(device, home) for device in devices))
        return entry

    return add


@pytest.fixture
def short_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a pairing give up after half a second."""
    monkeypatch.setattr(
        pairing_steps, "TIMES", replace(pairing_steps.TIMES, deadline=0.5, poll_interval=0.05)
    )


@pytest.fixture
def all_enabled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enable the entities too that are off by default."""
    monkeypatch.setattr(Entity, "entity_registry_enabled_default", property(lambda _entity: True))


@pytest.fixture
def patient(quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Look once an hour, so that what is seen sooner was delivered."""
    monkeypatch.setattr(
        coordinator,
        "SETTINGS",
        SupervisorSettings(
            interval=3600.0, base=0.05, cap=0.1, debounce=0.0, stable_after=0.1, gone_after=0.4
        ),
    )
    monkeypatch.setattr(push_module, "RETRY_AFTER", 0.1)


@pytest.fixture
async def home(hass: HomeAssistant, socket_enabled: None, tmp_path: Path) -> AsyncIterator[str]:
    """Home Assistant by https, known to itself by that address and trusted by the gateway."""
    # No view is added to a server that has begun.
    for component in ("image", "notify", "repairs", "webhook", "websocket_api", DOMAIN):
        assert await async_setup_component(hass, component, {})
    pem = write_certificate(tmp_path)
    connector._SSL_CONTEXT_VERIFIED.load_verify_locations(pem)
    async with served(hass.http.app, pem) as url:
        await hass.config.async_update(external_url=url)
        yield url
