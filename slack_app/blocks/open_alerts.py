"""The alerts that are open, each with the button that takes it."""

from collections.abc import Sequence

from wuts.supervisor import Alert

from ..messages import Strings
from .alert import headline
from .alert_people import taken_line
from .names import Action
from .parts import Block, Content, button, context, header, section, when

MOST = 40
"""Alerts in one message: within Slack's 50 blocks."""


def open_alerts(alerts: Sequence[Alert], strings: Strings) -> Content:
    """Return the list; those that nobody has come first, the oldest of them at the top."""
    ordered = sorted(alerts, key=lambda one: (one.acknowledged_by is not None, one.since, one.id))
    blocks = [header(strings.open_title)]
    blocks += [_row(one, strings) for one in ordered[:MOST]]
    if len(ordered) > MOST:
        blocks.append(context(strings.alert_others.format(count=len(ordered) - MOST)))
    return Content(strings.open_title, blocks)


def _row(alert: Alert, strings: Strings) -> Block:
    lines = [headline(alert, strings), strings.since.format(time=when(alert.since))]
    if alert.acknowledged_by is not None:
        return section("\n".join([*lines, taken_line(alert, strings)]))
    take = button(strings.button_take, Action.TAKE, f"{alert.account} {alert.id}")
    return section("\n".join(lines), take)
