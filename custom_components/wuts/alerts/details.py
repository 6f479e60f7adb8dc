"""What an open alert is, for automations and for the words of a repair."""

import re
from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.translation import async_get_cached_translations
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..core.supervisor import Alert, Mute, next_step

_MARKDOWN = re.compile(r"([^\w\s])")


def details_of(alert: Alert, mute: Mute | None) -> dict[str, Any]:
    """Return what automations may want to know of an alert; all of it can be JSON.

    Args:
        alert: As it is now.
        mute: What covers it, or None.
    """
    return {
        "alert_id": alert.id,
        "kind": alert.kind.value,
        "cause": None if alert.cause is None else alert.cause.value,
        "cause_until": None if alert.cause_until is None else alert.cause_until.isoformat(),
        "next_step": next_step(alert).value,
        "acknowledged_by": alert.acknowledged_by,
        "note": alert.note,
        "muted": mute is not None,
        "muted_until": None if mute is None or mute.until is None else mute.until.isoformat(),
    }


@callback
def async_end_of_cause(hass: HomeAssistant, alert: Alert) -> str:
    """Return until when an alert's cause lasts, in Home Assistant's language and time zone."""
    if alert.cause_until is None:
        return _text(hass, "for_a_while")
    return _text(hass, "until").format(
        until=f"{dt_util.as_local(alert.cause_until):%Y-%m-%d %H:%M}"
    )


@callback
def async_hands_on(hass: HomeAssistant, alert: Alert | None, mute: Mute | None) -> str:
    """Return who takes care of an alert or muted it, as the last lines of a repair's text."""
    lines = []
    if alert is not None and alert.acknowledged_by is not None:
        key = "taken_with_note" if alert.note else "taken"
        words = {"by": plain(alert.acknowledged_by), "note": plain(alert.note)}
        lines.append(_text(hass, key).format(**words))
    if mute is not None:
        until = mute.until
        end = "" if until is None else f"{dt_util.as_local(until):%Y-%m-%d %H:%M}"
        key = "muted" if until is None else "muted_until"
        lines.append(_text(hass, key).format(by=plain(mute.by), until=end))
    return "".join(f"\n\n{line}" for line in lines)


def plain(text: str) -> str:
    """Return what somebody wrote as one line in which Markdown sees no markup."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def _text(hass: HomeAssistant, key: str) -> str:
    texts = async_get_cached_translations(hass, hass.config.language, "selector", DOMAIN)
    return texts.get(f"component.{DOMAIN}.selector.alert.options.{key}", "")
