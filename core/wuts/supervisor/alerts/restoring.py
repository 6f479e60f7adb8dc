"""What alerts that an earlier process left say of accounts, and whether they hold still. Pure."""

from ..account.account import Account
from ..events import AccountState, Alert, DeviceState
from .episodes import ABOUT_MANY, ACCOUNT_ALERTS, AlertBook, Subject, ended_by


def restored_state(account: str, alerts: AlertBook) -> AccountState:
    """Return what an account was by its open alerts."""
    for state, kind in ACCOUNT_ALERTS.items():
        if alerts.is_open(Subject(kind, account)):
            return state
    return AccountState.HEALTHY


def is_contradicted(alert: Alert, account: Account | None) -> bool:
    """Tell whether what is known by now contradicts an alert."""
    if account is None or alert.kind in ABOUT_MANY:
        return False
    if alert.device_id is None:
        return ACCOUNT_ALERTS.get(account.state) is not alert.kind
    device = account.devices.get(alert.device_id)
    if device is None or device.state is None:
        return False
    if device.needs_check and device.state is not DeviceState.CONNECTED:
        # The check that is wanted will end it or not.
        return False
    return alert.kind in ended_by(device)
