"""A household whose supervision is killed at random moments, while people act."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from wuts.clock import steady_time
from wuts.supervisor import Alert, AlertKind, AlertStatus, HistoryKind
from wuts.supervisor.store import Saved, Verb
from wuts.supervisor.store.alert_orders import (
    acknowledge_argument,
    mute_argument,
    unmute_argument,
)
from wuts.supervisor.store.sql import SqlStore
from wuts_simulator import Simulator

from .killed import PATIENCE, Killed, Line
from .notifying_user import RECEIVERS

ACCOUNT = "home"
DEVICES = 12
PHONE = "5511999990000"
BORN_SLOWLY = 0.2
"""How often it is killed before it may have begun to work, of all kills."""

_LINES_OF = {Verb.ACKNOWLEDGE: HistoryKind.ACKNOWLEDGED, Verb.MUTE: HistoryKind.MUTED}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a course in which nothing was lost.

    Attributes:
        kills: How often the process was killed.
        told: How many notifications receivers took.
        again: How many of these were told before, under the same id and number.
        orders: What people did.
        seconds: How long it took.
    """

    kills: int
    told: int
    again: int
    orders: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.orders} orders, {self.told} notifications: 0 lost, "
            f"{self.again} told again with the same id and number, {self.seconds:.0f} s"
        )


async def live_through(address: str, sim: Simulator, seed: int, kills: int) -> Outcome:
    """Kill a household's supervision so often, let it come to rest, and judge what was told.

    Raises:
        AssertionError: Something was lost, or told as another. It names the seed.
    """
    begun, people = steady_time(), SqlStore(address)
    try:
        async with Killed(address, sim.url) as process:
            course = Course(process, people, sim, Random(seed))
            await course.come_to_rest()
            for _ in range(kills):
                course.stir()
                await course.act()
                await course.live_shortly()
            await course.come_to_rest()
            for device_id in list(course.unlinked):
                course.pair(device_id)
            await course.come_to_rest()
            again = course.check_what_was_told()
            told = sum("told" in line for line in process.lines)
            orders = course.given.total()
            return Outcome(process.kills, told, again, orders, steady_time() - begun)
    except Exception as error:
        error.add_note(f"seed {seed}")
        raise
    finally:
        await people.close()


