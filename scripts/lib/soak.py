"""Besiege the supervisor with one seed after the other, for hours; or kill it again and again.

usage: python -m scripts.lib.soak (--hours N | --kills N [--postgresql]) [--seed SEED]
"""

import argparse
import asyncio
import secrets
import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field

import psutil

from scripts.lib.kills import kill
from tests.core.wuts.supervisor.siege import Outcome, besiege, nothing_left_behind
from wuts_simulator import Mischief

_SHORT, _LONG = 2.0, 60.0
_LONG_EVERY = 100
_AT_ONCE = 4
_TELL_EVERY = 60.0
_WARM_UP = 600.0
"""Seconds. aiohttp keeps the routes of its last hundred servers, which are ours by then."""
_MAY_GROW = 1.2


@dataclass(slots=True)
class Tally:
    """The result of the sieges so far.

    Attributes:
        failed: The seeds that failed.
        sieges: How many there were.
        requests: How many requests they took.
        slowest: The longest time to heal, in seconds, and its seed.
        struck: What the adversary did, and how often.
        warm: The memory in use after the warm-up, in MiB; None before.
        used: The memory in use now, in MiB.
    """

    failed: list[int] = field(default_factory=list)
    sieges: int = 0
    requests: int = 0
    slowest: tuple[float, int] = (0.0, 0)
    struck: Counter[Mischief] = field(default_factory=Counter)
    warm: float | None = None
    used: float = 0.0

    def add(self, seed: int, outcome: Outcome | None) -> None:
        """Count a siege; one without an outcome failed."""
        self.sieges += 1
        if outcome is None:
            self.failed.append(seed)
            return
        self.requests += outcome.requests
        self.slowest = max(self.slowest, (outcome.healed_in, seed))
        self.struck += outcome.struck

    def measure(self, *, is_warm: bool) -> None:
        """Note how much memory is in use."""
        self.used = psutil.Process().memory_info().rss / 2**20
        if is_warm and self.warm is None:
            self.warm = self.used

    @property
    def has_grown(self) -> bool:
        """Whether much more memory is in use than after the warm-up."""
        return self.warm is not None and self.used > self.warm * _MAY_GROW

    def __str__(self) -> str:
        healed_in, seed = self.slowest
        warm = "" if self.warm is None else f" ({self.warm:.0f} when warm)"
        return (
            f"{self.sieges} sieges, {len(self.failed)} failed, {self.requests} requests, "
            f"slowest to heal {healed_in:.2f} s (seed {seed}), {self.used:.0f} MiB{warm}"
        )


async def soak(hours: float, first: int) -> int:
    """Besiege for so many hours; return the status of the process."""
    begun = told = time.monotonic()
    tally, seed = Tally(), first
    while time.monotonic() - begun < hours * 3600:
        seeds = range(seed, seed + _AT_ONCE)
        async with nothing_left_behind():
            outcomes = await asyncio.gather(*map(_besiege, seeds))
        for one, outcome in zip(seeds, outcomes, strict=True):
            tally.add(one, outcome)
        seed += _AT_ONCE
        now = time.monotonic()
        tally.measure(is_warm=now - begun > _WARM_UP)
        if now - told > _TELL_EVERY:
            told = now
            print(f"{(now - begun) / 60:6.1f} min: {tally}", flush=True)
    _tell(tally)
    return 1 if tally.failed or tally.has_grown else 0


async def _besiege(seed: int) -> Outcome | None:
    """Besiege once, from time to time for long; tell a failure and return None."""
    duration = _SHORT if seed % _LONG_EVERY else _LONG
    try:
        async with asyncio.timeout(duration + 60):
            return await besiege(seed, duration=duration)
    except Exception:  # noqa: BLE001 - whatever went wrong, the next seed has its turn
        print(f"seed {seed} failed:", file=sys.stderr)
        traceback.print_exc(limit=-3)
        return None


def _tell(tally: Tally) -> None:
    print(tally)
    never = [kind for kind in Mischief if not tally.struck[kind]]
    print("struck: " + ", ".join(f"{kind} {count}" for kind, count in tally.struck.most_common()))
    if never:
        print("never struck: " + ", ".join(never))
    if tally.failed:
        print("failed seeds: " + ", ".join(map(str, tally.failed)))
    if tally.has_grown:
        print("memory has grown")


def main() -> None:
    """Read the flags, tell the first seed, and besiege or kill."""
    parser = argparse.ArgumentParser(prog="scripts/soak", description=__doc__.partition("\n")[0])
    course = parser.add_mutually_exclusive_group(required=True)
    course.add_argument("--hours", type=float, help="how long to besiege, in hours")
    course.add_argument("--kills", type=int, help="how often to kill a process that tells alerts")
    parser.add_argument("--postgresql", action="store_true", help="kill it over PostgreSQL")
    parser.add_argument("--seed", type=int, help="the first seed (default: a random one)")
    chosen = parser.parse_args()
    if chosen.kills is not None:
        asyncio.run(kill(chosen.kills, chosen.seed, postgresql=chosen.postgresql))
        return
    first = secrets.randbelow(2**31) if chosen.seed is None else chosen.seed
    print(f"The first seed is {first}. To repeat it: scripts/soak --hours 1 --seed {first}")
    sys.exit(asyncio.run(soak(chosen.hours, first)))


if __name__ == "__main__":
    main()
