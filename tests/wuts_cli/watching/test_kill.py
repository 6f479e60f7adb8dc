"""The watcher is killed in the middle of a storm, and started again on the same file."""

import asyncio
import json
import signal
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random

import pytest

from tests.wuts_cli.command import Json, Wuts

from .gateway import Gateway, running_gateway

PATIENCE = 300
DEVICES = 30
QUICK = ("--interval", "0.3", "--base", "0.05", "--cap", "0.2", "--debounce", "0")

type Run = list[Json]


class Watcher:
    """Runs of ``wuts watch`` on one store, one after another.

    Attributes:
        runs: The events of each run.
    """

    def __init__(self, url: str, store: Path) -> None:
        self._wuts = Wuts(url)
        self._arguments = ("watch", "--json", "--store", f"sqlite:///{store}", *QUICK)
        self.runs: list[Run] = []

    async def run(self, end: signal.Signals, is_time: Callable[[Run], bool]) -> None:
        """Run until it is time, send the signal, and read what was written until then."""
        events: Run = []
        self.runs.append(events)
        async with self._wuts.started(*self._arguments) as process, asyncio.timeout(PATIENCE):
            while not is_time(events):
                events.append(await _next(process))
            process.send_signal(end)
            assert process.stdout is not None
            events += map(json.loads, (await process.stdout.read()).splitlines())
            await process.wait()

    def alerts(self) -> list[Json]:
        return [alert for run in self.runs for alert in alerts_of(run)]


async def _next(process: Process) -> Json:
    assert process.stdout is not None
    line = await process.stdout.readline()
    assert line, "the watcher ended by itself"
    return json.loads(line)


def alerts_of(run: Run) -> list[Json]:
    return [event for event in run if event["event"] == "alert"]


def told(events: Iterable[Json], status: str) -> set[str]:
    """Return the devices of which that was told."""
    return {
        event["device_id"]
        for event in events
        if event["event"] == "alert"
        and (event["kind"], event["status"]) == ("needs_pairing", status)
    }


def pair_of(alert: Json) -> tuple[str, str]:
    return alert["id"], alert["status"]


@pytest.mark.parametrize("seed", range(3))
async def test_no_alert_is_lost_and_none_repeated_over_kills(tmp_path: Path, seed: int) -> None:
    rng = Random(seed)
    async with running_gateway() as gateway:
        devices = await gateway.add_devices(DEVICES)
        unlinked = rng.sample(devices, 16)
        first, second, third = unlinked[:9], unlinked[9:13], unlinked[13:]
        watcher = Watcher(gateway.url, tmp_path / "store.db")

        storm = Storm(gateway, devices, first, rng)
        await watcher.run(signal.SIGKILL, storm.until_told(rng.randint(1, 8)))
        await storm.over()
        await gateway.unlink(*second)
        count = rng.randint(1, 3)
        await watcher.run(signal.SIGKILL, lambda run: len(told(run, "raised")) >= count)
        await gateway.unlink(*third)
        await watcher.run(
            signal.SIGKILL, lambda _: told(watcher.alerts(), "raised") == set(unlinked)
        )
        healed = unlinked[:3]
        for device_id in healed:
            await gateway.pair(device_id)
        await watcher.run(
            signal.SIGINT, lambda _: told(watcher.alerts(), "resolved") == set(healed)
        )

    _check_episodes(watcher, unlinked, healed)
    _check_repeats(watcher)


class Storm:
    """Drops, unlinks and a restart, once the watcher knows all devices."""

    def __init__(
        self, gateway: Gateway, devices: list[str], unlinked: list[str], rng: Random
    ) -> None:
        self._gateway = gateway
        self._devices = devices
        self._unlinked = unlinked
        self._rng = rng
        self._task: asyncio.Task[None] | None = None

    def until_told(self, count: int) -> Callable[[Run], bool]:
        """Break loose when all devices are known; it is time when ``count`` alerts are sent."""

        def is_time(run: Run) -> bool:
            if self._task is None and len(run) >= len(self._devices):
                self._task = asyncio.create_task(self._rage())
            return len(told(run, "raised")) >= count

        return is_time

    async def over(self) -> None:
        assert self._task is not None
        await self._task

    async def _rage(self) -> None:
        gateway, rest = self._gateway, self._unlinked
        others = [device for device in self._devices if device not in rest]
        await gateway.unlink(*rest[:3])
        await gateway.drop(*self._rng.sample(others, 5))
        await gateway.unlink(*rest[3:6])
        await gateway.restart(down_for=self._rng.uniform(0.1, 0.8))
        await gateway.unlink(*rest[6:])


def _check_episodes(watcher: Watcher, unlinked: list[str], healed: list[str]) -> None:
    """Each unlinked device is one episode, raised; those paired again are resolved."""
    about = [alert for alert in watcher.alerts() if alert["kind"] == "needs_pairing"]
    episodes = {(alert["device_id"], alert["id"]) for alert in about}
    assert Counter(device_id for device_id, _ in episodes) == Counter(unlinked)
    assert told(about, "raised") == set(unlinked)
    assert told(about, "resolved") == set(healed)


def _check_repeats(watcher: Watcher) -> None:
    """Only what was being sent at the moment of a kill may be sent once more, by the next run."""
    seen: set[tuple[str, str]] = set()
    in_flight: set[tuple[str, str]] = set()
    for run in watcher.runs:
        pairs = [pair_of(alert) for alert in alerts_of(run)]
        assert len(pairs) == len(set(pairs))
        assert seen & set(pairs) <= in_flight
        in_flight = set(pairs[-1:])
        seen |= set(pairs)
