"""The modals: what to pair and how, and the phone number for a pair code."""

from collections.abc import Sequence

from ..devices.device import Line
from ..messages import Strings
from .names import METHOD_CODE, METHOD_QR, Input, Modal
from .parts import Block, plain, shorten

LONGEST_TITLE = 24
LONGEST_OPTION = 75
MOST_OPTIONS = 100
MOST_PHONE_CHARACTERS = 30
_MOST_NAME_CHARACTERS = 100


def pair_modal(accounts: Sequence[str], strings: Strings) -> Block:
    """Return the modal that asks for device and method."""
    menu: Block = {"type": "external_select", "min_query_length": 0}
    text: Block = {"type": "plain_text_input", "max_length": _MOST_NAME_CHARACTERS}
    blocks = [
        _input(Input.DEVICE, strings.modal_device, menu, optional=True),
        _input(Input.NEW_NAME, strings.modal_new_name, text, optional=True),
    ]
    if len(accounts) > 1:
        options = [_option(name, name) for name in accounts[:MOST_OPTIONS]]
        menu = {"type": "static_select", "options": options, "initial_option": options[0]}
        blocks.append(_input(Input.ACCOUNT, strings.modal_account, menu))
    methods = [
        _option(strings.modal_method_qr, METHOD_QR),
        _option(strings.modal_method_code, METHOD_CODE),
    ]
    radio: Block = {"type": "radio_buttons", "options": methods, "initial_option": methods[0]}
    blocks += [_input(Input.METHOD, strings.modal_method, radio), _phone(strings, optional=True)]
    return _modal(Modal.PAIR, blocks, "", strings)


def phone_modal(pairing_id: str, strings: Strings) -> Block:
    """Return the modal that asks for the phone number of a pair code."""
    return _modal(Modal.PHONE, [_phone(strings, optional=False)], pairing_id, strings)


def device_options(lines: Sequence[Line], *, name_account: bool) -> list[Block]:
    """Return devices as options of a menu."""
    options = []
    for line in lines[:MOST_OPTIONS]:
        name = line.name or line.id
        text = f"{name} ({line.account})" if name_account else name
        options.append(_option(text, str(line.ref)))
    return options


def _option(text: str, value: str) -> Block:
    return {"text": plain(shorten(text, LONGEST_OPTION)), "value": value}


def _phone(strings: Strings, *, optional: bool) -> Block:
    element: Block = {"type": "plain_text_input", "max_length": MOST_PHONE_CHARACTERS}
    block = _input(Input.PHONE, strings.modal_phone, element, optional=optional)
    return {**block, "hint": plain(strings.modal_phone_hint)}


def _input(name: Input, label: str, element: Block, *, optional: bool = False) -> Block:
    return {
        "type": "input",
        "block_id": name.value,
        "optional": optional,
        "label": plain(label),
        "element": {**element, "action_id": name.value},
    }


def _modal(modal: Modal, blocks: list[Block], metadata: str, strings: Strings) -> Block:
    return {
        "type": "modal",
        "callback_id": modal.value,
        "private_metadata": metadata,
        "title": plain(shorten(strings.modal_title, LONGEST_TITLE)),
        "submit": plain(strings.button_send),
        "close": plain(strings.button_cancel),
        "blocks": blocks,
    }
