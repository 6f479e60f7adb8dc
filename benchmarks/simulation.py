"""A day of a large fleet in virtual time: ``python -m benchmarks.simulation``.

The pure machines of the supervisor against a gateway made of numbers. What it tells is how many
calls a fleet needs and when its devices are back, not how long a machine takes to make the calls:
the other benchmarks measure that.
"""

import argparse
import multiprocessing
import random
import statistics
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

from wuts.supervisor import SupervisorSettings
from wuts.supervisor.store.keys import shard_of
from wuts.supervisor.store.shares import owners, portion

from .report import check_markers, machine, table, table_row, write
from .simulated_fleet import CALL_LATENCY, LIST_LATENCY, Day, Figures, play


def shares(accounts: int, processes: int) -> list[int]:
    """Return how many accounts each process owns, by the shards of their names."""
    owner = owners(frozenset(range(processes)))
    owned = Counter(owner[shard_of(str(account))] for account in range(accounts))
    return [owned[number] for number in range(processes)]


def play_all(day: Day, processes: int, budget: int, workers: int) -> list[Figures]:
    """Play the day of every process; they own different accounts, so none waits for another."""
    settings = replace(day.settings, concurrency=portion(budget, processes))
    days = [
        replace(day, accounts=owned, settings=settings, seed=day.seed + number)
        for number, owned in enumerate(shares(day.accounts, processes))
    ]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, max_tasks_per_child=1) as pool:
        return list(pool.map(play, days))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that this share of ``values`` does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def bound(day: Day, processes: int, budget: int) -> float:
    """Return the seconds that a heal takes at least: a listing, then every device by its turn."""
    most = max(shares(day.accounts, processes)) * day.devices
    calls = portion(budget, processes)
    return day.settings.interval + most * statistics.mean(CALL_LATENCY) / calls


def row(day: Day, processes: int, budget: int, workers: int) -> list[str]:
    """Return a line of the table."""
    figures = play_all(day, processes, budget, workers)
    calls = [sum(of_second) for of_second in zip(*(one.calls for one in figures), strict=True)]
    heals = [heal for one in figures for heal in one.heals]
    alerts: Counter[str] = sum((one.alerts for one in figures), Counter())
    healed_after = max(one.healed_after for one in figures)
    devices = day.accounts * day.devices
    return [
        str(processes),
        f"{percentile(calls, 0.5):,.0f}",
        f"{percentile(calls, 0.99):,.0f}",
        f"{max(percentile(one.calls, 0.99) for one in figures):,.0f}",
        f"{healed_after / bound(day, processes, budget):.2f}",
        f"{percentile(heals, 0.5):.1f} s, {percentile(heals, 0.99):,.0f} s",
        ", ".join(f"{count:,} {kind}" for kind, count in sorted(alerts.items())) or "none",
        str(sum(one.never_healed for one in figures)),
        f"{sum(one.memory for one in figures) / devices / 1024:.2f} KiB",
        f"{sum(one.cpu for one in figures) / sum(calls) * 1e6:.0f} µs",
    ]


NAME = "simulation"
"""Of the part of the page."""

HEAD = (
    "processes",
    "calls/s, p50",
    "calls/s, p99",
    "of one process, p99",
    "healed after the restart, of the bound",
    "a single drop healed, p50, p99",
    "alerts raised",
    "down at the end",
    "memory per device",
    "CPU per call",
)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=50_000)
    parser.add_argument("--devices", type=int, default=20, help="of each account")
    parser.add_argument("--hours", type=float, default=24.0)
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 4, 16])
    parser.add_argument("--interval", type=float, default=300.0, help="seconds between listings")
    parser.add_argument("--budget", type=int, default=1_600, help="calls at once, of all processes")
    parser.add_argument("--drops", type=float, default=0.2, help="of a device and day")
    parser.add_argument("--unlinks", type=float, default=0.002, help="of a device and day")
    parser.add_argument("--outage", type=float, default=60.0, help="seconds of the restart")
    parser.add_argument("--workers", type=int, default=2, help="processes played at once")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--no-page", action="store_true", help="print only")
    return parser.parse_args()


def premises(asked: argparse.Namespace, seed: int) -> str:
    """Say what is played."""
    return (
        f"{machine()}. {asked.accounts * asked.devices:,} devices in {asked.accounts:,} accounts, "
        f"{asked.hours:g} hours of virtual time, a listing each {asked.interval:g} s, webhooks for "
        f"nine of ten changes, {asked.budget:,} calls at once in all. A device drops "
        f"{asked.drops:g} times a day and is unlinked {asked.unlinks:g} times; a person pairs it "
        f"again later. The gateway restarts once, is away for {asked.outage:g} s and drops all. "
        f"A listing takes {LIST_LATENCY:g} s, other calls {CALL_LATENCY[0]:g} to "
        f"{CALL_LATENCY[1]:g} s, 3 % of the reconnects fail. Seed {seed}."
    )


def main() -> None:
    """Play, print, and write the page."""
    asked = arguments()
    seed = random.SystemRandom().randrange(2**31) if asked.seed is None else asked.seed
    day = Day(
        accounts=asked.accounts,
        devices=asked.devices,
        hours=asked.hours,
        drops=asked.drops,
        unlinks=asked.unlinks,
        outage=asked.outage,
        settings=SupervisorSettings(interval=asked.interval),
        seed=seed,
    )
    if not asked.no_page:
        check_markers([NAME])
    text = premises(asked, seed)
    print(f"{text}\n\n{table(HEAD, [])}", flush=True)
    rows = []
    for processes in asked.processes:
        # One by one: a large fleet takes an hour, and whoever ends the run loses that one only.
        rows.append(row(day, processes, asked.budget, asked.workers))
        print(table_row(rows[-1]), flush=True)
        if not asked.no_page:
            write(NAME, f"{text}\n\n{table(HEAD, rows)}")


if __name__ == "__main__":
    main()
