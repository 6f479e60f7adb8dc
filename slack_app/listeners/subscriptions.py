"""Who subscribes a channel to which alerts: ``/wuts subscribe``, ``unsubscribe``, and the list."""

from collections.abc import Sequence
from datetime import UTC, datetime

from wuts.supervisor import AlertKind, MuteScope

from ..alerts.routing import Configured
from ..alerts.subscriptions import Subscription
from ..blocks.parts import Content, section, shorten, shown_name, when
from ..blocks.subscriptions import subscription_list
from ..devices.device import Line
from ..messages import Strings
from ..messages.parser import SCHEMA, Command, Invocation
from ..operations.audit import AuditAction
from ..slack.errors import SLACK_ERRORS, NotOwnerError, is_passing, slack_error_of
from ..slack.words import slack_text
from .context import CommandContext

_INVITED_BY = frozenset({"channel_not_found", "not_in_channel"})
"""What Slack says of a channel where an invitation helps."""


async def subscribe(asked: CommandContext, said: Invocation, line: Line | None = None) -> None:
    """Send alerts to the channel where somebody asks, and tell it so; it must take that first.

    Args:
        asked: Who asks.
        said: Which alerts.
        line: The device whose alerts, if it was named.

    Raises:
        SlackApiError: Slack does not take it now.
    """
    strings, subscriptions = asked.strings, asked.services.subscriptions
    wanted = _wanted(asked, said, line)
    what = told(wanted, strings)
    if subscriptions.get(wanted.key) is not None:
        await asked.say(strings.subscribed_already.format(what=what))
        return
    if not await subscriptions.keep(wanted):
        await asked.say(strings.problem_store)
        return
    text = strings.subscribed.format(user=asked.user_id, what=what)
    is_told = False
    try:
        refusal = await _refusal(asked, wanted.channel, text)
        is_told = refusal is None
    finally:
        if not is_told:
            await subscriptions.remove([wanted])
    if refusal is not None:
        await asked.say(refusal)
        return
    subscriptions.begin(wanted)
    _audit(asked, AuditAction.SUBSCRIBE, wanted)


async def unsubscribe(asked: CommandContext, said: Invocation, line: Line | None = None) -> None:
    """End what the channel is subscribed to: all of it, or only what is named."""
    subscriptions, strings = asked.services.subscriptions, asked.strings
    if line is not None or said.account or said.kind:
        named = subscriptions.get(_wanted(asked, said, line).key)
        found = [named] if named is not None else []
    else:
        found = subscriptions.of(asked.channel_id)
    if not found:
        command = SCHEMA[Command.SUBSCRIPTIONS].usage("")
        await asked.say(strings.not_subscribed.format(command=command))
        return
    await _remove(asked, found)


async def unsubscribe_listed(asked: CommandContext) -> None:
    """End one subscription, or all of a channel, from anywhere: *Unsubscribe*."""
    subscriptions = asked.services.subscriptions
    one = subscriptions.get(asked.value)
    await _remove(asked, [one] if one is not None else subscriptions.of(asked.value))


async def list_subscriptions(asked: CommandContext, said: Invocation) -> None:  # noqa: ARG001
    """Show which channels get which alerts."""
    strings = asked.strings
    rows = [(_row(one, strings), one.key) for one in asked.services.subscriptions.all()]
    configured = [_configured_row(one, strings) for one in asked.services.routes]
    command = SCHEMA[Command.SUBSCRIBE].usage(strings.argument_device)
    none = strings.subscriptions_none.format(command=command)
    await asked.answer(subscription_list(rows, configured, strings, none))


def told(one: Subscription, strings: Strings) -> str:
    """Return which alerts a channel is subscribed to."""
    if one.device_id:
        name = shown_name(one.device_name, one.device_id)
        what = strings.alerts_of_device.format(device=name)
    elif one.account:
        what = strings.alerts_of_account.format(account=one.account)
    else:
        what = strings.alerts_all
    if one.kind is None:
        return what
    return strings.alerts_of_kind.format(what=what, kind=strings.of("kind", one.kind))


