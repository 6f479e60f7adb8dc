"""An alert's one message, from when it opens until it is resolved. It names no number."""

from dataclasses import dataclass

from wuts.supervisor import Alert, AlertKind, AlertStatus, Cause, Device, Mute

from ..devices.device import DeviceRef
from ..messages import Strings
from .alert_people import mute_button, mute_over_line, muted_line, taken_line
from .names import Action
from .parts import Block, Content, actions, button, context, section, shown_name, when
from .phone_question import answers

_ABOUT_PHONES = (AlertKind.WRONG_PHONE, AlertKind.PHONE_UNCHECKED)
_TRIED = (AlertKind.OFFLINE, AlertKind.GATEWAY_DOWN)
"""What the app works at, whatever the cause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What is special about an alert in one channel.

    Attributes:
        mention: Whom to call, as mark-up, or nothing.
        is_next: Whether the channel gets it because nobody has acted.
        mute_over: The mute that has ended, or None.
    """

    mention: str = ""
    is_next: bool = False
    mute_over: Mute | None = None

    def called(self, text: str) -> str:
        """Return a text behind the mention."""
        return f"{self.mention} {text}".strip()


PLAIN = Heading()


def alert_content(  # noqa: PLR0913 - the last two are named
    alert: Alert,
    device: Device | None,
    strings: Strings,
    pairing_by: str | None = None,
    *,
    mute: Mute | None = None,
    heading: Heading = PLAIN,
) -> Content:
    """Return an alert's message as it is now.

    Args:
        alert: The alert.
        device: What is known about its device now.
        strings: The channel's language.
        pairing_by: Who is pairing the device now, as a mention, or None.
        mute: What keeps everybody from hearing of it, or None.
        heading: What is special about it in this channel.
    """
    what = headline(alert, strings)
    since = context(strings.since.format(time=when(alert.since)))
    if alert.status is AlertStatus.RESOLVED:
        return resolved(what, alert, strings, since)
    doing = "\n".join(_doing(alert, device, strings, pairing_by))
    blocks = [
        section(heading.called(f":rotating_light: {what}\n{doing}")),
        since,
        *people(alert, mute, heading, strings),
        *_buttons(alert, device, mute, strings),
    ]
    return Content(heading.called(what), blocks)


def resolved(what: str, alert: Alert, strings: Strings, *more: Block) -> Content:
    """Return what is left of what is over."""
    over = strings.alert_resolved.format(time=when(alert.at))
    return Content(what, [section(f":white_check_mark: ~{what}~\n{over}"), *more])


def people(alert: Alert, mute: Mute | None, heading: Heading, strings: Strings) -> list[Block]:
    """Return who has an alert, who has muted it, and whether somebody should take it."""
    lines = []
    if alert.acknowledged_by is not None:
        lines.append(taken_line(alert, strings))
    elif heading.is_next:
        lines.append(strings.alert_nobody)
    if mute is not None:
        lines.append(muted_line(mute, strings))
    elif heading.mute_over is not None:
        lines.append(mute_over_line(heading.mute_over, strings))
    return [context(line) for line in lines]


def reminder(what: str, strings: Strings) -> Content:
    """Return what is said in the thread of an alert that lasts."""
    text = strings.alert_reminder.format(what=what)
    return Content(text, [section(text)])


def headline(alert: Alert, strings: Strings) -> str:
    """Return what has happened, in one line."""
    name = shown_name(alert.device_name or "", alert.device_id or "")
    template = strings.of("alert", alert.kind)
    if alert.kind is AlertKind.NEEDS_PAIRING and alert.cause not in {None, Cause.UNLINKED}:
        template = strings.alert_must_pair
    return template.format(device=name, account=alert.account)


def _doing(
    alert: Alert, device: Device | None, strings: Strings, pairing_by: str | None
) -> list[str]:
    """Return why, if that is known, and what is done or should be."""
    because = _because(alert, strings)
    if pairing_by is not None:
        return [*because, strings.doing_pairing.format(owner=pairing_by)]
    if because and alert.kind not in _TRIED:
        return because
    if alert.kind is AlertKind.OFFLINE and device is not None and device.next_try is not None:
        next_try = when(device.next_try)
        return [*because, strings.doing_offline_next.format(count=device.attempt, time=next_try)]
    return [*because, strings.of("doing", alert.kind)]


def _because(alert: Alert, strings: Strings) -> list[str]:
    if alert.cause is None or (alert.kind, alert.cause) == (
        AlertKind.NEEDS_PAIRING,
        Cause.UNLINKED,
    ):
        return []  # the headline says so
    if alert.cause is Cause.TEMPORARY_BAN and alert.cause_until is not None:
        return [strings.because_banned_until.format(time=when(alert.cause_until))]
    return [strings.of("because", alert.cause)]


def _buttons(
    alert: Alert, device: Device | None, mute: Mute | None, strings: Strings
) -> list[Block]:
    rows, first = [], list[Block]()
    if alert.device_id is not None:
        ref = DeviceRef(alert.account, alert.device_id)
        if alert.kind is AlertKind.NEEDS_PAIRING:
            first.append(button(strings.button_pair_now, Action.PAIR, str(ref), style="primary"))
        elif alert.kind in _ABOUT_PHONES and device is not None:
            rows.append(answers(ref, device.phone.question_id, strings))
    if alert.acknowledged_by is None:
        first.append(button(strings.button_take, Action.TAKE, f"{alert.account} {alert.id}"))
    first.append(mute_button(alert.account, alert.kind, alert.device_id, mute, strings))
    return [*rows, actions(first)]
