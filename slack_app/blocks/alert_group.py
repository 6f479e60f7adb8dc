"""Many alerts of a kind in one message, worked through from the top."""

from collections.abc import Sequence
from dataclasses import dataclass

from wuts.supervisor import Alert, AlertKind, AlertStatus, Mute

from ..messages import Strings
from .alert import Heading, headline, people, resolved
from .alert_people import mute_button, shown_by
from .names import Action
from .parts import Block, Content, actions, button, context, section, shown_name, when

MOST_ROWS = 20
"""Alerts that are listed; those that somebody has taken or muted give way to others."""

_ROWS_A_BLOCK = 4
"""Rows in one section: each may be long, and Slack takes 3,000 characters."""

_MOST_NAMES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One of the alerts.

    Attributes:
        alert: As it is now.
        pairing_by: Who is pairing its device now, as a mention, or None.
        mute: What keeps everybody from hearing of it, or None.
    """

    alert: Alert
    pairing_by: str | None = None
    mute: Mute | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is not resolved."""
        return self.alert.status is not AlertStatus.RESOLVED

    @property
    def is_waiting(self) -> bool:
        """Whether nobody takes care of it."""
        return not (self.alert.acknowledged_by or self.pairing_by or self.mute)


def group_content(rows: Sequence[Row], most: int, strings: Strings, heading: Heading) -> Content:
    """Return the message of many alerts of one kind and account.

    Args:
        rows: The alerts, one at least.
        most: How many were open at most.
        strings: The channel's language.
        heading: What is special about them in this channel.
    """
    still = sorted((row for row in rows if row.is_open), key=_urgency)
    what = many(rows[0].alert, most, strings)
    if not still:
        return resolved(what, max((row.alert for row in rows), key=lambda one: one.at), strings)
    mute = still[0].mute if all(row.mute == still[0].mute for row in still) else None
    kind = rows[0].alert.kind
    doing = getattr(strings, f"all_{kind}", None) or strings.of("doing", kind)
    left = strings.alert_left.format(count=len(still), most=max(most, len(still)))
    blocks = [
        section(heading.called(f":rotating_light: {what}\n{doing}")),
        *_list(still, strings),
        context(left),
        *people(_taken(still), mute, heading, strings),
        actions(_buttons(still, mute, strings)),
    ]
    return Content(heading.called(what), blocks)


def many(alert: Alert, count: int, strings: Strings) -> str:
    """Return what has happened to so many devices, of which one is given."""
    template = getattr(strings, f"many_{alert.kind}", None)
    if template is None:
        return headline(alert, strings)
    text: str = template.format(count=count, account=alert.account)
    return text


def more(alerts: Sequence[Alert], strings: Strings) -> str:
    """Return what is said when further alerts join the list."""
    names = [shown_name(one.device_name or "", one.device_id or "") for one in alerts[:_MOST_NAMES]]
    if len(alerts) > _MOST_NAMES:
        names.append("…")
    return strings.alert_more.format(count=len(alerts), names=", ".join(names))


def _list(still: Sequence[Row], strings: Strings) -> list[Block]:
    lines = [_line(row, strings) for row in still[:MOST_ROWS]]
    blocks = [
        section("\n".join(lines[at : at + _ROWS_A_BLOCK]))
        for at in range(0, len(lines), _ROWS_A_BLOCK)
    ]
    if len(still) > MOST_ROWS:
        blocks.append(context(strings.alert_others.format(count=len(still) - MOST_ROWS)))
    return blocks


def _line(row: Row, strings: Strings) -> str:
    alert = row.alert
    facts = [f"*{shown_name(alert.device_name or '', alert.device_id or '')}*"]
    if row.pairing_by is not None:
        facts.append(strings.row_pairing.format(owner=row.pairing_by))
    elif alert.acknowledged_by is not None:
        facts.append(strings.row_taken.format(by=shown_by(alert.acknowledged_by, strings)))
    elif row.mute is not None:
        facts.append(strings.row_muted)
    else:
        facts.append(strings.since.format(time=when(alert.since)))
    return f"• {' · '.join(facts)}"


def _taken(still: Sequence[Row]) -> Alert:
    """Return one that nobody has, if there is one; else all are somebody's."""
    return next((row.alert for row in still if not row.alert.acknowledged_by), still[0].alert)


def _buttons(still: Sequence[Row], mute: Mute | None, strings: Strings) -> list[Block]:
    alert, found = still[0].alert, list[Block]()
    group = f"{alert.account} {alert.kind}"
    if alert.kind is AlertKind.NEEDS_PAIRING:
        next_ = button(strings.button_pair_next, Action.PAIR_NEXT, group, style="primary")
        found.append(next_)
    if any(row.alert.acknowledged_by is None for row in still):
        found.append(button(strings.button_take_all, Action.TAKE_ALL, group))
    found.append(mute_button(alert.account, alert.kind, None, mute, strings))
    return found


def _urgency(row: Row) -> tuple[bool, bool, float, str]:
    """Return what puts first what is being paired, then what nobody takes care of."""
    alert = row.alert
    return row.pairing_by is None, not row.is_waiting, alert.since.timestamp(), alert.id
