"""What is known by now of an alert that an earlier process left open."""

from ..account.account import Account
from ..events import AccountState, Alert, DeviceState
from .episodes import ABOUT_MANY, ABOUT_PHONES, ACCOUNT_ALERTS, AlertBook, Subject, ended_by


def state_left(alerts: AlertBook, account: str) -> AccountState:
    """Return what an account was when an earlier process left its alerts open."""
    for state, kind in ACCOUNT_ALERTS.items():
        if alerts.is_open(Subject(kind, account)):
            return state
    return AccountState.HEALTHY


def is_over(alert: Alert, account: Account) -> bool:
    """Return whether what is known of an account contradicts an alert."""
    if alert.kind in ABOUT_MANY:
        return False
    if alert.device_id is None:
        return ACCOUNT_ALERTS.get(account.state) is not alert.kind
    device = account.devices.get(alert.device_id)
    if device is not None and alert.kind in ABOUT_PHONES.values():
        question = device.phone.question
        return question is None or ABOUT_PHONES[question] is not alert.kind
    if device is None or device.state is None:
        return False
    if device.needs_check and device.state is not DeviceState.CONNECTED:
        # The check that is wanted will end it or not.
        return False
    return alert.kind in ended_by(device)