class Course:
    """The devices, what people do, and what must hold."""

    def __init__(self, process: Killed, people: SqlStore, sim: Simulator, rng: Random) -> None:
        self.unlinked: set[str] = set()
        self.given: Counter[Verb] = Counter()
        self._process = process
        self._people = people
        self._world = sim.world
        self._rng = rng
        self._taken: set[str] = set()
        self._began = datetime.now(UTC)
        added = sim.world.add_devices(ACCOUNT, DEVICES, state="connected")
        self._phones = {device.id: device.phone or PHONE for device in added}

    # What happens

    async def live_shortly(self) -> None:
        """Let it live for a random while: as long as takes what it does at first, more or less."""
        if self._rng.random() < BORN_SLOWLY:
            await self._process.live(self._rng.uniform(0.0, 0.1), works=False)
        else:
            pace = max(1.0, 5 * self._process.begun_in)
            await self._process.live(self._rng.choice([0.0, 0.1, 1.0]) * self._rng.random() * pace)

    def stir(self) -> None:
        """Unlink or pair a few devices."""
        for device_id in self._rng.sample(sorted(self._phones), self._rng.choice([0, 1, 2, 7])):
            if device_id in self.unlinked:
                self.pair(device_id)
            else:
                self._world.unlink(device_id)
                self.unlinked.add(device_id)

    def pair(self, device_id: str) -> None:
        """Pair a device with its own phone again."""
        device = self._world.device(device_id)
        self._world.sessions.store_credentials(device, self._phones[device_id])
        device.open_session(self._world.sessions.calendar())
        self.unlinked.discard(device_id)

    async def act(self) -> None:
        """Leave an order as a person in another process does, or none."""
        opened = sorted(
            _opened(await self._people.load([ACCOUNT])).values(), key=lambda one: one.id
        )
        if not opened:
            return
        alert = self._rng.choice(opened)
        match self._rng.randrange(6):
            case 0 | 1:
                self._taken.add(alert.id)
                argument = acknowledge_argument(alert.id, "Ana", "")
                await self._order(alert, Verb.ACKNOWLEDGE, argument)
            case 2 | 3:
                ends = self._rng.choice([timedelta(seconds=0.5), timedelta(seconds=2), None])
                until = None if ends is None else datetime.now(UTC) + ends
                kind = self._rng.choice([None, AlertKind.NEEDS_PAIRING])
                await self._order(alert, Verb.MUTE, mute_argument(kind, until, "Ana", "noise"))
            case 4:
                await self._order(alert, Verb.UNMUTE, unmute_argument(None, "Rui"))

    async def _order(self, alert: Alert, verb: Verb, argument: dict[str, object]) -> None:
        self.given[verb] += 1
        now = datetime.now(UTC)
        await self._people.add_order(ACCOUNT, alert.device_id or "", verb, now, argument)

    # What must hold

    async def come_to_rest(self) -> None:
        """Let it live longer and longer, until every receiver knows what is so."""
        seconds, end = 1.0, steady_time() + PATIENCE
        while wrong := await self._what_is_wrong():
            assert steady_time() < end, wrong
            await self._process.live(seconds)
            seconds = min(2 * seconds, 30.0)

    async def _what_is_wrong(self) -> str:
        """Return what is lost, or not sent yet; nothing if all is fine."""
        saved, now = await self._people.load([ACCOUNT]), datetime.now(UTC)
        if sum(one.was_paired for one in saved.snapshots) < DEVICES:
            return "a device was never seen connected: no alert would be raised for it"
        opened = _opened(saved)
        if (devices := {one.device_id for one in opened.values()}) != self.unlinked:
            return f"open is {devices}, unlinked are {self.unlinked}"
        forgotten = [id_ for id_ in self._taken & opened.keys() if not opened[id_].acknowledged_by]
        if forgotten:
            return f"nobody has taken {forgotten}"
        mutes = [one for one in saved.mutes if one.ended is None]
        if any(one.until is not None and one.until < now for one in mutes):
            return "a mute has not ended"
        waiting = {
            id_
            for id_, one in opened.items()
            if one.acknowledged_by is None and not any(mute.scope.covers(one) for mute in mutes)
        }
        for receiver in RECEIVERS:
            known = self._open_for(receiver)
            if not waiting <= known <= opened.keys():
                return f"{receiver} knows {known}, not {waiting} within {opened.keys()}"
        return await self._what_is_wrong_with_orders()

    async def _what_is_wrong_with_orders(self) -> str:
        """Each order was carried out once, or refused."""
        orders = await self._people.orders()
        waiting = [one for one in orders if one.refusal is None]
        if waiting:
            return f"orders wait: {waiting}"
        refused = Counter(one.verb for one in orders)
        lines = await self._people.history(ACCOUNT, self._began, datetime.now(UTC))
        done = Counter(line.kind for line in lines)
        for verb, kind in _LINES_OF.items():
            given = self.given[verb]
            if done[kind] + refused[verb] != given:
                return f"{verb}: {given} given, {done[kind]} done, {refused[verb]} refused"
        return ""

    def _open_for(self, receiver: str) -> set[str]:
        """Return the alerts that a receiver believes to be open."""
        newest: dict[str, Line] = {}
        for line in self._told():
            id_, sequence = line["told"]
            if id_ not in newest or newest[id_]["told"][1] <= sequence:
                newest[id_] = line
        return {
            alert_id
            for line in newest.values()
            if line["receiver"] == receiver
            for alert_id, (status, _) in line["alerts"].items()
            if status != AlertStatus.RESOLVED
        }

    def _told(self) -> Iterator[Line]:
        return (line for line in self._process.lines if "told" in line)

    def check_what_was_told(self) -> int:
        """Judge all that receivers took; return how much of it they were told before.

        What a receiver was getting when the process was killed may be sent again, and nothing
        else. An alert is never told under another id.
        """
        found: dict[tuple[str, int], Line] = {}
        ids: dict[tuple[str, str], str] = {}
        newest: Counter[str] = Counter()
        unsaved: set[tuple[str, int]] = set()
        again = 0
        for life in self._process.lives:
            last: dict[str, tuple[str, int]] = {}
            for line in life:
                if "told" not in line:
                    continue
                id_, sequence = key = line["told"][0], line["told"][1]
                last[line["receiver"]] = key
                if key in found:
                    assert found[key] == line, "another content under the same number"
                    assert key in unsaved, "what was known to be told"
                    unsaved.remove(key)
                    again += 1
                else:
                    assert sequence > newest[id_], "an older update after a newer one"
                    found[key], newest[id_] = line, sequence
                for alert_id in line["alerts"]:
                    who = line["receiver"], alert_id
                    assert ids.setdefault(who, id_) == id_, "told as another"
            # The kill came before it was saved that it was told, or after.
            unsaved |= set(last.values())
        return again


def _opened(saved: Saved) -> dict[str, Alert]:
    return {
        one.alert.id: one.alert
        for one in saved.alerts
        if one.alert.status is not AlertStatus.RESOLVED
    }
