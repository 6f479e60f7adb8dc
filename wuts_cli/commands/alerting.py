"""``wuts alerts``, ``ack``, ``mute`` and ``unmute``: what is open in a store, and who has it.

They need no gateway and no token: the store knows the devices, also while the gateway is down.
"""

import getpass
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table

from wuts import find_device
from wuts.supervisor import Alert, AlertKind, AlertStatus, Mute, MuteScope, next_step
from wuts.supervisor.store import Saved, Verb, give_order
from wuts.supervisor.store.alert_orders import (
    acknowledge_argument,
    mute_argument,
    unmute_argument,
)
from wuts_cli.errors import UsageError
from wuts_cli.output import Output
from wuts_cli.runner import reporting_failures, run_alone
from wuts_cli.store import ACCOUNT, NamedDevice, devices_in, reading
from wuts_cli.text import NOTHING, local_time, printable, rfc3339
from wuts_cli.times import read_moment, read_span
from wuts_cli.watching.words import CAUSES, about

from . import JsonOption, StoreOption

SHORTEST_ID = 4
"""Characters of an alert's id that may stand for it."""

NOTED = (
    "Saved for later: no wuts watch picked this up within a few seconds. The next one with "
    "this store will."
)

AnyAccountOption = Annotated[
    str | None,
    typer.Option(
        "--account",
        metavar="NAME",
        help="The account, as wuts watch --config names it.",
        show_default="all, or the one of wuts watch without --config",
    ),
]
ByOption = Annotated[
    str | None, typer.Option(metavar="NAME", help="Who does this.", show_default="your login name")
]
KindOption = Annotated[
    AlertKind | None, typer.Option(help="Only alerts of this kind.", show_default="all")
]
OptionalDevice = Annotated[
    str | None, typer.Argument(metavar="[DEVICE]", help="The device's id or name.")
]


def alerts(
    *, store: StoreOption = None, account: AnyAccountOption = None, json: JsonOption = False
) -> None:
    """List the open alerts, who acknowledged them, and what is muted."""
    output = Output(json=json)

    async def work() -> None:
        async with reading(store) as opened:
            saved = await opened.load(None if account is None else [account])
        found = open_alerts(saved)
        for alert in found:
            output.event("alert", **_fields(alert, _mute_of(alert, saved.mutes)))
        holding = [mute for mute in saved.mutes if mute.ended is None]
        for mute in holding:
            output.event("mute", **_mute_fields(mute))
        output.say(_table(found, saved.mutes) if found else "No alert is open.")
        for mute in holding:
            output.say(f"Muted: {_mute_words(mute)}")

    run_alone(work, output)


