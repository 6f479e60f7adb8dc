"""The integration in a real Home Assistant: set-up, refreshes, and how soon a repair is there.

``.venv-ha/bin/python -m benchmarks.home_assistant``, after ``scripts/setup home-assistant``. The
gateway runs in a process of its own. It takes about five minutes.
"""

import argparse
import asyncio
import gc
import os
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from homeassistant.config_entries import ConfigEntryState, ConfigSubentryData
from homeassistant.const import CONF_TOKEN, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.httpx_client import get_async_client
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_test_home_assistant,
)

from custom_components.wuts import coordinator
from custom_components.wuts.account.consent import CONF_CONFIRMED
from custom_components.wuts.const import CONF_DEVICE_ID, DOMAIN, SUBENTRY_DEVICE
from custom_components.wuts.core.supervisor import SupervisorSettings
from custom_components.wuts.push.options import new_options
from tests.custom_components.wuts.tls import served, write_certificate

from .gateway import Gateway, running_gateway
from .loop_watch import LoopWatch
from .report import machine, publish, table

SIZES = (1, 20, 200)
REFRESHES = 20
ROUNDS = 5
UNLINKS = 15
SHORT = 2.0
"""Seconds between two looks while refreshes are measured: what one costs does not depend on it."""

INTERVAL = SupervisorSettings().interval
HOUR = 3600.0

PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Costs:
    """What an account of some size costs; the first two in multiples of a bare ``GET /devices``.

    Attributes:
        set_up: Time until the entry is loaded with all its entities.
        refresh: CPU of one refresh.
        share: CPU of one refresh, as a share of the time between two with the default interval.
        requests: Requests in each interval.
    """

    set_up: float
    refresh: float
    share: float
    requests: float


@asynccontextmanager
async def home() -> AsyncIterator[HomeAssistant]:
    """Run a Home Assistant that knows the integration, in a folder of its own."""
    with TemporaryDirectory() as folder:
        async with async_test_home_assistant(config_dir=folder) as hass:
            del hass.data[DATA_CUSTOM_COMPONENTS]
            yield hass
            await hass.async_stop(force=True)


def entry_of(gateway: Gateway, device_ids: list[str]) -> MockConfigEntry:
    """Return an account with its devices, not set up yet."""
    return MockConfigEntry(
        domain=DOMAIN,
        title="WUTS",
        data={CONF_TOKEN: gateway.token, CONF_URL: gateway.url},
        subentries_data=[
            ConfigSubentryData(
                data={CONF_DEVICE_ID: device_id},
                subentry_type=SUBENTRY_DEVICE,
                title=f"Device {number}",
                unique_id=device_id,
            )
            for number, device_id in enumerate(device_ids)
        ],
    )


def look_every(interval: float) -> None:
    """Change how often the accounts that are set up from now on are looked at."""
    coordinator.SETTINGS = SupervisorSettings(interval=interval)


