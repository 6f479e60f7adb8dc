"""All tenants of a process: one heap of what is due, one budget, one book of alerts. No I/O."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from random import Random

from ..errors import InvalidInputError
from .account.account import Tenant
from .account.breaker import TenantChange
from .alerts.device_alerts import begun_by, ended_by
from .alerts.episodes import AlertBook, Subject, utc
from .device.calls import Call, CallKind
from .device.device import Device
from .device.machine import Change
from .device.snapshot import DeviceFacts, device_from, facts_differ, facts_of
from .events import Alert, AlertKind, Event, StateChanged, TenantChanged
from .settings import SupervisorSettings
from .states import DeviceState, Reason, TenantState

TENANT_ALERTS = {
    TenantState.GATEWAY_DOWN: AlertKind.GATEWAY_DOWN,
    TenantState.TOKEN_REFUSED: AlertKind.TOKEN_REFUSED,
}
"""The alert that each state of a tenant is."""


@dataclass(slots=True)
class Outbox:
    """What came of something: events to tell, and facts and alerts to save.

    Attributes:
        events: In the order they happened.
        facts: By tenant and device; None where nothing is to be kept.
        alerts: By the alert's id, as they are now.
    """

    events: list[Event] = field(default_factory=list)
    facts: dict[tuple[str, str], DeviceFacts | None] = field(default_factory=dict)
    alerts: dict[str, Alert] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Tell whether there is anything to tell or to save."""
        return bool(self.events or self.facts or self.alerts)


