"""How devices did: a line for each, or one with what happened to it."""

from collections.abc import Sequence
from datetime import timedelta

from wuts.supervisor import AlertKind, DeviceState
from wuts.supervisor.alerts.history import HistoryKind, HistoryLine, Uptime

from ..devices.device import Line
from ..devices.history import DeviceHistory
from ..messages import Strings
from .alert_people import shown_by
from .parts import Block, Content, context, header, section, shown_name, when

MOST = 45
"""Devices in the list: within Slack's 50 blocks."""

MOST_LINES = 15
"""What happened last, in one device's history."""


def history_list(rows: Sequence[tuple[Line, Uptime]], days: int, strings: Strings) -> Content:
    """Return how devices did, those that were connected least first."""
    title = strings.history_title.format(days=days)
    ordered = sorted(rows, key=lambda row: (_share(row[1]), row[0].name, row[0].id))
    blocks = [header(title)]
    for line, uptime in ordered[:MOST]:
        name = shown_name(line.name, line.id)
        blocks.append(section(f"*{name}* · {line.account}\n{_told(uptime, strings)}"))
    if len(ordered) > MOST:
        blocks.append(context(strings.alert_others.format(count=len(ordered) - MOST)))
    if not ordered:
        blocks.append(section(strings.history_none))
    return Content(title, blocks)


def device_history(line: Line, found: DeviceHistory, days: int, strings: Strings) -> Content:
    """Return how one device did, and what happened to it."""
    title = strings.history_title.format(days=days)
    name = shown_name(line.name, line.id)
    uptime = strings.history_none if found.uptime is None else _told(found.uptime, strings)
    blocks: list[Block] = [section(f"*{name}* · {title}\n{uptime}")]
    told = [_line(one, strings) for one in found.lines[:MOST_LINES]]
    if told:
        blocks.append(section("\n".join(told)))
    if len(found.lines) > MOST_LINES:
        count = len(found.lines) - MOST_LINES
        blocks.append(context(strings.alert_others.format(count=count)))
    return Content(f"{name} · {title}", blocks)


def _share(uptime: Uptime) -> float:
    return 2.0 if uptime.share is None else uptime.share


def _told(uptime: Uptime, strings: Strings) -> str:
    if uptime.share is None:
        return strings.history_no_uptime
    outage = _span(uptime.longest_outage) if uptime.longest_outage else strings.history_no_outage
    return strings.history_uptime.format(
        share=f"{100 * uptime.share:.2f} %", drops=uptime.drops, outage=outage
    )


def _span(span: timedelta) -> str:
    """Return a time span such as ``2 h 5 min``; the largest two units say enough."""
    seconds = round(span.total_seconds())
    parts = []
    for unit, name in ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")):
        count, seconds = divmod(seconds, unit)
        if count:
            parts.append(f"{count} {name}")
    return " ".join(parts[:2]) or "0 s"


def _line(line: HistoryLine, strings: Strings) -> str:
    if line.kind is HistoryKind.STATE:
        known = line.detail in set(DeviceState)
        what = strings.of("state", line.detail if known else "unknown")
    else:
        about = strings.of("kind", line.detail) if line.detail in set(AlertKind) else ""
        what = strings.of("line", line.kind).format(what=about or strings.everything)
    by = strings.history_by.format(by=shown_by(line.by, strings)) if line.by else ""
    return " · ".join(part for part in (when(line.at), what, by) if part)
