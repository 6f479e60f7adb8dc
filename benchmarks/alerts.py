"""What people wait for, and what is kept: ``python -m benchmarks.alerts``.

How soon a watch has what another process orders, how large a year of history is, and how long a
report takes: real commands over a SQLite file and a PostgreSQL server of the benchmark's own. It
takes about five minutes.
"""

import argparse
import asyncio
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import batched
from pathlib import Path
from random import Random
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from tempfile import TemporaryDirectory

import asyncpg

from tests.core.wuts.supervisor.store.postgresql_server import PostgresqlServer, find_programs
from tests.core.wuts.supervisor.store.values import snapshot
from tests.wuts_cli.command import TOKEN, Json, Wuts, ended, next_event
from wuts.clock import steady_time
from wuts.supervisor import DeviceState, HistoryKind, HistoryLine
from wuts.supervisor.alerts.records import AlertRecords
from wuts.supervisor.store import Changes, Verb
from wuts.supervisor.store.alert_orders import acknowledge_argument
from wuts.supervisor.store.sql import SqlStore
from wuts_cli.store import ACCOUNT
from wuts_simulator import Settings, Simulator

from .report import check_markers, machine, publish, table

ALERTS = 10
"""Alerts that are taken by a command, and as many that are taken without one."""

DEVICES = 1_000
IDS = [f"0192c8e0-0000-7000-8000-{number:012}" for number in range(DEVICES)]
DAYS = 365
DROPS_A_DAY = 1
"""Of each device, at most: each is two lines of the history."""

REPORTS = 3
LINES_AT_ONCE = 20_000

_QUICK = ("--interval", "0.2", "--base", "0.05", "--cap", "0.2", "--debounce", "0")


def installed(url: str) -> Wuts:
    """Return a command that keeps what it compiles, as one that was installed has it."""
    return Wuts(url, PYTHONDONTWRITEBYTECODE="")


class Watch:
    """A ``wuts watch --store``, and what is done beside it.

    Args:
        process: The command.
        wuts: Runs others beside it.
        sim: The gateway.
        address: The store's.
    """

    def __init__(self, process: Process, wuts: Wuts, sim: Simulator, address: str) -> None:
        self._process = process
        self._wuts = wuts
        self._sim = sim
        self._address = address

    async def knows(self, count: int) -> None:
        """Wait until it has seen so many devices."""
        for _ in range(count):
            await self._next(event="state", new="connected")

    async def taken_by_command(self, device_id: str) -> float:
        """Return the seconds from the start of ``wuts ack`` until it says that it is so."""
        alert_id = await self._raised(device_id)
        since = steady_time()
        done = await self._wuts("ack", alert_id, "--by", "Ana", "--store", self._address)
        seconds = steady_time() - since
        if not done.out.startswith("Ana takes care of it"):
            raise SystemExit(f"wuts ack did not work: {done}")
        await self._next(event="alert_updated", update="acknowledged")
        return seconds

    async def taken(self, device_id: str, people: SqlStore) -> float:
        """Return the seconds from an order in the store until the watch reports it."""
        alert_id = await self._raised(device_id)
        argument, now = acknowledge_argument(alert_id, "Ana", ""), datetime.now(UTC)
        since = steady_time()
        await people.add_order(ACCOUNT, device_id, Verb.ACKNOWLEDGE, now, argument)
        await self._next(event="alert_updated", update="acknowledged")
        return steady_time() - since

    async def _raised(self, device_id: str) -> str:
        self._sim.world.unlink(device_id)
        alert = await self._next(event="alert", kind="needs_pairing", status="raised")
        return str(alert["id"])

    async def _next(self, **wanted: Json) -> Json:
        while True:
            event = await next_event(self._process)
            if all(event.get(name) == value for name, value in wanted.items()):
                return event


async def orders(name: str, address: str) -> list[str]:
    """Take alerts beside a watch; return the table's row."""
    people, rng = SqlStore(address), Random(1)  # noqa: S311 - moments are no secret
    with Simulator(Settings(tokens=(("home", TOKEN),), qr_image=False, connecting_for=0)) as sim:
        devices = sim.world.add_devices("home", 2 * ALERTS, state="connected")
        wuts = installed(sim.url)
        async with wuts.started("watch", "--json", *_QUICK, "--store", address) as process:
            watch = Watch(process, wuts, sim, address)
            await watch.knows(2 * ALERTS)
            commands, bare = list[float](), list[float]()
            for first, second in batched([one.id for one in devices], 2):
                await asyncio.sleep(rng.random())
                commands.append(await watch.taken_by_command(first))
                await asyncio.sleep(rng.random())
                bare.append(await watch.taken(second, people))
            starts = [await _seconds(wuts, "alerts", "--store", address) for _ in range(ALERTS)]
    await people.close()
    return [name, _span(bare), _span(commands), f"{median(starts):.2f} s"]


