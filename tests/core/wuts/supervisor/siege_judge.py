"""What must hold in a siege: at all times, and once the gateway behaves."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.core.wuts.supervisor.invariants import check_story
from tests.core.wuts.supervisor.store.listener import Listener
from wuts.supervisor import (
    AccountState,
    Alert,
    AlertKind,
    AlertStatus,
    DeviceState,
    StateChanged,
    Supervisor,
    SupervisorSettings,
)
from wuts_simulator import Device, EndpointName, World

QUICK = SupervisorSettings(
    interval=0.1,
    base=0.02,
    cap=0.3,
    debounce=0.1,
    stable_after=0.5,
    concurrency=6,
    account_concurrency=4,
    stop_timeout=0.5,
    gone_after=0.4,
    refused_cap=0.5,
)
ACCOUNTS = {"home": 6, "office": 2}
_LISTINGS_AN_INTERVAL = 6
_SETTLED = 0.15
_QUIET_LOOKS = 3
"""Looks in a row at which no connect is under way: a loop that stalled reads its sockets late."""
_INTERRUPTS = {"refused", "gone"}
"""Who is in one of these states does not need pairing for as long, and then does again."""
_ENDS_WITH_THE_TROUBLE = {AlertKind.GATEWAY_DOWN, AlertKind.TOKEN_REFUSED}


@dataclass(slots=True)
class Pause:
    """A person's order to leave a device alone.

    Attributes:
        since: When it was given.
        connects: How many connects there were once those under way had ended; None before that.
        quiet: At how many looks in a row none was under way.
    """

    since: float
    connects: int | None = None
    quiet: int = 0


@dataclass(slots=True)
class Orders:
    """What people have ordered and done.

    Attributes:
        pauses: Which devices are to be left alone.
        reasons: How often a device had a reason to need pairing again.
    """

    pauses: dict[str, Pause] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)


class Judge:
    """Compares what is with what should be.

    Args:
        world: How it really is.
        orders: What people want.
        listener: What the supervisor has told.
        begun: When the siege began.

    Attributes:
        starts: How often the supervisor was started.
    """

    def __init__(self, world: World, orders: Orders, listener: Listener, begun: float) -> None:
        self.starts = 0
        self._world = world
        self._orders = orders
        self._listener = listener
        self._begun = begun

    def check(self, now: float, is_calling: Callable[[str], bool]) -> None:
        """Check what must hold at all times.

        Args:
            now: When that is.
            is_calling: Says whether the supervisor has a call about a device under way.
        """
        requests = self._world.requests
        assert all(count <= 1 for count in requests.max_in_flight.values()), "two connects at once"
        # One call of a person, and one that its client has just left.
        room = QUICK.concurrency + len(ACCOUNTS) + 2
        assert requests.most_at_once <= room, f"{requests.most_at_once} requests at once"
        for device_id, pause in self._orders.pauses.items():
            connects = requests.connects[device_id]
            if pause.connects is not None:
                assert connects == pause.connects, "a paused device was connected"
                continue
            is_under_way = requests._in_flight[device_id] or is_calling(device_id)
            pause.quiet = 0 if is_under_way else pause.quiet + 1
            if now > pause.since + _SETTLED and pause.quiet >= _QUIET_LOOKS:
                pause.connects = connects

    def what_is_wrong(self, supervisor: Supervisor) -> list[str]:
        """Return what is not yet as it should be once the gateway behaves."""
        wrong = [
            f"{name} is {state}"
            for name in ACCOUNTS
            if (state := supervisor.account_state(name)) is not AccountState.HEALTHY
        ]
        wrong += [
            f"{alert.kind} of {alert.account} is open"
            for alert in supervisor.open_alerts()
            if alert.kind in _ENDS_WITH_THE_TROUBLE
        ]
        pairing = Counter(
            alert.device_id
            for alert in supervisor.open_alerts()
            if alert.kind is AlertKind.NEEDS_PAIRING
        )
        for real in self._world.registry.devices.values():
            known = supervisor.devices(real.user.tenant.name).get(real.id)
            seen = known.state if known else None
            if not self._is_well(real, seen, pairing[real.id]):
                linked = "linked" if real.jid else "unlinked"
                wrong.append(f"{real.name} is {real.session} and {linked}, but taken for {seen}")
        return wrong

    def _is_well(self, real: Device, state: DeviceState | None, alerts: int) -> bool:
        if real.id in self._orders.pauses and state is DeviceState.PAUSED:
            return True
        if real.jid is not None:
            return real.is_connected and state is DeviceState.CONNECTED and not alerts
        return (state, alerts) in {(DeviceState.NEEDS_PAIRING, 1), (DeviceState.NEVER_PAIRED, 0)}

    def check_story(self, reasons: Counter[str]) -> None:
        """Check that events follow on each other, and that each episode had a reason."""
        check_story(self._listener.events)
        raised = Counter(
            event.device_id or ""
            for event in self._listener.events
            if isinstance(event, Alert)
            and event.kind is AlertKind.NEEDS_PAIRING
            and event.status is AlertStatus.RAISED
        )
        interrupted = Counter(
            event.device_id or ""
            for event in self._listener.events
            if isinstance(event, StateChanged) and event.new in _INTERRUPTS
        )
        for device_id, count in (raised - interrupted).items():
            assert count <= reasons[device_id], (
                f"needs pairing, and there was no reason: {self._story_of(device_id)}"
            )

    def _story_of(self, device_id: str) -> str:
        """Return what was told of a device, in short."""
        return ", ".join(
            f"{event.kind} {event.status}"
            if isinstance(event, Alert)
            else f"{event.new}: {event.reason}"
            for event in self._listener.events
            if isinstance(event, Alert | StateChanged) and event.device_id == device_id
        )

    def check_budget(self, now: float) -> None:
        """Check how much was asked."""
        elapsed = now - self._begun
        intervals = elapsed / QUICK.interval + self.starts
        listings = self._world.requests.by_endpoint[EndpointName.LIST_DEVICES]
        assert listings <= len(ACCOUNTS) * _LISTINGS_AN_INTERVAL * intervals, f"{listings} listings"
        most = 10 + 3 * elapsed / (QUICK.cap / 2)
        connects = self._world.requests.connects
        assert all(count <= most for count in connects.values()), f"{connects} in {elapsed:.1f} s"

    async def check_that_it_lasts(self, supervisor: Supervisor) -> None:
        """Check that what is well is left alone."""
        linked = {device.id for device in self._world.registry.devices.values() if device.jid}
        before = Counter(self._world.requests.connects)
        await asyncio.sleep(3 * QUICK.interval)
        assert not self.what_is_wrong(supervisor)
        again = {one for one in linked if before[one] != self._world.requests.connects[one]}
        assert not again, f"connected again: {[self._story_of(one) for one in again]}"
