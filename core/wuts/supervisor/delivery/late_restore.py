"""What an earlier process left, where it could be read only after supervision had begun.

What was seen meanwhile is newer and counts; what only a person can know, and what was told before,
is taken over.
"""

from dataclasses import replace

from ..account.account import Account
from ..alerts.device_alerts import ended_by
from ..alerts.episodes import Subject
from ..controller import ACCOUNT_ALERTS, Fleet
from ..device.device import Device
from ..device.machine import Change
from ..device.snapshot import DeviceFacts
from ..events import Alert, AlertStatus
from ..states import DeviceState
from ..store import Saved


def recall(fleet: Fleet, saved: Saved, now: float) -> list[Alert]:
    """Take in what was saved.

    Returns:
        The alerts to be dropped: their episodes were told anew under other ids.
    """
    known = [one for one in saved.facts if one.account in fleet.accounts]
    fleet.restore([one for one in saved.facts if one.account not in fleet.accounts], [])
    for facts in known:
        _recall_device(fleet.accounts[facts.account], facts, now)
    is_open = fleet.alerts.is_open
    open_ones = [one.alert for one in saved.alerts if one.alert.status is not AlertStatus.RESOLVED]
    told_anew = [one for one in open_ones if is_open(_subject(one))]
    kept = [one for one in open_ones if not is_open(_subject(one))]
    fleet.restore([], kept)
    for alert in kept:
        if _is_over(fleet, alert):
            fleet.end_alert(_subject(alert), now)
    return told_anew


def _recall_device(account: Account, facts: DeviceFacts, now: float) -> None:
    device = account.devices.get(facts.device_id) or Device(facts.device_id, facts.name)
    if facts.was_paired and not device.was_paired:
        device = replace(device, was_paired=True, doubtful=True)
        account.roster.apply(Change(device), now)
    if facts.paused:
        account.pause(facts.device_id, now)


def _is_over(fleet: Fleet, alert: Alert) -> bool:
    """Tell whether what is known by now contradicts an alert."""
    account = fleet.accounts.get(alert.account)
    if account is None:
        return False
    if alert.device_id is None:
        return ACCOUNT_ALERTS.get(account.state) is not alert.kind
    device = account.devices.get(alert.device_id)
    if device is None or device.state is None:
        return False
    if device.doubtful and device.state is not DeviceState.CONNECTED:
        # What is asked for right now will end it or not.
        return False
    return alert.kind in ended_by(device)


def _subject(alert: Alert) -> Subject:
    return Subject(alert.kind, alert.account, alert.device_id)
