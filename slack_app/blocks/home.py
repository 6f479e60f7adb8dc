"""App Home: all devices, the same as the status, with the same buttons."""

from ..devices.accounts import Overview
from ..messages import Strings
from .names import Action
from .parts import Block, actions, button, section
from .status import status_message


def home_view(overview: Overview, page: int, strings: Strings) -> Block:
    """Return the home of a person who may use the app."""
    title, summary, *rest = status_message(overview, page, strings).blocks
    pair = button(strings.button_pair_device, Action.OPEN_PAIR_MODAL, "pair", style="primary")
    return {"type": "home", "blocks": [title, summary, actions([pair]), *rest]}


def closed_home(text: str) -> Block:
    """Return the home of a person who may not, or who cannot be shown it now."""
    return {"type": "home", "blocks": [section(text)]}
