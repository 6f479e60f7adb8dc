"""What people do about alerts: pair, take, mute, unmute."""

import asyncio
from datetime import UTC, datetime, time, timedelta

from wuts.errors import InvalidInputError
from wuts.supervisor import Alert, AlertKind, MuteScope

from ..blocks.alert import headline
from ..blocks.alert_people import by, read_scope, shown_by
from ..blocks.mute import mute_modal
from ..blocks.names import MuteUntil
from ..blocks.parts import when
from ..devices.device import DeviceRef
from ..operations.audit import AuditAction
from .context import CommandContext
from .pairing_actions import start_pairing

MORNING = time(9)
"""When a mute until the next morning ends, where the person is."""

_AN_HOUR = timedelta(hours=1)


async def take(asked: CommandContext) -> None:
    """Take an alert: *Take it*."""
    account, alert_id = asked.value.split(" ", 1)
    alert = next((one for one in _open(asked, account) if one.id == alert_id), None)
    if alert is None:
        await asked.say(asked.strings.alert_over)
    else:
        await take_alert(asked, alert)


async def take_alert(asked: CommandContext, alert: Alert) -> None:
    """Take an alert for the person, unless somebody has."""
    strings = asked.strings
    if alert.acknowledged_by is not None:
        who = shown_by(alert.acknowledged_by, strings)
        since = when(alert.acknowledged_at or alert.at)
        await asked.say(strings.alert_taken_already.format(by=who, time=since))
    elif await _take(asked, alert, await name_of(asked)):
        await asked.say(strings.taken_now.format(what=headline(alert, strings)))
    else:
        await asked.say(strings.alert_over)


async def take_all(asked: CommandContext) -> None:
    """Take all alerts of a kind and account that nobody has: *Take all*."""
    free = [one for one in _group(asked) if one.acknowledged_by is None]
    name = await name_of(asked)
    taken = await asyncio.gather(*(_take(asked, one, name) for one in free))
    if not any(taken):
        await asked.say(asked.strings.alert_over)


async def pair_next(asked: CommandContext) -> None:
    """Pair the device that has waited longest, of those that nobody pairs: *Pair next*."""
    pairings, accounts = asked.services.pairings, asked.services.accounts
    for alert in sorted(_group(asked), key=lambda one: (one.since, one.id)):
        ref = DeviceRef(alert.account, alert.device_id or "")
        if alert.kind is AlertKind.NEEDS_PAIRING and pairings.owner(ref) is None:
            line = await accounts.look_up(ref)
            if line is not None:
                await start_pairing(asked, line)
                return
    await asked.say(asked.strings.nothing_to_pair)


async def open_mute_modal(asked: CommandContext) -> None:
    """Ask what to mute, how long, and why: *Mute…*."""
    scope = read_scope(asked.value)
    name = ""
    if scope.device_id is not None:
        line = asked.services.accounts.line(DeviceRef(scope.account, scope.device_id))
        name = line.name if line is not None else ""
    await asked.open_modal(mute_modal(scope, name, asked.strings))


async def mute(asked: CommandContext, scope: MuteScope, until: MuteUntil, reason: str) -> None:
    """Mute what somebody chose in the modal.

    Raises:
        WutsError: Another process looks after the account, or nobody.
    """
    person = await asked.services.users.person(asked.user_id)
    end = end_of(until, datetime.now(person.zone))
    alerts = asked.services.supervisor.alerts
    await alerts.mute(scope, by=by(person.name), reason=reason, until=end)
    asked.audit_alerts(AuditAction.MUTE, scope, until=end.isoformat() if end else None)


async def unmute(asked: CommandContext) -> None:
    """End a mute: *Unmute*."""
    scope = read_scope(asked.value)
    alerts = asked.services.supervisor.alerts
    if await alerts.unmute(scope, by=await name_of(asked)):
        asked.audit_alerts(AuditAction.UNMUTE, scope)
        await asked.say(asked.strings.unmuted)
    else:
        await asked.say(asked.strings.not_muted)


def end_of(until: MuteUntil, now: datetime) -> datetime | None:
    """Return when a mute ends; None if that is when it recovers.

    Args:
        until: What a person chose.
        now: The time where they are.
    """
    match until:
        case MuteUntil.AN_HOUR:
            return now.astimezone(UTC) + _AN_HOUR
        case MuteUntil.MORNING:
            tomorrow = now.date() + timedelta(days=1)
            return datetime.combine(tomorrow, MORNING, now.tzinfo).astimezone(UTC)
    return None


async def _take(asked: CommandContext, alert: Alert, name: str) -> bool:
    """Take one; return whether it was open still."""
    try:
        await asked.services.supervisor.alerts.acknowledge(alert.account, alert.id, by=name)
    except InvalidInputError:
        return False
    scope = MuteScope(alert.account, alert.device_id, alert.kind)
    asked.audit_alerts(AuditAction.TAKE, scope, alert=alert.id)
    return True


def _open(asked: CommandContext, account: str) -> list[Alert]:
    return [one for one in asked.services.supervisor.open_alerts() if one.account == account]


def _group(asked: CommandContext) -> list[Alert]:
    """Return the alerts that the clicked button stands for: of an account and a kind."""
    account, kind = asked.value.split(" ", 1)
    return [one for one in _open(asked, account) if one.kind == kind]


async def name_of(asked: CommandContext) -> str:
    """Return what the person is called wherever alerts are shown."""
    return by((await asked.services.users.person(asked.user_id)).name)