async def is_scope(asked: CommandContext, said: Invocation) -> bool:
    """Return whether the account and the kind that a command names are some; if not, say so."""
    strings, accounts = asked.strings, asked.services.accounts
    if said.kind and said.kind not in set(AlertKind):
        kinds = ", ".join(f"`{kind}`" for kind in AlertKind)
        await asked.say(strings.no_such_kind.format(kinds=kinds))
        return False
    if said.account and said.account not in accounts.names:
        names = ", ".join(f"`{name}`" for name in accounts.names)
        await asked.say(strings.no_such_account.format(accounts=shorten(names, 1000)))
        return False
    return True


def _wanted(asked: CommandContext, said: Invocation, line: Line | None) -> Subscription:
    """Return what somebody means; `is_scope` has seen to it that there is such a kind."""
    return Subscription(
        channel=asked.channel_id,
        account=line.account if line else said.account,
        device_id=line.id if line else "",
        device_name=line.name if line else "",
        kind=AlertKind(said.kind) if said.kind else None,
        by=asked.user_id,
        at=datetime.now(UTC),
    )


async def _remove(asked: CommandContext, found: Sequence[Subscription]) -> None:
    subscriptions, strings = asked.services.subscriptions, asked.strings
    if not found:
        await asked.say(strings.alert_over)
        return
    is_kept = await subscriptions.remove(found)
    for one in found:
        _audit(asked, AuditAction.UNSUBSCRIBE, one)
    what = "; ".join(told(one, strings) for one in found)
    channel = found[0].channel
    if channel != asked.channel_id:
        await asked.say(strings.unsubscribed_elsewhere.format(channel=channel, what=what))
    text = strings.unsubscribed.format(user=asked.user_id, what=what)
    try:
        await _post(asked, channel, text)
    except NotOwnerError:
        raise
    except SLACK_ERRORS:
        # The channel may be one that takes nothing: that may be why.
        if channel == asked.channel_id:
            await asked.say(text)
    if not is_kept:
        await asked.say(strings.problem_store)


async def _refusal(asked: CommandContext, channel: str, text: str) -> str | None:
    """Tell a channel; return what to say to the person if it takes nothing, else None."""
    try:
        await _post(asked, channel, text)
    except NotOwnerError:
        raise
    except SLACK_ERRORS as error:
        if is_passing(error):
            raise
        failure = slack_error_of(error)
        if failure.code in _INVITED_BY:
            return asked.strings.subscribe_where.format(error=failure.code)
        return slack_text(failure, asked.strings)
    return None


async def _post(asked: CommandContext, channel: str, text: str) -> None:
    content = Content(text, [section(text)])
    await asked.services.slack.chat_postMessage(
        channel=channel, text=content.text, blocks=content.blocks
    )


def _row(one: Subscription, strings: Strings) -> str:
    by = strings.subscribed_by.format(user=one.by, time=when(one.at))
    return f"<#{one.channel}> · {told(one, strings)} · {by}"


def _configured_row(one: Configured, strings: Strings) -> str:
    settings = one.settings
    accounts = ", ".join(sorted(settings.accounts))
    what = strings.alerts_of_account.format(account=accounts) if accounts else strings.alerts_all
    if settings.kinds:
        kinds = ", ".join(strings.of("kind", kind) for kind in sorted(settings.kinds))
        what = strings.alerts_of_kind.format(what=what, kind=kinds)
    facts = [f"<#{settings.channel}>", what, strings.route_of_settings]
    if settings.escalate_after is not None:
        channel = settings.escalate_channel or settings.channel
        minutes = f"{settings.escalate_after / 60:g}"
        facts.append(strings.route_next.format(channel=channel, minutes=minutes))
    return " · ".join(facts)


def _audit(asked: CommandContext, action: AuditAction, one: Subscription) -> None:
    scope = MuteScope(one.account, one.device_id or None, one.kind)
    asked.audit_alerts(action, scope, to=one.channel)