async def set_up(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Set an account up, with all that follows from it."""
    if hass.config_entries.async_get_entry(entry.entry_id) is None:
        entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    if entry.state is not ConfigEntryState.LOADED:
        raise RuntimeError(f"The account was not set up: {entry.reason}")


async def bare_costs(hass: HomeAssistant, url: str, token: str) -> tuple[float, float]:
    """Return seconds and CPU of a ``GET`` by Home Assistant's own HTTP client."""
    http = get_async_client(hass)
    headers = {"Authorization": f"Bearer {token}"}
    async with LoopWatch(stalls=False) as watch:
        for _ in range(REFRESHES):
            (await http.get(url, headers=headers)).raise_for_status().json()
    return watch.wall / REFRESHES, watch.cpu / REFRESHES


async def refresh_costs(gateway: Gateway) -> tuple[float, float]:
    """Return the CPU of a refresh, and how many requests there are in an interval."""
    await asyncio.sleep(2 * SHORT)
    gc.collect()
    before = gateway.request_count()
    async with LoopWatch(stalls=False) as watch:
        await asyncio.sleep(REFRESHES * SHORT)
    requests = gateway.request_count() - before
    return watch.cpu / requests, requests / REFRESHES


async def costs_of(size: int) -> Costs:
    """Measure an account with so many devices."""
    look_every(SHORT)
    times = []
    with running_gateway() as gateway:
        entry = entry_of(gateway, gateway.add_devices(size))
        async with home() as hass:
            bare_wall, bare_cpu = await bare_costs(hass, f"{gateway.url}/devices", gateway.token)
            await set_up(hass, entry)
            for _ in range(ROUNDS):
                await hass.config_entries.async_unload(entry.entry_id)
                begun = time.perf_counter()
                await set_up(hass, entry)
                times.append(time.perf_counter() - begun)
            cpu, requests = await refresh_costs(gateway)
            await hass.config_entries.async_unload(entry.entry_id)
    return Costs(median(times) / bare_wall, cpu / bare_cpu, cpu / INTERVAL, requests)


async def until(condition: Callable[[], object]) -> None:
    """Wait until something is true."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.001)


async def repair_times(hass: HomeAssistant, gateway: Gateway, device_ids: list[str]) -> list[float]:
    """Unlink devices at any moments of two intervals; return the seconds until each repair."""
    issues = ir.async_get(hass).issues
    moments = random.Random(7)  # noqa: S311 - it only spreads moments

    async def unlink(device_id: str) -> float:
        await asyncio.sleep(moments.uniform(0, 2 * INTERVAL))
        await asyncio.to_thread(gateway.control, f"devices/{device_id}/unlink")
        begun = time.perf_counter()
        await until(lambda: any(issue_id.endswith(device_id) for _, issue_id in issues))
        return time.perf_counter() - begun

    return await asyncio.gather(*map(unlink, device_ids))


async def polled_repairs() -> list[float]:
    """Return the seconds until a repair without push."""
    look_every(INTERVAL)
    with running_gateway() as gateway:
        ids = gateway.add_devices(UNLINKS)
        async with home() as hass:
            await set_up(hass, entry_of(gateway, ids))
            return await repair_times(hass, gateway, ids)


async def pushed_repairs() -> list[float]:
    """Return the seconds until a repair with push; looking would take an hour."""
    look_every(HOUR)
    with TemporaryDirectory() as folder:
        pem = write_certificate(Path(folder))
        # The gateway's process takes Home Assistant's certificate for a good one.
        os.environ["SSL_CERT_FILE"] = str(pem)
        with running_gateway() as gateway:
            ids = gateway.add_devices(UNLINKS)
            async with home() as hass, home_by_https(hass, pem):
                entry = entry_of(gateway, ids)
                entry.add_to_hass(hass)
                # Somebody has agreed that the webhooks of several devices may be set.
                options = new_options({CONF_CONFIRMED: True})
                hass.config_entries.async_update_entry(entry, options=options)
                await set_up(hass, entry)
                # One look at each webhook, one to take it, and the listing.
                await until(lambda: gateway.request_count() > 2 * UNLINKS)
                return await repair_times(hass, gateway, ids)


@asynccontextmanager
async def home_by_https(hass: HomeAssistant, pem: Path) -> AsyncIterator[str]:
    """Let the gateway reach Home Assistant, and give its address."""
    # No view is added to a server that has begun.
    for component in ("event", "image", "notify", "repairs", DOMAIN):
        await async_setup_component(hass, component, {})
    async with served(hass.http.app, pem) as url:
        await hass.config.async_update(external_url=url)
        yield url


def costs_table(costs: dict[int, Costs]) -> str:
    """Return what accounts of each size cost."""
    least = costs[SIZES[0]]
    rows = [
        [
            f"{size}",
            f"{one.set_up:.1f}",
            f"{one.set_up / least.set_up / size:.2f}",
            f"{one.refresh:.1f}",
            f"{one.share:.3%}",
            f"{one.requests:.2f}",
            f"{one.requests * 60 / INTERVAL:.1f}",
        ]
        for size, one in costs.items()
    ]
    head = ["devices", "set-up, in bare requests", "set-up per device, of one device's"]
    head += ["CPU of a refresh, in bare requests", "share of a core", "requests per interval"]
    return table([*head, "requests per minute"], rows)


def repairs_text(polled: list[float], pushed: list[float]) -> str:
    """Return how soon repairs are there, in intervals."""

    def shares(times: list[float]) -> str:
        return (
            f"a median of {median(times) / INTERVAL:.2f} and at most {max(times) / INTERVAL:.2f}"
            " of the interval"
        )

    return (
        f"From an unlink on the phone to the repair issue, {UNLINKS} devices at any moment, with"
        f" the default interval of {INTERVAL:.0f} s: polled, {shares(polled)}; pushed,"
        f" {shares(pushed)}."
        " Before a repair asks a person, one reconnect is tried, which waits a few seconds."
    )


async def measure() -> str:
    """Measure all of it."""
    costs = {size: await costs_of(size) for size in SIZES}
    told = (
        "A bare request is a `GET /devices` of the same account by Home Assistant's HTTP client,"
        f" read as JSON. Medians of {ROUNDS} set-ups, means of {REFRESHES} refreshes. {machine()}."
    )
    repairs = repairs_text(await polled_repairs(), await pushed_repairs())
    return "\n\n".join((told, costs_table(costs), repairs))


def main() -> None:
    """Measure, print, and write the page."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    publish("home_assistant", asyncio.run(measure()))


if __name__ == "__main__":
    main()
