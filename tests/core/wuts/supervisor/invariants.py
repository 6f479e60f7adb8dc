"""What must hold at every moment of supervision, whatever happened before."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from wuts.supervisor import AlertKind, AlertStatus, DeviceState, Event, StateChanged, TenantState
from wuts.supervisor.account.account import NEVER, Tenant
from wuts.supervisor.controller import Fleet
from wuts.supervisor.events import Alert

_TENANT_ALERTS = {
    AlertKind.GATEWAY_DOWN: TenantState.GATEWAY_DOWN,
    AlertKind.TOKEN_REFUSED: TenantState.TOKEN_REFUSED,
}

_DEVICE_ALERTS = {
    AlertKind.NEEDS_PAIRING: {DeviceState.NEEDS_PAIRING, None},
    AlertKind.OFFLINE: {DeviceState.RECONNECTING, None},
    AlertKind.FLAPPING: {DeviceState.RECONNECTING, DeviceState.CONNECTED, None},
    AlertKind.DEVICE_GONE: {DeviceState.GONE, None},
}


def check_fleet(fleet: Fleet) -> None:
    """Check that nothing is forgotten, the budget is kept, and alerts tell the truth."""
    timers = {(name, device_id, when) for when, _, name, device_id in fleet._heap}
    for tenant in fleet.tenants.values():
        _check_nothing_is_forgotten(tenant, timers)
        queue = tenant.queue
        assert len(queue.in_flight) <= fleet._settings.tenant_concurrency
        counted = Counter(device.state for device in tenant.devices.values())
        assert +tenant.roster._states == counted
    in_flight = sum(len(tenant.queue.in_flight) for tenant in fleet.tenants.values())
    assert fleet._calls_out == in_flight <= fleet._settings.concurrency
    assert fleet._listings_out == sum(tenant.listing for tenant in fleet.tenants.values())
    _check_alerts(fleet)


def _check_nothing_is_forgotten(tenant: Tenant, timers: set[tuple[str, str, float]]) -> None:
    for device in tenant.devices.values():
        waits = device.id in tenant.queue or device.id in tenant.queue.in_flight
        if device.doubtful:
            assert waits, f"nobody will ask for the status of {device}"
        if device.state is DeviceState.RECONNECTING:
            assert device.next_try is not None
            timer = (tenant.name, device.id, device.next_try)
            assert waits or timer in timers, f"nobody will reconnect {device}"
        else:
            assert device.next_try is None, f"{device} has a try to come"
    if tenant.state is TenantState.TOKEN_REFUSED and not tenant.health.may_list:
        assert tenant._next_poll == NEVER
    else:
        planned = (tenant.name, "", tenant._next_poll) in timers
        assert tenant.listing or planned or tenant.name in _busy(tenant), "no listing is planned"


def _busy(tenant: Tenant) -> Iterable[str]:
    """A listing that is due waits for its place in the budget."""
    return [tenant.name] if tenant._next_poll < NEVER else []


def _check_alerts(fleet: Fleet) -> None:
    open_ones = fleet.alerts.open_alerts()
    subjects = Counter((alert.kind, alert.tenant, alert.device_id) for alert in open_ones)
    assert all(count == 1 for count in subjects.values())
    for alert in open_ones:
        tenant = fleet.tenants[alert.tenant]
        if alert.device_id is None:
            assert tenant.state is _TENANT_ALERTS[alert.kind]
        else:
            device = tenant.devices.get(alert.device_id)
            state = device.state if device else DeviceState.GONE
            assert state in _DEVICE_ALERTS[alert.kind], f"{alert.kind} of a device that is {state}"
    for tenant in fleet.tenants.values():
        for device in tenant.devices.values():
            if device.state is DeviceState.NEEDS_PAIRING:
                assert subjects[(AlertKind.NEEDS_PAIRING, tenant.name, device.id)] == 1
        if tenant.state is TenantState.TOKEN_REFUSED:
            assert subjects[(AlertKind.TOKEN_REFUSED, tenant.name, None)] == 1


def check_story(events: Iterable[Event]) -> None:
    """Check that events follow on each other: states by device, alerts by episode."""
    states: dict[tuple[str, str], DeviceState] = {}
    episodes: dict[str, list[AlertStatus]] = defaultdict(list)
    open_ones: dict[tuple[str, str | None, AlertKind], str] = {}
    for event in events:
        if isinstance(event, StateChanged):
            key = (event.tenant, event.device_id)
            assert event.old in (None, states.get(key)), f"{event} does not follow"
            states[key] = event.new
        if isinstance(event, Alert):
            subject = (event.tenant, event.device_id, event.kind)
            told = episodes[event.id]
            if event.status is AlertStatus.RAISED:
                assert not told, "an alert was raised twice"
                assert subject not in open_ones, "one of the kind is open already"
                open_ones[subject] = event.id
            else:
                assert told, "an alert was never raised"
                assert told[-1] is not AlertStatus.RESOLVED, "an alert was resolved before"
            if event.status is AlertStatus.RESOLVED:
                assert open_ones.pop(subject) == event.id
            told.append(event.status)
