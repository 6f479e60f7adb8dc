"""Answers that ask back: which device, or whether to make a new one."""

from collections.abc import Sequence

from slack_app.messages import Words

from .names import Action
from .parts import Content, actions, button, escape, section, shorten
from .status import Line, state_name

MOST = 10
_LONGEST_NAME = 100


def offer_to_create(
    name: str, accounts: Sequence[str], words: Words, phone_key: str = ""
) -> Content:
    """Return the offer to create a device: a button for each account.

    ``phone_key`` stands for the phone to make a pair code for, if there is one.
    """
    text = words.offer_create.format(name=escape(shorten(name, _LONGEST_NAME)))
    several = len(accounts) > 1
    buttons = [
        button(
            f"{words.button_create} ({account})" if several else words.button_create,
            f"{Action.CREATE}_{account}",
            f"{account} {phone_key} {name}",
        )
        for account in accounts[:MOST]
    ]
    return Content(text, [section(text), actions(buttons)])


def which_device(name: str, lines: Sequence[Line], words: Words, phone_key: str = "") -> Content:
    """Return the choice among devices of one name, each with its button to pair.

    ``phone_key`` stands for the phone to make a pair code for, if there is one.
    """
    text = words.several_devices.format(name=escape(shorten(name, _LONGEST_NAME)))
    blocks = [section(text)]
    for line in lines[:MOST]:
        about = (
            f"{line.account} · {state_name(line.device.state, words)} · `{escape(line.device.id)}`"
        )
        value = f"{line.ref} {phone_key}".strip()
        blocks.append(section(about, button(words.button_pair, Action.PAIR, value)))
    return Content(text, blocks)


def no_such_device(name: str, words: Words) -> str:
    """Return that there is no device of a name."""
    return words.no_such_device.format(name=escape(shorten(name, _LONGEST_NAME)))
