"""What it costs to share accounts out: the CPU of a look, by one process and by two.

The real command in processes of its own, with a real PostgreSQL. Loops of the lowest priority keep
the cores awake: on a virtual machine, what it takes to wake a core counts as the process's own CPU,
and two processes wake two.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import psutil

from tests.core.wuts.supervisor.store.postgresql_server import PostgresqlServer, find_programs
from tests.core.wuts.supervisor.store.shards_held import until_even

from .gateway import Gateway, account_names, add_fleet, running_gateway, token_of
from .report import table

ACCOUNTS = 1_000
DEVICES = 5_000
INTERVAL = 10.0
WINDOW = 3 * INTERVAL
ROUNDS = 3
PATIENCE = 120.0

_WUTS = Path(sys.executable).with_name("wuts")


@dataclass(frozen=True, slots=True)
class Look:
    """What looks came to.

    Attributes:
        cpu: Seconds of a look, of all processes together.
        rate: Looks a second.
    """

    cpu: float
    rate: float


def shares_table() -> str:
    """Measure a look of one process and of two, in turns, and of one that has its store alone."""
    programs = find_programs()
    if programs is None:
        raise LookupError("There is no PostgreSQL server on this machine: initdb, pg_ctl, postgres")
    with (
        _cores_awake(),
        PostgresqlServer(programs) as server,
        TemporaryDirectory() as folder,
        running_gateway() as gateway,
    ):
        add_fleet(gateway, DEVICES, ACCOUNTS)
        file = Path(folder) / "wuts.toml"
        file.write_text(_configuration(gateway))
        shared, alone = asyncio.run(server.new_database()), f"sqlite:///{folder}/store.db"
        rounds = [
            (
                _shared_look(gateway, file, shared, 1),
                _shared_look(gateway, file, shared, 2),
                _lone_look(gateway, file, alone),
            )
            for _ in range(ROUNDS)
        ]
    return _shown(rounds)


def _shown(rounds: Sequence[tuple[Look, Look, Look]]) -> str:
    told = ("1, sharing (PostgreSQL)", "2, sharing (PostgreSQL)", "1, alone (SQLite)")
    rows = [
        [
            name,
            f"{median(looks[place].rate for looks in rounds):.0f}",
            f"{median(looks[place].cpu for looks in rounds) * 1_000:.2f} ms",
            f"{median(looks[place].cpu / looks[0].cpu for looks in rounds):.2f}",
        ]
        for place, name in enumerate(told)
    ]
    head = ["processes", "looks per second", "CPU per look", "of one that shares"]
    return (
        f"{table(head, rows)}\n\n`wuts watch` over {ACCOUNTS:,} accounts with {DEVICES:,} devices, "
        f"a look at each account every {INTERVAL:.0f} s: medians of {ROUNDS} rounds in turns, "
        f"{WINDOW:.0f} s each, on cores that are kept awake. The aim is 1.25 or less for two "
        "processes."
    )


def _configuration(gateway: Gateway) -> str:
    return "".join(
        f"[accounts.{name}]\ntoken = '{token_of(name)}'\nurl = '{gateway.url}'\n"
        for name in account_names(ACCOUNTS)
    )


def _shared_look(gateway: Gateway, file: Path, address: str, members: int) -> Look:
    with _watching(file, address, members, "--share") as processes:
        asyncio.run(until_even(address, members, PATIENCE))
        return _measured(gateway, processes)


def _lone_look(gateway: Gateway, file: Path, address: str) -> Look:
    with _watching(file, address, 1) as processes:
        return _measured(gateway, processes)


def _measured(gateway: Gateway, processes: Sequence[psutil.Process]) -> Look:
    """Count what is done from the second interval on; the first looks also save what they see."""
    begun = gateway.request_count()
    until = time.monotonic() + PATIENCE
    while gateway.request_count() < begun + 2 * ACCOUNTS:
        if time.monotonic() > until:
            raise TimeoutError("Not all accounts were looked at twice")
        time.sleep(INTERVAL / 10)
    looks, cpu, began = gateway.request_count(), _cpu(processes), time.monotonic()
    time.sleep(WINDOW)
    looks, cpu = gateway.request_count() - looks, _cpu(processes) - cpu
    return Look(cpu / looks, looks / (time.monotonic() - began))


def _cpu(processes: Sequence[psutil.Process]) -> float:
    times = [one.cpu_times() for one in processes]
    return sum(one.user + one.system for one in times)


@contextmanager
def _cores_awake() -> Iterator[None]:
    """Keep every core busy with what gives way to all else."""
    loop = [sys.executable, "-c", "while True: pass"]
    running = [
        subprocess.Popen(loop, preexec_fn=lambda: os.nice(19))  # noqa: PLW1509 - no threads here
        for _ in range(os.cpu_count() or 1)
    ]
    try:
        yield
    finally:
        for one in running:
            one.kill()
            one.wait()


@contextmanager
def _watching(
    file: Path, address: str, count: int, *flags: str
) -> Iterator[Sequence[psutil.Process]]:
    """Run so many processes of the command."""
    command = [str(_WUTS), "watch", "--json", "--config", str(file), "--store", address]
    command += ["--interval", str(INTERVAL), *flags]
    running = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(count)]
    try:
        yield [psutil.Process(one.pid) for one in running]
    finally:
        for one in running:
            one.terminate()
        for one in running:
            one.wait()
