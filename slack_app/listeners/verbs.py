"""What ``/wuts`` does beside pairing, reconnecting and the status; and which device is meant."""

from collections.abc import Awaitable, Callable

from wuts import find_device
from wuts.errors import AmbiguousDeviceError, InvalidInputError, UnknownDeviceError
from wuts.inputs import check_name
from wuts.supervisor import AlertKind, MuteScope

from ..blocks.choices import choose_device, where_to_create
from ..blocks.errors import shown_wanted
from ..blocks.history import device_history, history_list
from ..blocks.mute import mute_modal
from ..blocks.open_alerts import open_alerts
from ..blocks.parts import LONGEST_NAME, Content, escape, section, shorten, shown_name
from ..blocks.status import help_button
from ..devices.device import Line
from ..devices.history import DAYS
from ..messages.parser import SCHEMA, Command, Invocation
from ..operations.audit import AuditAction
from .alert_actions import name_of, take_alert
from .context import CommandContext
from .creating import create_device

type DeviceVerb = Callable[[CommandContext, Line, Invocation], Awaitable[None]]

SHORTEST_ID = 4
"""Characters of an alert's id that may stand for it."""


async def find_line(asked: CommandContext, said: Invocation) -> Line | None:
    """Return the device that is meant; if several may be, offer a button for each instead.

    Raises:
        WutsError: There is none, or a gateway does not answer, so nobody knows.
    """
    accounts, strings = asked.services.accounts, asked.strings
    try:
        return await accounts.search(said.argument)
    except AmbiguousDeviceError as error:
        lines = [one for one in error.candidates if isinstance(one, Line)]
        text = strings.several_devices.format(name=shown_wanted(error))
    except UnknownDeviceError as error:
        lines = accounts.matching(said.argument)
        if not lines:
            raise
        text = strings.similar_devices.format(name=shown_wanted(error))
    await asked.answer(choose_device(text, lines, said.command, said.kind, strings))
    return None


async def create(asked: CommandContext, said: Invocation) -> None:
    """Create a device; ask in which account where there are several."""
    try:
        name = check_name(said.argument)
    except InvalidInputError:
        await asked.say(asked.strings.modal_bad_name)
        return
    accounts = asked.services.accounts.names
    if len(accounts) > 1:
        await asked.answer(where_to_create(name, accounts, asked.strings))
    else:
        await _create(asked, accounts[0], name)


async def create_where(asked: CommandContext) -> None:
    """Create a device in the account that somebody chose."""
    account, name = asked.value.split(" ", 1)
    await _create(asked, account, name)


async def _create(asked: CommandContext, account: str, name: str) -> None:
    """Create a device, unless an earlier click did or there is one of that name."""
    accounts, strings = asked.services.accounts, asked.strings
    template = strings.create_exists
    try:
        line = find_device([one for one in accounts.lines() if one.account == account], name)
    except AmbiguousDeviceError as error:
        line = next(one for one in error.candidates if isinstance(one, Line))
    except UnknownDeviceError:
        created = await create_device(asked, account, name)
        if created is None:
            return
        line, template = created, strings.created
    text = template.format(device=shown_name(line.name, line.id))
    await asked.answer(Content(text, [section(text, help_button(line, strings))]))


async def rename(asked: CommandContext, said: Invocation) -> None:  # noqa: ARG001 - as all handlers
    """Say that no gateway can: the WUTS reference has no call for it."""
    usage = SCHEMA[Command.CREATE].usage(asked.strings.argument_name)
    await asked.say(asked.strings.rename_impossible.format(create=usage))


async def ack(asked: CommandContext, said: Invocation) -> None:
    """Take the alert of a device or of an id; list them where several are meant, or all."""
    strings = asked.strings
    alerts = asked.services.supervisor.open_alerts()
    wanted = said.argument.casefold()
    ids = {line.ref for line in _named(asked, said.argument)}
    found = [
        one
        for one in alerts
        if not wanted
        or (one.account, one.device_id) in {(ref.account, ref.device_id) for ref in ids}
        or (len(wanted) >= SHORTEST_ID and one.id.startswith(wanted))
    ]
    if not found:
        name = escape(shorten(said.argument, LONGEST_NAME))
        none = strings.nothing_open_of.format(name=name) if wanted else strings.nothing_open
        await asked.say(none)
    elif wanted and len(found) == 1:
        await take_alert(asked, found[0])
    else:
        await asked.answer(open_alerts(found, strings))


def _named(asked: CommandContext, text: str) -> list[Line]:
    """Return the devices of a name or an id."""
    try:
        return [asked.services.accounts.find(text)]
    except UnknownDeviceError:
        return []
    except AmbiguousDeviceError as error:
        return [one for one in error.candidates if isinstance(one, Line)]


async def mute(asked: CommandContext, said: Invocation, line: Line | None = None) -> None:
    """Ask for how long to mute, and why: a device's alerts, or an account's."""
    scope = await _scope(asked, said, line)
    if scope is not None:
        name = "" if line is None else line.name
        await asked.open_modal(mute_modal(scope, name, asked.strings))


async def unmute(asked: CommandContext, said: Invocation, line: Line | None = None) -> None:
    """End the mutes of a device's alerts, or of an account's."""
    scope = await _scope(asked, said, line)
    if scope is not None:
        await _unmute(asked, scope)


async def _unmute(asked: CommandContext, scope: MuteScope) -> None:
    """End the mutes that lie within a scope."""
    alerts = asked.services.supervisor.alerts
    by = await name_of(asked)
    is_ended = False
    for mute_ in alerts.mutes(scope.account):
        one = mute_.scope
        is_within = one.device_id == scope.device_id and scope.kind in (None, one.kind)
        if is_within and await alerts.unmute(one, by=by):
            is_ended = True
            asked.audit_alerts(AuditAction.UNMUTE, one)
    await asked.say(asked.strings.unmuted if is_ended else asked.strings.not_muted)


async def _scope(asked: CommandContext, said: Invocation, line: Line | None) -> MuteScope | None:
    """Return what a command names; None if there is no such account, and say so to the person."""
    names = asked.services.accounts.names
    kind = AlertKind(said.kind) if said.kind else None
    if line is not None:
        return MuteScope(line.account, line.id, kind)
    account = said.account or (names[0] if len(names) == 1 else "")
    if account:
        return MuteScope(account, None, kind)
    usage = SCHEMA[said.command].usage(asked.strings.argument_device)
    await asked.say(asked.strings.mute_what_missing.format(usage=usage))
    return None


async def history(asked: CommandContext, said: Invocation) -> None:
    """Show how all devices did, or one."""
    if said.argument:
        line = await find_line(asked, said)
        if line is not None:
            await history_of(asked, line, said)
        return
    strings, services, days = asked.strings, asked.services, said.days or DAYS
    if not services.history.is_kept:
        await asked.say(strings.history_off)
        return
    found = await services.history.of_all(services.accounts.names, days)
    lines = {line.ref: line for line in services.accounts.lines()}
    rows = [(lines[ref], uptime) for ref, uptime in found.items() if ref in lines]
    await asked.answer(history_list(rows, days, strings))


async def history_of(asked: CommandContext, line: Line, said: Invocation) -> None:
    """Show how one device did, and what happened to it."""
    services, days = asked.services, said.days or DAYS
    if not services.history.is_kept:
        await asked.say(asked.strings.history_off)
        return
    found = await services.history.of_device(line.ref, days)
    await asked.answer(device_history(line, found, days, asked.strings))
