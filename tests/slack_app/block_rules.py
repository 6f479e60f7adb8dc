"""What is wrong with a message or a view, by Slack's limits and by our own rule about names."""

from collections.abc import Iterator

from tests.slack_app.blocks.limits import check
from tests.slack_app.strict_files import Sent


def flaws(sent: Sent) -> list[str]:
    """Return what Slack would not take, and which text it would read more in than it should."""
    view = sent.get("view")
    shown = view if isinstance(view, dict) else sent
    found = [
        f"not verbatim: {text['text']}"
        for text in texts_of(shown.get("blocks"))
        if text["type"] == "mrkdwn" and text.get("verbatim") is not True
    ]
    if shown.get("blocks"):
        try:
            check(shown["blocks"], str(shown.get("type", "message")))
        except AssertionError as error:
            found.append(str(error))
    return found


def texts_of(value: object) -> Iterator[Sent]:
    """Yield all text objects, wherever they are."""
    if isinstance(value, dict):
        if value.get("type") in {"mrkdwn", "plain_text"}:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from texts_of(one)
