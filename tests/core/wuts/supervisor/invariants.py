"""What must hold at every moment of supervision, whatever happened before."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from wuts.supervisor import AccountState, AlertKind, AlertStatus, DeviceState, Event, StateChanged
from wuts.supervisor.account.account import NEVER, Account
from wuts.supervisor.controller import Fleet
from wuts.supervisor.events import Alert

_ACCOUNT_ALERTS = {
    AlertKind.GATEWAY_DOWN: AccountState.GATEWAY_DOWN,
    AlertKind.TOKEN_REFUSED: AccountState.TOKEN_REFUSED,
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
    for account in fleet.accounts.values():
        _check_nothing_is_forgotten(account, timers)
        queue = account.queue
        assert len(queue.in_flight) <= fleet._settings.account_concurrency
        counted = Counter(device.state for device in account.devices.values())
        assert +account.roster._states == counted
    in_flight = sum(len(account.queue.in_flight) for account in fleet.accounts.values())
    assert fleet._calls_out == in_flight <= fleet._settings.concurrency
    assert fleet._listings_out == sum(account.listing for account in fleet.accounts.values())
    _check_alerts(fleet)


def _check_nothing_is_forgotten(account: Account, timers: set[tuple[str, str, float]]) -> None:
    for device in account.devices.values():
        waits = device.id in account.queue or device.id in account.queue.in_flight
        if device.doubtful:
            assert waits, f"nobody will ask for the status of {device}"
        if device.state is DeviceState.RECONNECTING:
            assert device.next_try is not None
            timer = (account.name, device.id, device.next_try)
            assert waits or timer in timers, f"nobody will reconnect {device}"
        else:
            assert device.next_try is None, f"{device} has a try to come"
    if account.state is AccountState.TOKEN_REFUSED and not account.health.may_list:
        assert account._next_poll == NEVER
    else:
        planned = (account.name, "", account._next_poll) in timers
        assert account.listing or planned or account.name in _busy(account), "no listing is planned"


def _busy(account: Account) -> Iterable[str]:
    """A listing that is due waits for its place in the budget."""
    return [account.name] if account._next_poll < NEVER else []


def _check_alerts(fleet: Fleet) -> None:
    open_ones = fleet.alerts.open_alerts()
    subjects = Counter((alert.kind, alert.account, alert.device_id) for alert in open_ones)
    assert all(count == 1 for count in subjects.values())
    for alert in open_ones:
        account = fleet.accounts[alert.account]
        if alert.device_id is None:
            assert account.state is _ACCOUNT_ALERTS[alert.kind]
        else:
            device = account.devices.get(alert.device_id)
            state = device.state if device else DeviceState.GONE
            assert state in _DEVICE_ALERTS[alert.kind], f"{alert.kind} of a device that is {state}"
    for account in fleet.accounts.values():
        for device in account.devices.values():
            if device.state is DeviceState.NEEDS_PAIRING:
                assert subjects[(AlertKind.NEEDS_PAIRING, account.name, device.id)] == 1
        if account.state is AccountState.TOKEN_REFUSED:
            assert subjects[(AlertKind.TOKEN_REFUSED, account.name, None)] == 1


def check_story(events: Iterable[Event]) -> None:
    """Check that events follow on each other: states by device, alerts by episode."""
    states: dict[tuple[str, str], DeviceState] = {}
    episodes: dict[str, list[AlertStatus]] = defaultdict(list)
    open_ones: dict[tuple[str, str | None, AlertKind], str] = {}
    for event in events:
        if isinstance(event, StateChanged):
            key = (event.account, event.device_id)
            assert event.old in (None, states.get(key)), f"{event} does not follow"
            states[key] = event.new
        if isinstance(event, Alert):
            subject = (event.account, event.device_id, event.kind)
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
