"""The small pieces of Block Kit, kept within Slack's limits (Slack reference, Block Kit)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

LONGEST_SECTION = 3000
LONGEST_CONTEXT = 2000
LONGEST_HEADER = 150
LONGEST_BUTTON = 75
LONGEST_NAME = 80
"""Characters of a device's name that are shown; ours, not Slack's."""

# Slack has no escape for these; a name keeps its looks, but not their power.
_LOOK_ALIKES = str.maketrans("*`~", "∗ˋ∼")  # noqa: RUF001

type Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Content:
    """A message: its blocks, and the text for notifications and screen readers."""

    text: str
    blocks: list[Block]


def shorten(text: str, longest: int) -> str:
    """Return at most ``longest`` characters."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def escape(text: str) -> str:
    """Return text from outside so that Slack reads no mark-up, link or mention in it."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.translate(_LOOK_ALIKES)


def shown_name(name: str, device_id: str) -> str:
    """Return a device's name for a text with mark-up, or its id when it has none."""
    printable = "".join(char for char in name if char.isprintable()).strip()
    return escape(shorten(printable or device_id, LONGEST_NAME))


def plain(text: str) -> Block:
    """Return a text without mark-up."""
    return {"type": "plain_text", "text": text, "emoji": True}


def markdown(text: str, longest: int = LONGEST_SECTION) -> Block:
    """Return a text with Slack's mark-up.

    It is verbatim: a name is no link to a channel, a person or a page, whatever it looks like.
    """
    return {"type": "mrkdwn", "text": shorten(text, longest), "verbatim": True}


def header(text: str) -> Block:
    """Return a large line."""
    return {"type": "header", "text": plain(shorten(text, LONGEST_HEADER))}


def section(text: str, accessory: Block | None = None) -> Block:
    """Return a paragraph, perhaps with a button beside it."""
    block: Block = {"type": "section", "text": markdown(text)}
    return block if accessory is None else {**block, "accessory": accessory}


def context(text: str) -> Block:
    """Return a small grey line."""
    return {"type": "context", "elements": [markdown(text, LONGEST_CONTEXT)]}


def actions(buttons: Iterable[Block]) -> Block:
    """Return a row of buttons."""
    return {"type": "actions", "elements": list(buttons)}


def button(text: str, action_id: str, value: str, *, style: str | None = None) -> Block:
    """Return a button; ``style`` is ``primary`` or ``danger``."""
    block: Block = {
        "type": "button",
        "text": plain(shorten(text, LONGEST_BUTTON)),
        "action_id": action_id,
        "value": value,
    }
    return block if style is None else {**block, "style": style}


def confirmed(block: Block, title: str, text: str, *, yes: str, no: str) -> Block:
    """Return a button that asks first whether that is meant."""
    dialog = {"title": plain(title), "text": plain(text), "confirm": plain(yes), "deny": plain(no)}
    return {**block, "confirm": {**dialog, "style": "danger"}}


def when(moment: datetime | float) -> str:
    """Return a moment (a float is seconds since 1970) as each reader's Slack shows it."""
    if not isinstance(moment, datetime):
        moment = datetime.fromtimestamp(moment, UTC)
    fallback = f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}} {{time}}|{fallback}>"


def until(moment: datetime) -> str:
    """Return a moment soon to come, to the second, as each reader's Slack shows it."""
    fallback = f"{moment.astimezone(UTC):%H:%M:%S} UTC"
    return f"<!date^{int(moment.timestamp())}^{{time_secs}}|{fallback}>"
