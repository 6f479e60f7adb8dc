"""Take the pictures of the board: a real supervisor and its history, in Chromium."""

import asyncio
import io
import random
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from aiohttp import web
from PIL import Image
from playwright.async_api import Browser, ViewportSize

from wuts import WutsClient
from wuts.supervisor import (
    DeviceState,
    HistoryKind,
    HistoryLine,
    Supervisor,
    SupervisorSettings,
)
from wuts.supervisor.alerts.records import AlertRecords
from wuts.supervisor.store import Changes
from wuts.supervisor.store.history_reader import HistoryReader
from wuts.supervisor.store.sql import SqlStore
from wuts_cli.board import Board
from wuts_simulator import Device, Fault, FaultKind, Settings, Simulator

from .browser import running_browser
from .parts import PartError
from .small_png import save_small

ACCOUNT = "shop"
NAMES = ("Front desk", "Delivery van", "Support", "Warehouse", "Kiosk", "Night shift", "Returns")
DESKTOP = ViewportSize(width=1100, height=980)
PHONE = ViewportSize(width=390, height=844)
SEED = 11
HOURS = 26.0

_COLOURS = 64
_SETTINGS = SupervisorSettings(interval=600.0, base=0.02, cap=0.05, debounce=0.0)

type Scheme = Literal["light", "dark"]


def earlier(devices: list[Device]) -> AlertRecords:
    """Return what an earlier watch would have written down of these devices."""
    rng, now = random.Random(SEED), datetime.now(UTC)  # noqa: S311 - a picture is no secret
    start = now - timedelta(hours=HOURS)
    lines: list[HistoryLine] = []
    for number, device in enumerate(devices):
        at, state = start, DeviceState.CONNECTED
        while at < now - timedelta(minutes=20):
            lines.append(
                HistoryLine(
                    account=ACCOUNT,
                    device_id=device.id,
                    kind=HistoryKind.STATE,
                    detail=state,
                    at=at,
                )
            )
            is_up = state is DeviceState.CONNECTED
            hours = rng.expovariate((number + 1) / 40) if is_up else rng.uniform(0.1, 1.5)
            at += timedelta(hours=hours)
            state = DeviceState.RECONNECTING if is_up else DeviceState.CONNECTED
    night = now - timedelta(hours=13), now - timedelta(hours=11.5)
    watched = {(ACCOUNT, start): night[0], (ACCOUNT, night[1]): now}
    return AlertRecords(history=lines, watched=watched)


@asynccontextmanager
async def serving() -> AsyncIterator[str]:
    """Serve a board with something on it for as long as the context lasts; yields its address."""
    token = "demo"  # noqa: S105 - it lives as long as the pictures take
    settings = Settings(tokens=((ACCOUNT, token),), seed=SEED, connecting_for=0)
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{Path(folder) / 'store.db'}"
        async with (
            Simulator(settings) as simulator,
            WutsClient(token, base_url=simulator.url) as client,
        ):
            world = simulator.world
            devices = [world.add_device(ACCOUNT, name, state="connected") for name in NAMES]
            store = SqlStore(address)
            await store.claim([ACCOUNT])
            await store.save(Changes(records=earlier(devices)))
            await store.release([ACCOUNT])
            async with _supervised(store, address, client) as (supervisor, url):
                await _happen(simulator, supervisor, devices)
                yield url


@asynccontextmanager
async def _supervised(
    store: SqlStore, address: str, client: WutsClient
) -> AsyncIterator[tuple[Supervisor, str]]:
    supervisor = Supervisor(_SETTINGS, store=store)
    history = HistoryReader(address)
    board = Board(supervisor, [ACCOUNT], may_read=lambda _request: True, history=history)
    app = web.Application()
    app.add_routes(board.routes())
    runner = web.AppRunner(app, access_log=None)
    async with supervisor:
        supervisor.add_account(ACCOUNT, client)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            yield supervisor, f"http://127.0.0.1:{runner.addresses[0][1]}/"
        finally:
            await runner.cleanup()
            await board.aclose()


async def _happen(simulator: Simulator, supervisor: Supervisor, devices: list[Device]) -> None:
    """Let some devices need somebody, of which one has been taken."""
    desk, van, support, _, kiosk, *_ = devices
    await _until(supervisor, len(devices), DeviceState.CONNECTED)
    fault = Fault(
        kind=FaultKind.STATUS,
        endpoint="POST /connect",
        device_id=van.id,
        status=503,
        retry_after="95",
    )
    simulator.world.faults.add(fault)
    simulator.world.drop(van.id)
    supervisor.wake(ACCOUNT, van.id)
    for device in (desk, support):
        simulator.world.unlink(device.id)
        supervisor.wake(ACCOUNT, device.id)
    await supervisor.pause(ACCOUNT, kiosk.id)
    await _until(supervisor, 2, DeviceState.NEEDS_PAIRING)
    await _until(supervisor, 1, DeviceState.RECONNECTING)
    while len(alerts := supervisor.open_alerts()) < 3:  # noqa: ASYNC110, PLR2004 - of these three
        await asyncio.sleep(0.05)
    [alert] = [one for one in alerts if one.device_id == support.id]
    await supervisor.alerts.acknowledge(ACCOUNT, alert.id, by="Ana", note="on my way")


async def _until(supervisor: Supervisor, count: int, state: DeviceState) -> None:
    devices = supervisor.devices(ACCOUNT)
    while sum(one.state is state for one in devices.values()) < count:  # noqa: ASYNC110
        await asyncio.sleep(0.05)


async def take_picture(
    browser: Browser, url: str, *, screen: ViewportSize, scheme: Scheme
) -> Image.Image:
    """Return a picture of the board once its strips are drawn."""
    page = await browser.new_page(viewport=screen, color_scheme=scheme, locale="en-US")
    await page.goto(url)
    await page.wait_for_selector("#rows path.up")
    await page.wait_for_selector("#rows:not([data-drawing])")
    shot = await page.screenshot()
    await page.close()
    return Image.open(io.BytesIO(shot)).convert("RGB")


async def take_pictures(folder: Path) -> None:
    """Write the pictures.

    Raises:
        PartError: There is no browser.
    """
    async with serving() as url, running_browser() as browser:
        pictures = {
            "board": await take_picture(browser, url, screen=DESKTOP, scheme="light"),
            "board-dark": await take_picture(browser, url, screen=DESKTOP, scheme="dark"),
            "board-phone": await take_picture(browser, url, screen=PHONE, scheme="light"),
        }
    for name, picture in pictures.items():
        path = folder / f"{name}.png"
        save_small(picture, path, colours=_COLOURS)
        print(f"{path}: {path.stat().st_size} bytes")


def main() -> None:
    """Write the pictures into the folder on the command line."""
    try:
        asyncio.run(take_pictures(Path(sys.argv[1])))
    except PartError as error:
        sys.exit(f"error: {error}.")


if __name__ == "__main__":
    main()
