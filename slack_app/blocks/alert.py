"""An alert's one message, from when it opens until it is resolved. It names no number."""

from wuts.supervisor import Alert, AlertKind, AlertStatus, Device

from ..devices.device import DeviceRef
from ..messages import Strings
from .names import Action
from .parts import Content, actions, button, context, section, shown_name, when
from .phone_question import answers

_ABOUT_PHONES = (AlertKind.WRONG_PHONE, AlertKind.PHONE_UNCHECKED)


def alert_content(
    alert: Alert, device: Device | None, strings: Strings, pairing_by: str | None = None
) -> Content:
    """Return an alert's message as it is now.

    Args:
        alert: The alert.
        device: What is known about its device now.
        strings: The channel's language.
        pairing_by: Who is pairing the device now, as a mention, or None.
    """
    what = _headline(alert, strings)
    since = context(strings.since.format(time=when(alert.since)))
    if alert.status is AlertStatus.RESOLVED:
        over = strings.alert_resolved.format(time=when(alert.at))
        return Content(what, [section(f":white_check_mark: ~{what}~\n{over}"), since])
    if pairing_by is not None:
        doing = strings.doing_pairing.format(owner=pairing_by)
    elif alert.kind is AlertKind.OFFLINE and device is not None and device.next_try is not None:
        next_try = when(device.next_try)
        doing = strings.doing_offline_next.format(count=device.attempt, time=next_try)
    else:
        doing = strings.of("doing", alert.kind)
    blocks = [section(f":rotating_light: {what}\n{doing}"), since]
    if alert.kind is AlertKind.NEEDS_PAIRING and alert.device_id is not None:
        ref = DeviceRef(alert.account, alert.device_id)
        pair = button(strings.button_pair_now, Action.PAIR, str(ref), style="primary")
        blocks.append(actions([pair]))
    elif alert.kind in _ABOUT_PHONES and alert.device_id is not None and device is not None:
        ref = DeviceRef(alert.account, alert.device_id)
        blocks.append(answers(ref, device.phone.question_id, strings))
    return Content(what, blocks)


def reminder(alert: Alert, strings: Strings) -> Content:
    """Return what is said in the thread of an alert that lasts."""
    text = strings.alert_reminder.format(what=_headline(alert, strings))
    return Content(text, [section(text)])


def _headline(alert: Alert, strings: Strings) -> str:
    name = shown_name(alert.device_name or "", alert.device_id or "")
    return strings.of("alert", alert.kind).format(device=name, account=alert.account)
