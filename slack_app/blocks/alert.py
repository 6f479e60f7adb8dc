"""An alert's one message, from what happened to that it is over. It names no phone number."""

from slack_app.devices.device_ref import DeviceRef
from slack_app.messages import Words
from wuts.supervisor import Alert, AlertKind, AlertStatus, Device

from .names import Action
from .parts import Content, actions, button, context, section, shown_name, when


def alert_message(
    alert: Alert, device: Device | None, words: Words, pairing_by: str | None = None
) -> Content:
    """Return an alert's message as it is now.

    Args:
        alert: The alert.
        device: What is known of its device now.
        words: The channel's language.
        pairing_by: Who is pairing the device now, as a mention, or None.
    """
    what = headline(alert, words)
    since = words.since.format(time=when(alert.since))
    if alert.status is AlertStatus.RESOLVED:
        over = words.alert_resolved.format(time=when(alert.at))
        return Content(what, [section(f":white_check_mark: ~{what}~\n{over}"), context(since)])
    doing = _doing(alert, device, words)
    if pairing_by is not None:
        doing = words.doing_pairing.format(owner=pairing_by)
    blocks = [section(f":rotating_light: {what}\n{doing}"), context(since)]
    if alert.kind is AlertKind.NEEDS_PAIRING and alert.device_id is not None:
        ref = DeviceRef(alert.account, alert.device_id)
        pair = button(words.button_pair_now, Action.PAIR, str(ref), style="primary")
        blocks.append(actions([pair]))
    return Content(what, blocks)


def reminder(alert: Alert, words: Words) -> Content:
    """Return what is said in the thread of an alert that lasts."""
    text = words.alert_reminder.format(what=headline(alert, words))
    return Content(text, [section(text)])


def headline(alert: Alert, words: Words) -> str:
    """Return what happened."""
    template = {
        AlertKind.NEEDS_PAIRING: words.alert_needs_pairing,
        AlertKind.OFFLINE: words.alert_offline,
        AlertKind.FLAPPING: words.alert_flapping,
        AlertKind.DEVICE_GONE: words.alert_device_gone,
        AlertKind.GATEWAY_DOWN: words.alert_gateway_down,
        AlertKind.TOKEN_REFUSED: words.alert_access_refused,
    }[alert.kind]
    name = shown_name(alert.device_name or "", alert.device_id or "")
    return template.format(device=name, account=alert.account)


def _doing(alert: Alert, device: Device | None, words: Words) -> str:
    if alert.kind is AlertKind.OFFLINE and device is not None and device.next_try is not None:
        next_try = when(device.next_try)
        return words.doing_offline_next.format(count=device.attempt, time=next_try)
    return {
        AlertKind.NEEDS_PAIRING: words.doing_needs_pairing,
        AlertKind.OFFLINE: words.doing_offline,
        AlertKind.FLAPPING: words.doing_flapping,
        AlertKind.DEVICE_GONE: words.doing_device_gone,
        AlertKind.GATEWAY_DOWN: words.doing_gateway_down,
        AlertKind.TOKEN_REFUSED: words.doing_access_refused,
    }[alert.kind]
