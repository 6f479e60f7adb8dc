"""What must hold at every moment of supervision, whatever happened before."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from wuts.supervisor import AccountState, AlertKind, AlertStatus, DeviceState, Event, StateChanged
from wuts.supervisor.account.account import Account
from wuts.supervisor.account.work_queue import NEVER, Key
from wuts.supervisor.controller import Controller
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
    AlertKind.DEVICE_REFUSED: {DeviceState.REFUSED, None},
}


def check_controller(controller: Controller) -> None:
    """Check that nothing is forgotten, the budget is kept, and alerts tell the truth."""
    accounts = controller.accounts.values()
    for account in accounts:
        _check_nothing_is_forgotten(account, controller)
        queue = account.queue
        assert len(queue.in_flight) <= controller._settings.account_concurrency
        counted = Counter(device.state for device in account.devices.values())
        assert +account.registry._states == counted
    assert sum(len(account.queue.in_flight) for account in accounts) <= (
        controller._settings.concurrency
    )
    assert (
        sum(account.schedule.is_under_way for account in accounts)
        <= controller._settings.concurrency
    )
    budget = controller.budget
    assert budget.listing_room == controller._settings.concurrency - sum(
        account.schedule.is_under_way for account in accounts
    )
    assert budget.room == controller._settings.concurrency - sum(
        len(account.queue.in_flight) for account in accounts
    )
    assert controller.due.next() <= min(controller.due._due.values(), default=NEVER)
    assert {key.account for key in controller.due._due} <= controller.accounts.keys()
    _check_alerts(controller)


def _check_nothing_is_forgotten(account: Account, controller: Controller) -> None:
    for device in account.devices.values():
        waits = device.id in account.queue or device.id in account.queue.in_flight
        if device.needs_check:
            assert waits, f"nobody will ask for the status of {device}"
        if device.state is DeviceState.RECONNECTING:
            assert device.next_try is not None
            planned = controller.due[Key(account.name, device.id)]
            assert waits or planned <= device.next_try, f"nobody will reconnect {device}"
        else:
            assert device.next_try is None, f"{device} has a try to come"
        if device.check_at is not None:
            assert device.state not in (DeviceState.PAUSED, DeviceState.RECONNECTING)
            planned = controller.due[Key(account.name, device.id)]
            assert waits or planned <= device.check_at, f"nobody will see the wake of {device}"
        if device.slow_try is not None:
            assert device.state in (DeviceState.REFUSED, DeviceState.NEEDS_PAIRING)
            planned = controller.due[Key(account.name, device.id)]
            assert waits or planned <= device.slow_try, f"nobody will look again at {device}"
        if device.state is DeviceState.REFUSED:
            assert waits or device.slow_try is not None, f"no look is planned at {device}"
    schedule = account.schedule
    is_due = account.name in controller._turns.listers and account.wants_listing(schedule.next)
    is_planned = controller.due[Key(account.name)] <= schedule.next < NEVER
    assert schedule.is_under_way or is_planned or is_due, "no listing is planned"


def _check_alerts(controller: Controller) -> None:
    open_ones = controller.alerts.open_alerts()
    subjects = Counter((alert.kind, alert.account, alert.device_id) for alert in open_ones)
    assert all(count == 1 for count in subjects.values())
    for alert in open_ones:
        account = controller.accounts[alert.account]
        if alert.kind in (AlertKind.DEVICES_MISSING, AlertKind.WRONG_DEVICE):
            assert alert.device_id is None
        elif alert.device_id is None:
            assert account.state is _ACCOUNT_ALERTS[alert.kind]
        else:
            device = account.devices.get(alert.device_id)
            state = device.state if device else DeviceState.GONE
            assert state in _DEVICE_ALERTS[alert.kind], f"{alert.kind} of a device that is {state}"
    for account in controller.accounts.values():
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
            # A restart restores the pause of a device that is gone.
            is_restored = event.old is DeviceState.PAUSED and states.get(key) is DeviceState.GONE
            assert is_restored or event.old in (None, states.get(key)), f"{event} does not follow"
            states[key] = event.new
        if isinstance(event, Alert):
            subject = (event.account, event.device_id, event.kind)
            told = episodes[event.id]
            if event.status is AlertStatus.RAISED:
                assert told[-1:] in ([], [AlertStatus.RESOLVED]), "an alert was raised twice"
                assert subject not in open_ones, "one of the kind is open already"
                open_ones[subject] = event.id
            else:
                assert told, "an alert was never raised"
                assert told[-1] is not AlertStatus.RESOLVED, "an alert was resolved before"
            if event.status is AlertStatus.RESOLVED:
                assert open_ones.pop(subject) == event.id
            told.append(event.status)
