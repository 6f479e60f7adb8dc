"""A process with routes is killed at random moments: nothing is lost, nothing told as another."""

import asyncio
import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.core.wuts.supervisor.home import Home
from wuts.supervisor import AlertKind, AlertStatus
from wuts.supervisor.store import Verb
from wuts.supervisor.store.alert_orders import acknowledge_argument, mute_argument
from wuts.supervisor.store.sql import SqlStore

type OpenSql = Callable[[str], SqlStore]

PROGRAM = Path(__file__).with_name("notifying_user.py")
DEVICES = 12
PHONE = "5511999990000"
PATIENCE = 120
"""Seconds: a busy machine takes long to start a process."""

KILLS = int(os.environ.get("WUTS_KILLS", "20"))
"""How often it is killed; a night may try more."""


class Run:
    """The process, started and killed again and again.

    Attributes:
        lines: All that was written, by all of them.
    """

    def __init__(self, address: str, url: str) -> None:
        self._arguments = (sys.executable, str(PROGRAM), address, url)
        self.lines: list[dict[str, Any]] = []
        self.fresh = 0

    async def until(self, is_met: Callable[[], bool], *, linger: float = 0.0) -> None:
        """Run until something is so, and kill it a while after."""
        self.fresh = len(self.lines)
        process = await asyncio.create_subprocess_exec(
            *self._arguments, stdout=asyncio.subprocess.PIPE, limit=1 << 20
        )
        assert process.stdout is not None
        try:
            async with asyncio.timeout(PATIENCE):
                while not is_met():
                    self._note(await process.stdout.readline())
                    assert not self.lines[-1].get("trouble"), "a store that works was promised"
            await asyncio.sleep(linger)
        finally:
            process.kill()
            for line in (await process.stdout.read()).splitlines(keepends=True):
                self._note(line)
            await process.wait()

    def _note(self, line: bytes) -> None:
        # A line that the kill cut off was told to nobody.
        if line.endswith(b"\n"):
            self.lines.append(json.loads(line))

    def told(self) -> list[dict[str, Any]]:
        return [line for line in self.lines if "told" in line]

    def newest(self) -> dict[str, dict[str, Any]]:
        """Return, by a notification's id, the update with the highest number."""
        found: dict[str, dict[str, Any]] = {}
        for line in self.told():
            id_, sequence = line["told"]
            if id_ not in found or found[id_]["told"][1] <= sequence:
                found[id_] = line
        return found

    def devices(self, alerts: set[str]) -> set[str]:
        """Return the devices of alerts that were told."""
        return {line["device"] for line in self.lines if line.get("alert") in alerts}

    def open_for(self, receiver: str) -> dict[str, str]:
        """Return the alerts that a receiver believes to be open, and their devices."""
        return {
            alert_id: device_id
            for line in self.newest().values()
            if line["receiver"] == receiver
            for alert_id, (status, device_id) in line["alerts"].items()
            if status != AlertStatus.RESOLVED
        }


class Household:
    """The devices, and what people do meanwhile."""

    def __init__(self, home: Home, rng: Random) -> None:
        self.world = home.world
        self.devices = home.add_devices(DEVICES)
        self.phones = {id_: self.world.device(id_).phone or PHONE for id_ in self.devices}
        self.unlinked: set[str] = set()
        self._rng = rng

    def stir(self) -> None:
        """Unlink or pair a few devices."""
        for device_id in self._rng.sample(self.devices, self._rng.choice([0, 1, 2, 7])):
            if device_id in self.unlinked:
                self.pair(device_id)
            else:
                self.world.unlink(device_id)
                self.unlinked.add(device_id)

    def pair(self, device_id: str) -> None:
        device = self.world.device(device_id)
        self.world.sessions.store_credentials(device, self.phones[device_id])
        device.open_session(self.world.sessions.calendar())
        self.unlinked.discard(device_id)


async def act(store: SqlStore, rng: Random) -> set[str]:
    """Leave an order as a person in another process does; return the alert that was taken."""
    now = datetime.now(UTC)
    saved = [one.alert for one in (await store.load(["home"])).alerts]
    opened = [one for one in saved if one.status is not AlertStatus.RESOLVED]
    if opened and rng.random() < 0.4:
        alert = rng.choice(opened)
        argument = acknowledge_argument(alert.id, "Ana", "")
        await store.add_order("home", alert.device_id or "", Verb.ACKNOWLEDGE, now, argument)
        return {alert.id}
    if opened and rng.random() < 0.4:
        until = now + timedelta(seconds=rng.choice([0.5, 1.0]))
        argument = mute_argument(AlertKind.NEEDS_PAIRING, until, "Ana", "noise")
        device_id = rng.choice(opened).device_id or ""
        await store.add_order("home", device_id, Verb.MUTE, now, argument)
    return set()


@pytest.mark.slow
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("seed", [1])
async def test_no_notification_is_lost_or_told_as_another_over_kills(
    sqlite_file: Path, open_sql: OpenSql, home: Home, seed: int
) -> None:
    address, rng = f"sqlite:///{sqlite_file}", Random(seed)
    household, run = Household(home, rng), Run(address, home.sim.url)
    people, taken = open_sql(address), set[str]()
    await run.until(lambda: len(run.lines) > 0, linger=0.5)
    for _ in range(KILLS):
        household.stir()
        taken |= await act(people, rng)
        await run.until(lambda: len(run.lines) > run.fresh, linger=rng.uniform(0.0, 1.0))

    def knows_all(receiver: str) -> bool:
        """Tell whether a receiver knows of all that is open, but for what somebody took."""
        known = set(run.open_for(receiver).values())
        return household.unlinked - run.devices(taken) <= known <= household.unlinked

    # Now it may live until all is told, mutes have ended, and nobody is left to be called.
    await run.until(lambda: all(map(knows_all, ("ana", "rui"))), linger=1.0)
    opened = {
        one.alert.id: one.alert
        for one in (await people.load(["home"])).alerts
        if one.alert.status is not AlertStatus.RESOLVED
    }
    assert {one.device_id for one in opened.values()} == household.unlinked
    waiting = {id_ for id_, one in opened.items() if one.acknowledged_by is None}
    for receiver in ("ana", "rui"):
        known = run.open_for(receiver).keys()
        assert waiting <= known <= opened.keys(), "nothing is lost, and no end of it"
    assert {id_ for id_, one in opened.items() if one.acknowledged_by is not None} <= taken
    _check_repeats(run)

    for device_id in list(household.unlinked):
        household.pair(device_id)
    await run.until(lambda: not run.open_for("ana") and not run.open_for("rui"), linger=1.0)
    assert run.open_for("ana") == run.open_for("rui") == {}
    _check_repeats(run)


def _check_repeats(run: Run) -> None:
    """What is told twice is the same under the same number, and only where a kill came between."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    repeats = 0
    for line in run.told():
        key = tuple(line["told"])
        assert found.setdefault(key, line) == line
        repeats += found[key] is not line
    assert repeats <= KILLS * 2