class Fleet:
    """Every tenant and device under supervision.

    It is told what the gateway answered and what time it is, and says which calls to make. All its
    times are seconds since 1970.

    Args:
        settings: Intervals and limits.
        rng: The source of jitter and of the alerts' ids.
    """

    def __init__(self, settings: SupervisorSettings, rng: Random) -> None:
        self.tenants: dict[str, Tenant] = {}
        self.alerts = AlertBook(settings, rng, self._may_raise)
        self._settings = settings
        self._rng = rng
        self._heap: list[tuple[float, int, str, str]] = []
        self._count = 0
        self._listing_due: dict[str, None] = {}
        self._busy: dict[str, None] = {}
        self._calls_out = 0
        self._listings_out = 0
        self._restored: dict[str, list[DeviceFacts]] = {}
        self._outbox = Outbox()

    def restore(self, facts: Iterable[DeviceFacts], alerts: Iterable[Alert]) -> None:
        """Take in what an earlier process left, before the tenants are added."""
        for one in facts:
            self._restored.setdefault(one.tenant, []).append(one)
        self.alerts.restore(alerts)

    def add_tenant(self, name: str, now: float) -> None:
        """Supervise a tenant from now on.

        Raises:
            InvalidInputError: There is one of this name.
        """
        if name in self.tenants:
            raise InvalidInputError("There is a tenant of that name already. Choose another name.")
        tenant = Tenant(name, settings=self._settings, rng=self._rng, observer=self)
        for facts in self._restored.pop(name, []):
            tenant.roster.adopt(device_from(facts, now))
        self.tenants[name] = tenant
        tenant.start(now, self._restored_state(name))
        self.touch(name)

    def remove_tenant(self, name: str, now: float) -> None:
        """Forget a tenant, its devices and its alerts.

        Raises:
            InvalidInputError: There is no such tenant.
        """
        tenant = self.tenant(name)
        tenant.drop_all(now)
        self._tell(self.alerts.end_all(name, now))
        self._calls_out -= len(tenant.queue.in_flight)
        self._listings_out -= tenant.listing
        del self.tenants[name]

    def tenant(self, name: str) -> Tenant:
        """Return a tenant by its name; call `touch` after anything that is asked of it.

        Raises:
            InvalidInputError: There is no such tenant.
        """
        if name not in self.tenants:
            raise InvalidInputError("There is no tenant of that name.")
        return self.tenants[name]

    def forget(self, name: str, device_id: str, now: float) -> None:
        """Leave a device that a person deleted alone, and end what was alerted of it.

        Raises:
            InvalidInputError: There is no such tenant.
        """
        self.tenant(name).forget(device_id, now)
        self._tell(self.alerts.end_all(name, now, device_id))

    def end_alert(self, subject: Subject, now: float) -> None:
        """Note that what an alert was about is over."""
        self._tell(self.alerts.end(subject, now))

    def touch(self, name: str) -> None:
        """Note that a tenant may want to make calls."""
        self._listing_due[name] = None
        self._busy[name] = None

    def sweep(self, now: float) -> None:
        """Take in that time has passed: queue what is due, raise and remind of alerts."""
        while self._heap and self._heap[0][0] <= now:
            _, _, name, device_id = heapq.heappop(self._heap)
            tenant = self.tenants.get(name)
            if tenant is None:
                continue
            if device_id:
                tenant.roster.on_timer(device_id, now)
                self._end_flapping(tenant, device_id, now)
                self._busy[name] = None
            else:
                self.touch(name)
        self._tell(self.alerts.due(now))

    def calls(self, now: float) -> list[Call]:
        """Return the calls to make now, within the budget, tenants taking turns.

        Listings have a budget of their own: calls of one tenant that hang must not blind us to
        the others.
        """
        return [*self._take_listings(now), *self._take_calls(now)]

    def drain(self) -> Outbox:
        """Return what came of everything since the last call of this."""
        outbox, self._outbox = self._outbox, Outbox()
        return outbox

    def answered(self, call: Call) -> Tenant | None:
        """Free the call's place in the budget; return its tenant, or None if that was removed."""
        tenant = self.tenants.get(call.tenant)
        if tenant is None:
            return None
        if call.kind is CallKind.LIST:
            self._listings_out -= 1
        else:
            self._calls_out -= 1
        self.touch(call.tenant)
        return tenant

    # The observer of the tenants

    def device_changed(
        self, tenant: Tenant, before: Device | None, change: Change, now: float
    ) -> None:
        """Note what to tell and what to save."""
        device = change.device
        key = (tenant.name, device.id)
        if device.state is DeviceState.GONE:
            self._outbox.facts[key] = None
        elif before is None or facts_differ(before, device):
            self._outbox.facts[key] = facts_of(tenant.name, device)
        if change.reason is None or device.state is None:
            return
        old = before.state if before else None
        self._outbox.events.append(
            StateChanged(
                tenant=tenant.name,
                device_id=device.id,
                device_name=device.name,
                old=old,
                new=device.state,
                reason=change.reason,
                attempt=device.attempt if device.state is DeviceState.RECONNECTING else 0,
                next_try=None if device.next_try is None else utc(device.next_try),
                at=utc(now),
            )
        )
        if old is not device.state:
            self._update_alerts(tenant, device, old, change.reason, now)

    def tenant_changed(self, tenant: Tenant, change: TenantChange, now: float) -> None:
        """Note what to tell, and begin and end the tenant's alerts."""
        self._outbox.events.append(
            TenantChanged(
                tenant=tenant.name,
                old=change.old,
                new=tenant.state,
                reason=change.reason,
                problem=change.problem,
                at=utc(now),
            )
        )
        if change.old in TENANT_ALERTS:
            self._tell(self.alerts.end(Subject(TENANT_ALERTS[change.old], tenant.name), now))
        if tenant.state in TENANT_ALERTS:
            self._tell(self.alerts.begin(Subject(TENANT_ALERTS[tenant.state], tenant.name), now))

    def timer(self, tenant: Tenant, when: float, device_id: str) -> None:
        """Put a moment into the heap."""
        self._count += 1
        heapq.heappush(self._heap, (when, self._count, tenant.name, device_id))

    # Inside

    def _take_listings(self, now: float) -> Iterator[Call]:
        for name in list(self._listing_due):
            if self._listings_out >= self._settings.concurrency:
                break
            del self._listing_due[name]
            tenant = self.tenants.get(name)
            if tenant is not None and tenant.wants_listing(now):
                self._listings_out += 1
                yield tenant.take_listing(now)

    def _take_calls(self, now: float) -> Iterator[Call]:
        for name in list(self._busy):
            room = self._settings.concurrency - self._calls_out
            if room <= 0:
                break
            del self._busy[name]
            tenant = self.tenants.get(name)
            if tenant is None:
                continue
            calls = tenant.take_calls(now, room)
            self._calls_out += len(calls)
            yield from calls
            if tenant.wants_calls(now):
                self._busy[name] = None

    def _update_alerts(
        self, tenant: Tenant, device: Device, old: DeviceState | None, reason: Reason, now: float
    ) -> None:
        for kind in ended_by(device):
            self._tell(self.alerts.end(Subject(kind, tenant.name, device.id), now))
        for kind in begun_by(device, old, reason, self._settings):
            subject = Subject(kind, tenant.name, device.id)
            self._tell(self.alerts.begin(subject, now, device.name))
        if device.state is DeviceState.CONNECTED and self.alerts.is_open(_flapping(tenant, device)):
            self.timer(tenant, device.since + self._settings.stable_after, device.id)

    def _end_flapping(self, tenant: Tenant, device_id: str, now: float) -> None:
        """A flapping device has stopped to flap when a connection has held."""
        device = tenant.devices.get(device_id)
        if device is None or device.state is not DeviceState.CONNECTED:
            return
        if device.since + self._settings.stable_after <= now:
            self._tell(self.alerts.end(_flapping(tenant, device), now))

    def _tell(self, alerts: Iterable[Alert]) -> None:
        for alert in alerts:
            self._outbox.events.append(alert)
            self._outbox.alerts[alert.id] = alert

    def _may_raise(self, subject: Subject, now: float) -> bool:
        """A device that is offline because its gateway is down is no alert of its own."""
        tenant = self.tenants.get(subject.tenant)
        if tenant is None or subject.device_id is None:
            return True
        return tenant.may_call_offline(subject.device_id, now)

    def _restored_state(self, name: str) -> TenantState:
        for alert in self.alerts.open_alerts():
            for state, kind in TENANT_ALERTS.items():
                if alert.tenant == name and alert.kind is kind:
                    return state
        return TenantState.HEALTHY


def _flapping(tenant: Tenant, device: Device) -> Subject:
    return Subject(AlertKind.FLAPPING, tenant.name, device.id)
