"""Measures the board with many devices: what it costs the supervisor, and how it moves in Chromium.

Usage: python -m benchmarks.board [DEVICES]
"""

import argparse
import asyncio
import gc
import json
import random
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import ClientSession, web
from playwright.async_api import Browser, Page, expect

from scripts.lib.browser import running_browser
from wuts import WutsClient
from wuts.http.aiohttp_transport import aiohttp_transport
from wuts.supervisor import (
    DeviceState,
    HistoryKind,
    HistoryLine,
    Supervisor,
    SupervisorSettings,
)
from wuts.supervisor.alerts.records import AlertRecords
from wuts.supervisor.store import Changes, DeviceSnapshot
from wuts.supervisor.store.history_reader import HistoryReader
from wuts.supervisor.store.sql import SqlStore
from wuts_cli.board import Board

from .gateway import ACCOUNT, Gateway, running_gateway
from .lateness import quantile
from .loop_watch import LoopWatch
from .report import check_markers, machine, publish, table

DEVICES = 1000
DAYS = 90
DROPS_PER_DAY = 1.0
AT_ONCE = 200
"""Devices that change at once while the page is looked at."""

SLOW = 120_000
"""Milliseconds that anything may take before the run is given up."""

LONG = 50.0
"""Milliseconds of one task after which a person notices."""

WATCH = """
() => {
  window.drawn = 0;
  const next = () => { drawn += 1; requestAnimationFrame(next); };
  requestAnimationFrame(next);
}
"""
IDLE = "new Promise((done) => setTimeout(done, 3000))"
SCROLL = """
async () => {
  for (let place = 0; place < document.body.scrollHeight; place += 400) {
    scrollTo(0, place);
    await new Promise(requestAnimationFrame);
  }
  scrollTo(0, 0);
}
"""


@dataclass
class Stage:
    """A board in use."""

    supervisor: Supervisor
    url: str
    ids: list[str]
    history: HistoryReader


async def write_history(address: str, ids: list[str]) -> int:
    """Fill a store with what 90 days of as many devices leave; return how many lines."""
    rng, now = random.Random(7), datetime.now(UTC)  # noqa: S311 - the same run each time
    start = now - timedelta(days=DAYS)
    lines: list[HistoryLine] = []
    for device_id in ids:
        at, state = start, DeviceState.CONNECTED
        while at < now:
            lines.append(_line(device_id, state, at))
            is_up = state is DeviceState.CONNECTED
            hours = rng.expovariate(DROPS_PER_DAY / 24) if is_up else rng.expovariate(20)
            at += timedelta(hours=hours)
            state = DeviceState.RECONNECTING if is_up else DeviceState.CONNECTED
    snapshots = {(ACCOUNT, device_id): _snapshot(device_id) for device_id in ids}
    records = AlertRecords(history=lines, watched={(ACCOUNT, start): now})
    store = SqlStore(address)
    await store.claim([ACCOUNT])
    await store.save(Changes(snapshots=snapshots, records=records))
    await store.close()
    return len(lines)


def _line(device_id: str, state: DeviceState, at: datetime) -> HistoryLine:
    return HistoryLine(
        account=ACCOUNT, device_id=device_id, kind=HistoryKind.STATE, detail=state, at=at
    )


def _snapshot(device_id: str) -> DeviceSnapshot:
    return DeviceSnapshot(
        account=ACCOUNT,
        device_id=device_id,
        name="",
        was_paired=True,
        paused=False,
        needs_pairing=False,
        stale_link=False,
    )


@asynccontextmanager
async def staged(gateway: Gateway, address: str, ids: list[str]) -> AsyncIterator[Stage]:
    """Supervise and serve the board for as long as the context lasts."""
    supervisor = Supervisor(SupervisorSettings(interval=30.0), store=SqlStore(address))
    history = HistoryReader(address)
    board = Board(supervisor, [ACCOUNT], may_read=lambda _request: True, history=history)
    app = web.Application()
    app.add_routes(board.routes())
    runner = web.AppRunner(app, access_log=None)
    client = WutsClient(gateway.token, base_url=gateway.url, http_transport=aiohttp_transport)
    async with client, supervisor:
        supervisor.add_account(ACCOUNT, client)
        devices = supervisor.devices(ACCOUNT)
        while sum(one.state is not None for one in devices.values()) < len(ids):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
            yield Stage(supervisor, url, ids, history)
        finally:
            await runner.cleanup()
            await board.aclose()


async def lateness(until: Awaitable[object]) -> float:
    """Return how late a timer of the loop is while something runs: the 99th percentile, in s."""
    task = asyncio.ensure_future(until)
    late: list[float] = []
    while not task.done():
        due = time.perf_counter() + 0.005
        await asyncio.sleep(0.005)
        late.append(time.perf_counter() - due)
    await task
    return quantile(late, 99)


async def saves(stage: Stage, until: Callable[[], Awaitable[object]]) -> float:
    """Return how long the longest save took while something ran, in seconds."""
    task, longest = asyncio.ensure_future(until()), 0.0
    device_id = stage.ids[0]
    while not task.done():
        begun = time.perf_counter()
        await stage.supervisor.pause(ACCOUNT, device_id)
        await stage.supervisor.resume(ACCOUNT, device_id)
        longest = max(longest, (time.perf_counter() - begun) / 2)
    await task
    return longest


