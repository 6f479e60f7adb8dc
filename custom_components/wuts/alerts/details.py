"""What an open alert is, for automations and for the words of a repair."""

import re
from datetime import datetime
from typing import Any, Final

from homeassistant.util import dt as dt_util

from ..core.supervisor import Alert, Mute, next_step

TAKEN: Final = "\N{RAISED HAND}"
MUTED: Final = "\N{BELL WITH CANCELLATION STROKE}"

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


def time_of(moment: datetime) -> str:
    """Return a time in Home Assistant's zone, in a form that no language owns."""
    return f"{dt_util.as_local(moment):%Y-%m-%d %H:%M}"


def hands_on(alert: Alert, mute: Mute | None) -> str:
    """Return who takes care of an alert or muted it, as the last lines of a repair's text.

    They hold names, times and signs only: nothing translates what is filled into a text.
    """
    lines = []
    if alert.acknowledged_by is not None:
        note = f": {plain(alert.note)}" if alert.note else ""
        lines.append(f"{TAKEN} **{plain(alert.acknowledged_by)}**{note}")
    if mute is not None:
        end = "" if mute.until is None else f" → {time_of(mute.until)}"
        lines.append(f"{MUTED} **{plain(mute.by)}**{end}")
    return "".join(f"\n\n{line}" for line in lines)


def plain(text: str) -> str:
    """Return what somebody wrote as one line in which Markdown sees no markup."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))