def ack(
    alert: Annotated[
        str, typer.Argument(metavar="ALERT", help="The alert's id, or the start of it.")
    ],
    *,
    note: Annotated[str, typer.Option(metavar="TEXT", help="A note for the others.")] = "",
    by: ByOption = None,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Acknowledge an alert: no reminders and no escalation until it is resolved."""
    output = Output(json=json)

    async def work() -> None:
        async with reading(store) as opened:
            found = find_alert(open_alerts(await opened.load()), alert)
            who = by or login_name()
            is_done = await give_order(
                opened,
                found.account,
                found.device_id or "",
                Verb.ACKNOWLEDGE,
                at=datetime.now(UTC),
                argument=acknowledge_argument(found.id, who, note),
            )
        output.event("acknowledged", id=found.id, account=found.account, by=who, done=is_done)
        output.say(f"Acknowledged by {printable(who)}: {about(found)}" if is_done else NOTED)

    run_alone(work, output)


def mute(  # noqa: PLR0913 - one parameter an option
    device: OptionalDevice = None,
    *,
    account: AnyAccountOption = None,
    kind: KindOption = None,
    for_: Annotated[
        str | None, typer.Option("--for", metavar="SPAN", help="How long, such as 30m, 2h, 7d.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="TIME", help="Until when, such as 9:00 or a date.")
    ] = None,
    until_recovered: Annotated[
        bool, typer.Option("--until-recovered", help="Until its open alerts are resolved.")
    ] = False,
    reason: Annotated[
        str, typer.Option(metavar="TEXT", help="Why. Shown when the mute ends.")
    ] = "",
    by: ByOption = None,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Mute the alerts of a device, an account or a kind for a while."""
    output = Output(json=json)
    with reporting_failures(output):
        end = _end_of(for_, until, is_open_ended=until_recovered)
        who = by or login_name()

    async def work() -> None:
        asked = _Asked(device, account, kind)
        argument = mute_argument(kind, end, who, reason)
        scope, is_done = await _order(asked, store, Verb.MUTE, argument)
        fields = {**_scope_fields(scope), "until": rfc3339(end), "by": who, "reason": reason}
        output.event("muted", **fields, done=is_done)
        lasts = f"until {local_time(end)}" if end else "until it recovers"
        output.say(f"Muted {lasts}: {_scope_words(scope)}." if is_done else NOTED)

    run_alone(work, output)


def unmute(  # noqa: PLR0913 - one parameter an option
    device: OptionalDevice = None,
    *,
    account: AnyAccountOption = None,
    kind: KindOption = None,
    by: ByOption = None,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """End a mute. Name exactly what was muted."""
    output = Output(json=json)

    async def work() -> None:
        asked = _Asked(device, account, kind)
        argument = unmute_argument(kind, by or login_name())
        scope, is_done = await _order(asked, store, Verb.UNMUTE, argument)
        output.event("unmuted", **_scope_fields(scope), done=is_done)
        output.say(f"No longer muted: {_scope_words(scope)}." if is_done else NOTED)

    run_alone(work, output)


def open_alerts(saved: Saved) -> list[Alert]:
    """Return the open alerts of a store, the oldest first."""
    found = (one.alert for one in saved.alerts if one.alert.status is not AlertStatus.RESOLVED)
    return sorted(found, key=lambda alert: (alert.since, alert.id))


def find_alert(alerts: Collection[Alert], wanted: str) -> Alert:
    """Return the alert whose id begins so.

    Raises:
        UsageError: There is none, or there are several.
    """
    begin = wanted.strip().casefold()
    found = [one for one in alerts if len(begin) >= SHORTEST_ID and one.id.startswith(begin)]
    if len(found) != 1:
        count = "Several open alerts begin" if found else "No open alert begins"
        raise UsageError(f"{count} with “{printable(wanted)}”. List them with: wuts alerts")
    return found[0]


def login_name() -> str:
    """Return who is logged in.

    Raises:
        UsageError: The system does not know.
    """
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        raise UsageError("Say who you are: add --by NAME.") from None


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a person named."""

    device: str | None
    account: str | None
    kind: AlertKind | None

    def scope(self, saved: Saved) -> MuteScope:
        """Return what is meant.

        Raises:
            UsageError: Nothing was named.
            UnknownDeviceError, AmbiguousDeviceError: No device matches, or several do.
        """
        if self.device is None and self.account is None and self.kind is None:
            raise UsageError("Name a DEVICE, an --account or a --kind.")
        account, device_id = self.account or ACCOUNT, None
        if self.device is not None:
            found: NamedDevice = find_device(devices_in(saved, self.account), self.device)
            account, device_id = found.account, found.id
        return MuteScope(account, device_id, self.kind)


async def _order(
    asked: _Asked, address: str | None, verb: Verb, argument: dict[str, object]
) -> tuple[MuteScope, bool]:
    """Give an order; return what it is about, and whether it was carried out at once."""
    async with reading(address) as opened:
        scope = asked.scope(await opened.load())
        is_done = await give_order(
            opened,
            scope.account,
            scope.device_id or "",
            verb,
            at=datetime.now(UTC),
            argument=argument,
        )
    return scope, is_done


def _end_of(span: str | None, until: str | None, *, is_open_ended: bool) -> datetime | None:
    if (span is not None) + (until is not None) + is_open_ended != 1:
        raise UsageError("Say how long: --for SPAN, --until TIME, or --until-recovered.")
    now = datetime.now(UTC)
    if span is not None:
        return now + read_span(span)
    return None if until is None else read_moment(until, now).astimezone(UTC)


def _mute_of(alert: Alert, mutes: Collection[Mute]) -> Mute | None:
    covering = (one for one in mutes if one.ended is None and one.scope.covers(alert))
    return next(covering, None)


def _fields(alert: Alert, mute: Mute | None) -> dict[str, object]:
    return {
        "id": alert.id,
        "kind": alert.kind,
        "status": alert.status,
        "account": alert.account,
        "device_id": alert.device_id,
        "name": alert.device_name,
        "since": rfc3339(alert.since),
        "cause": alert.cause,
        "cause_until": rfc3339(alert.cause_until),
        "next_step": next_step(alert),
        "acknowledged_by": alert.acknowledged_by,
        "acknowledged_at": rfc3339(alert.acknowledged_at),
        "note": alert.note or None,
        "muted": mute is not None,
        "muted_until": rfc3339(mute.until) if mute else None,
    }


def _scope_fields(scope: MuteScope) -> dict[str, object]:
    return {"account": scope.account, "device_id": scope.device_id, "kind": scope.kind}


def _mute_fields(mute: Mute) -> dict[str, object]:
    return {
        **_scope_fields(mute.scope),
        "until": rfc3339(mute.until),
        "by": mute.by,
        "reason": mute.reason or None,
        "at": rfc3339(mute.at),
    }


def _scope_words(scope: MuteScope) -> str:
    what = f"{scope.kind} of " if scope.kind else ""
    whom = f"the device {printable(scope.device_id)}" if scope.device_id else "all devices"
    return f"{what}{whom} of account “{printable(scope.account)}”"


def _mute_words(mute: Mute) -> str:
    lasts = f"until {local_time(mute.until)}" if mute.until else "until it recovers"
    why = f" {printable(mute.reason)}" if mute.reason else ""
    return f"{_scope_words(mute.scope)}, {lasts}, by {printable(mute.by)}.{why}"


def _table(found: Collection[Alert], mutes: Collection[Mute]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("ALERT", "SINCE", "WHAT", "ACKNOWLEDGED BY"):
        table.add_column(heading, overflow="fold")
    for alert in found:
        what = about(alert)
        if alert.cause is not None:
            what = f"{what} {CAUSES[alert.cause]}"
        if _mute_of(alert, mutes) is not None:
            what = f"{what} (muted)"
        who = printable(alert.acknowledged_by or "") or NOTHING
        if alert.note:
            who = f"{who}: {printable(alert.note)}"
        table.add_row(alert.id[:8], local_time(alert.since), what, who)
    return table