async def service_table(stage: Stage) -> str:
    """Measure what the supervisor's process has to do."""
    rows = []
    idle = await lateness(asyncio.sleep(2.0))
    quiet = await saves(stage, lambda: asyncio.sleep(2.0))
    async with ClientSession() as session:

        async def read(path: str) -> int:
            async with session.get(stage.url + path) as answer:
                answer.raise_for_status()
                return int(answer.headers["Content-Length"])

        for path in ("board.json", "uptime.json?period=day", "uptime.json?period=quarter"):
            async with LoopWatch() as watch:
                late = await lateness(read(path))
            rows.append(
                [
                    f"`{path}`",
                    f"{watch.cpu:.2f} s",
                    f"{await read(path) / 1024:.0f} KiB",
                    f"{1000 * watch.longest_stall:.0f} ms",
                    f"{1000 * late:.0f} ms",
                ]
            )
    now = datetime.now(UTC)
    busy = await saves(
        stage, lambda: stage.history.strips([ACCOUNT], now - timedelta(days=DAYS), now, parts=DAYS)
    )
    head = [
        "answer",
        "first made in",
        "CPU",
        "size",
        "longest stall of the loop",
        "timers late (p99)",
    ]
    told = (
        f"Timers are {1000 * idle:.0f} ms late (p99) while nobody asks. The longest save took "
        f"{1000 * busy:.0f} ms while 90 days were read, and {1000 * quiet:.0f} ms otherwise."
    )
    return f"{table(head, rows)}\n\n{told}"


async def page_table(stage: Stage) -> str:
    """Measure how the page moves, beside a page with nothing on it."""
    async with running_browser() as browser:
        page = await browser.new_page(viewport={"width": 1200, "height": 900})
        await page.add_init_script(f"({WATCH})()")
        await page.goto("data:text/html,<p>")
        eye = Eye(browser, page)
        rows = [await eye.row("an empty page, for 3 s", page.evaluate(IDLE))]
        rows.append(await eye.row("first drawn", _open(page, stage)))
        rows.append(await eye.row("nothing changes for 3 s", page.evaluate(IDLE)))
        rows.append(await eye.row(f"{AT_ONCE} devices change", _change(page, stage)))
        box = page.get_by_role("searchbox")
        typing = box.press_sequentially("device 99", delay=50)
        rows.append(await eye.row("the filter is typed", typing))
        await box.fill("")
        rows.append(await eye.row("scrolled to the end", page.evaluate(SCROLL)))
        await page.get_by_role("button", name="90 days").click()
        rows.append(await eye.row("90 days are drawn", page.evaluate(IDLE)))
        await page.close()
    head = ["in Chromium", "frames", "CPU per frame", "longest task", "tasks over 50 ms"]
    told = (
        "Both are CPU of the page's own thread, so that other work on the machine does not count."
    )
    return f"{table(head, rows)}\n\n{told}"


@dataclass
class Eye:
    """Looks at a page, and at what Chromium traces of it."""

    browser: Browser
    page: Page

    async def row(self, title: str, work: Awaitable[object]) -> list[str]:
        """Do something, and return how the page did meanwhile."""
        await self.page.evaluate("drawn = 0")
        await self.browser.start_tracing(page=self.page, categories=["toplevel"])
        await work
        if self.page.url.startswith("http"):
            await self.page.wait_for_selector("#rows:not([data-drawing])")
        tasks = tasks_in(await self.browser.stop_tracing())
        frames = max(1, await self.page.evaluate("drawn"))
        return [
            title,
            str(frames),
            f"{sum(tasks) / frames:.1f} ms",
            f"{max(tasks):.0f} ms",
            str(sum(task > LONG for task in tasks)),
        ]


def tasks_in(trace: bytes) -> list[float]:
    """Return the milliseconds of CPU that each task of the page's thread took."""
    events = json.loads(trace)["traceEvents"]
    mains = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    return [
        event.get("tdur", 0) / 1000
        for event in events
        if event["name"] == "ThreadControllerImpl::RunTask"
        and (event["pid"], event["tid"]) in mains
    ]


async def _open(page: Page, stage: Stage) -> None:
    await page.goto(stage.url)
    await expect(page.locator("#rows > li")).to_have_count(len(stage.ids), timeout=SLOW)


async def _change(page: Page, stage: Stage) -> None:
    for device_id in stage.ids[:AT_ONCE]:
        await stage.supervisor.pause(ACCOUNT, device_id)
    await expect(page.locator("#rows > .is-paused")).to_have_count(AT_ONCE, timeout=SLOW)


async def measure(count: int) -> None:
    """Measure, print, and write the page."""
    with running_gateway() as gateway, tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{Path(folder) / 'store.db'}"
        ids = gateway.add_devices(count)
        lines = await write_history(address, ids)
        gc.freeze()  # as the command does
        async with staged(gateway, address, ids) as stage:
            parts = [await service_table(stage), await page_table(stage)]
    told = f"{count:,} devices, {lines:,} changes in {DAYS} days, SQLite. {machine()}."
    publish("board", "\n\n".join((told, *parts)))


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("devices", type=int, nargs="?", default=DEVICES)
    arguments = parser.parse_args()
    check_markers(["board"])
    asyncio.run(measure(arguments.devices))


if __name__ == "__main__":
    main()