def _span(seconds: list[float]) -> str:
    return f"{median(seconds):.2f} s, {max(seconds):.2f} s"


async def _seconds(wuts: Wuts, *arguments: str) -> float:
    """Return how long a command takes, from its start to its end."""
    since = steady_time()
    async with wuts.started(*arguments, stdout=DEVNULL) as process:
        done = await ended(process)
    if done.code:
        raise SystemExit(f"{arguments} did not work: {done}")
    return steady_time() - since


def a_year(rng: Random, end: datetime) -> Iterator[HistoryLine]:
    """Return the lines of a year, day by day: devices that drop once and return."""
    begin = end - timedelta(days=DAYS)
    for device_id in IDS:
        yield _line(device_id, DeviceState.CONNECTED, begin)
    for day in range(DAYS):
        lines = []
        for device_id in IDS:
            for _ in range(DROPS_A_DAY):
                at = begin + timedelta(days=day, seconds=rng.uniform(0, 86_000))
                lines.append(_line(device_id, DeviceState.RECONNECTING, at))
                later = at + timedelta(seconds=rng.uniform(1, 400))
                lines.append(_line(device_id, DeviceState.CONNECTED, later))
        yield from sorted(lines, key=lambda line: line.at)


def _line(device_id: str, state: DeviceState, at: datetime) -> HistoryLine:
    kind = HistoryKind.STATE
    return HistoryLine(account=ACCOUNT, device_id=device_id, kind=kind, detail=state, at=at)


async def write_a_year(address: str) -> int:
    """Fill a store; return how many lines there are."""
    store, count, end = SqlStore(address), 0, datetime.now(UTC)
    lines_of_a_year = a_year(Random(1), end)  # noqa: S311 - moments are no secret
    await store.claim([ACCOUNT])
    for lines in batched(lines_of_a_year, LINES_AT_ONCE):
        await store.save(Changes(records=AlertRecords(history=lines)))
        count += len(lines)
    known = {
        (ACCOUNT, id_): snapshot(id_, account=ACCOUNT, name=f"Desk {number}")
        for number, id_ in enumerate(IDS)
    }
    watched = {(ACCOUNT, end - timedelta(days=DAYS)): end}
    await store.save(Changes(known, records=AlertRecords(watched=watched)))
    await store.close()
    return count


async def history(name: str, address: str, size: Callable[[], Awaitable[int]]) -> list[str]:
    """Write a year and report a month of it; return the table's row."""
    count = await write_a_year(address)
    wuts = installed("http://127.0.0.1:1")
    await _seconds(wuts, "history", "--since", "1h", "--store", address)
    times, used = list[float](), list[float]()
    for _ in range(REPORTS):
        before = getrusage(RUSAGE_CHILDREN)
        times.append(await _seconds(wuts, "history", "--since", "30d", "--store", address))
        after = getrusage(RUSAGE_CHILDREN)
        used.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    megabytes = await size() / 1e6
    return [
        name,
        f"{count:,}",
        f"{megabytes:.0f} MB",
        f"{median(times):.2f} s",
        f"{median(used):.2f} s",
    ]


async def _size_of_database(address: str) -> int:
    connection = await asyncpg.connect(address)
    try:
        size: int = await connection.fetchval("SELECT pg_database_size(current_database())")
    finally:
        await connection.close()
    return size


async def measure() -> str:
    """Measure all; return the page's part."""
    programs = find_programs()
    if programs is None:
        raise SystemExit("This needs the programs of a PostgreSQL server: initdb, pg_ctl, postgres")
    with TemporaryDirectory() as folder, PostgresqlServer(programs) as server:
        file = Path(folder) / "orders.db"
        taken = [
            await orders("SQLite", f"sqlite:///{file}"),
            await orders("PostgreSQL", await server.new_database()),
        ]
        year, database = Path(folder) / "year.db", await server.new_database()

        async def size_of_file() -> int:
            return year.stat().st_size

        kept = [
            await history("SQLite", f"sqlite:///{year}", size_of_file),
            await history("PostgreSQL", database, lambda: _size_of_database(database)),
        ]
    head = ["store", "an order until the watch has it", "`wuts ack`, start to end"]
    ways = table([*head, "`wuts alerts`, for comparison"], taken)
    reports = table(
        ["store", "lines", "size", "`wuts history --since 30d`", "CPU of that"],
        kept,
    )
    conditions = (
        f"Medians and maxima of {ALERTS} alerts at random moments; {DEVICES:,} devices that each "
        f"drop {DROPS_A_DAY} time a day for {DAYS} days, medians of {REPORTS} reports. The aims: a "
        f"second from an order until it holds, 200 MB, 2 s for the report. {machine()}."
    )
    return f"{ways}\n\n{reports}\n\n{conditions}"


def main() -> None:
    """Measure, print, and write the page."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    check_markers(["alerts"])
    publish("alerts", asyncio.run(measure()))


if __name__ == "__main__":
    main()
