"""The app's home: the dashboard of all devices, the same as the status, with the same buttons."""

from slack_app.messages import Words

from .names import Action
from .parts import Block, actions, button, section
from .status import Overview, status_message


def home_view(overview: Overview, page: int, words: Words) -> Block:
    """Return the home of a person who may."""
    title, summary, *rest = status_message(overview, page, words).blocks
    pair = button(words.button_pair_device, Action.OPEN_PAIR_WINDOW, "pair", style="primary")
    return _view([title, summary, actions([pair]), *rest])


def closed_home(text: str) -> Block:
    """Return the home of a person who may not, or who cannot be shown it now."""
    return _view([section(text)])


def _view(blocks: list[Block]) -> Block:
    return {"type": "home", "blocks": blocks}
