"""Which channels get which alerts, and which take none."""

from collections.abc import Sequence

from ..messages import Strings
from .names import Action
from .parts import Block, Content, actions, button, context, header, section

MOST_ROWS = 40
"""Rows of the list: within Slack's 50 blocks."""


def subscription_list(
    rows: Sequence[tuple[str, str]], configured: Sequence[str], strings: Strings, none: str
) -> Content:
    """Return who gets alerts.

    Args:
        rows: What people subscribed to: what the list says, and the subscription's key.
        configured: What the settings say.
        strings: The person's language.
        none: What to say where there is neither.
    """
    blocks: list[Block] = [header(strings.subscriptions_title)]
    blocks += [section(text) for text in configured[:MOST_ROWS]]
    for text, key in rows[: MOST_ROWS - len(configured[:MOST_ROWS])]:
        off = button(strings.button_unsubscribe, Action.UNSUBSCRIBE, key)
        blocks.append(section(text, off))
    hidden = len(rows) + len(configured) - (len(blocks) - 1)
    if hidden:
        blocks.append(context(strings.alert_others.format(count=hidden)))
    if len(blocks) == 1:
        blocks.append(section(none))
    return Content(strings.subscriptions_title, blocks)


def unwritable(channel: str, text: str, strings: Strings, *, subscribed: bool) -> Content:
    """Return what is wrong with a channel, with the button that ends its subscriptions."""
    blocks: list[Block] = [section(f":warning: {text}")]
    if subscribed:
        blocks.append(actions([button(strings.button_unsubscribe, Action.UNSUBSCRIBE, channel)]))
    return Content(text, blocks)
