"""What it means that Slack did not take something, in a person's language."""

from ..blocks.parts import escape
from ..messages import Strings
from .errors import SlackFailure


def slack_text(failure: SlackFailure, strings: Strings) -> str:
    """Return one or two sentences that say what is wrong, and what to do."""
    template: str = getattr(strings, failure.words_key)
    error = escape(failure.code)
    scopes = ", ".join(f"`{escape(one)}`" for one in sorted(failure.needed)) or error
    return template.format(error=error, scopes=scopes)


def unwritable_text(channel: str, failure: SlackFailure, strings: Strings) -> str:
    """Return the same about a channel that takes no alerts."""
    kind = failure.words_key.removeprefix("slack_")
    template: str = getattr(strings, f"unwritable_{kind}", strings.unwritable_other)
    return template.format(channel=channel, error=escape(failure.code))
