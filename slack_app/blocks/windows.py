"""The windows (modals): what to pair and how, and the phone number for a pair code."""

from collections.abc import Sequence

from slack_app.messages import Words

from .names import METHOD_CODE, METHOD_QR, Input, View
from .parts import Block, plain, shorten
from .status import Line

LONGEST_TITLE = 24
LONGEST_OPTION = 75
MOST_OPTIONS = 100
MOST_PHONE_CHARACTERS = 30
_MOST_NAME_CHARACTERS = 100


def pair_window(accounts: Sequence[str], words: Words) -> Block:
    """Return the window that asks for device and method."""
    blocks = [
        _input(
            Input.DEVICE,
            words.modal_device,
            {"type": "external_select", "min_query_length": 0},
            optional=True,
        ),
        _input(
            Input.NEW_NAME,
            words.modal_new_name,
            {"type": "plain_text_input", "max_length": _MOST_NAME_CHARACTERS},
            optional=True,
        ),
    ]
    if len(accounts) > 1:
        options = [option(name, name) for name in accounts[:MOST_OPTIONS]]
        menu: Block = {"type": "static_select", "options": options, "initial_option": options[0]}
        blocks.append(_input(Input.ACCOUNT, words.modal_account, menu))
    methods = [
        option(words.modal_method_qr, METHOD_QR),
        option(words.modal_method_code, METHOD_CODE),
    ]
    radio: Block = {"type": "radio_buttons", "options": methods, "initial_option": methods[0]}
    blocks += [_input(Input.METHOD, words.modal_method, radio), _phone(words, optional=True)]
    return _window(View.PAIR, blocks, "", words)


def phone_window(pairing_id: str, words: Words) -> Block:
    """Return the window that asks for the phone number of a pair code."""
    return _window(View.PHONE, [_phone(words, optional=False)], pairing_id, words)


def device_options(lines: Sequence[Line], *, name_account: bool) -> list[Block]:
    """Return devices as options of a menu."""
    return [
        option(
            f"{line.device.name or line.device.id} ({line.account})"
            if name_account
            else line.device.name or line.device.id,
            str(line.ref),
        )
        for line in lines[:MOST_OPTIONS]
    ]


def option(text: str, value: str) -> Block:
    """Return one option of a menu."""
    return {"text": plain(shorten(text, LONGEST_OPTION)), "value": value}


def _phone(words: Words, *, optional: bool) -> Block:
    element: Block = {"type": "plain_text_input", "max_length": MOST_PHONE_CHARACTERS}
    block = _input(Input.PHONE, words.modal_phone, element, optional=optional)
    return {**block, "hint": plain(words.modal_phone_hint)}


def _input(name: Input, label: str, element: Block, *, optional: bool = False) -> Block:
    return {
        "type": "input",
        "block_id": name.value,
        "optional": optional,
        "label": plain(label),
        "element": {**element, "action_id": name.value},
    }


def _window(view: View, blocks: list[Block], metadata: str, words: Words) -> Block:
    return {
        "type": "modal",
        "callback_id": view.value,
        "private_metadata": metadata,
        "title": plain(shorten(words.modal_title, LONGEST_TITLE)),
        "submit": plain(words.button_send),
        "close": plain(words.button_cancel),
        "blocks": blocks,
    }
