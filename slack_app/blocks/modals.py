"""The modals: what to pair and how, and the phone number for a pair code."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from ..devices.device import Line
from ..messages import EN, LANGUAGES, Strings
from .names import METHOD_CODE, METHOD_QR, Input, Modal
from .parts import Block, Content, context, plain, section, shorten

LONGEST_TITLE = 24
LONGEST_OPTION = 75
LONGEST_VALUE = 150
MOST_OPTIONS = 100
MOST_PHONE_CHARACTERS = 30
_MOST_NAME_CHARACTERS = 100

MESSAGE_TITLE = "WUTS"


def pair_modal(accounts: Sequence[str], strings: Strings) -> Block:
    """Return the modal that asks for device and method."""
    menu: Block = {"type": "external_select", "min_query_length": 0}
    text: Block = {"type": "plain_text_input", "max_length": _MOST_NAME_CHARACTERS}
    blocks = [
        field(Input.DEVICE, strings.modal_device, menu, optional=True),
        field(Input.NEW_NAME, strings.modal_new_name, text, optional=True),
    ]
    if len(accounts) > 1:
        options = [option(name, name) for name in accounts[:MOST_OPTIONS]]
        menu = {"type": "static_select", "options": options, "initial_option": options[0]}
        blocks.append(field(Input.ACCOUNT, strings.modal_account, menu))
    methods = [
        option(strings.modal_method_qr, METHOD_QR),
        option(strings.modal_method_code, METHOD_CODE),
    ]
    blocks += [
        field(Input.METHOD, strings.modal_method, choice(methods)),
        _phone(strings, optional=True),
    ]
    return modal_view(Modal.PAIR, blocks, "", strings)


def phone_modal(pairing_id: str, strings: Strings) -> Block:
    """Return the modal that asks for the phone number of a pair code."""
    return modal_view(Modal.PHONE, [_phone(strings, optional=False)], pairing_id, strings)


def device_options(lines: Sequence[Line], *, name_account: bool) -> list[Block]:
    """Return devices as options of a menu."""
    options = []
    for line in lines:
        name = line.name or line.id
        text = f"{name} ({line.account})" if name_account else name
        # A command still pairs a device whose id is longer than Slack takes here.
        if len(str(line.ref)) <= LONGEST_VALUE:
            options.append(option(text, str(line.ref)))
    return options[:MOST_OPTIONS]


def option(text: str, value: str) -> Block:
    """Return one choice of a menu or of radio buttons."""
    return {"text": plain(shorten(text, LONGEST_OPTION)), "value": value}


def loading_view(strings: Strings | None) -> Block:
    """Return the modal that is open while it is not known whether the person may, and what.

    Args:
        strings: The person's language, or None if it is not known either.
    """
    spoken = LANGUAGES.values() if strings is None else [strings]
    text = " · ".join(one.modal_loading for one in spoken)
    return _closable([context(f":hourglass_flowing_sand: {text}")], strings or EN)


def message_view(content: Content, strings: Strings) -> Block:
    """Return a modal that says something, and takes nothing."""
    blocks = content.blocks or [section(content.text)]
    return _closable(blocks, strings)


def _closable(blocks: list[Block], strings: Strings) -> Block:
    title, close = plain(MESSAGE_TITLE), plain(strings.button_close)
    return {"type": "modal", "title": title, "close": close, "blocks": blocks}


class Metadata(NamedTuple):
    """What a modal keeps until it is sent: for whom it is read, and where it was asked for."""

    value: str
    channel: str


def with_channel(view: Block, channel: str) -> Block:
    """Return a modal that also keeps the channel where it was asked for."""
    if not channel:
        return view
    kept = {"channel": channel, "value": view["private_metadata"]}
    return {**view, "private_metadata": json.dumps(kept)}


def read_metadata(text: str) -> Metadata:
    """Read what a modal keeps, with a channel or without, as modals of earlier versions are."""
    try:
        kept = json.loads(text)
        return Metadata(str(kept["value"]), str(kept["channel"]))
    except (ValueError, TypeError, KeyError):
        return Metadata(text, "")


def _phone(strings: Strings, *, optional: bool) -> Block:
    element: Block = {"type": "plain_text_input", "max_length": MOST_PHONE_CHARACTERS}
    block = field(Input.PHONE, strings.modal_phone, element, optional=optional)
    return {**block, "hint": plain(strings.modal_phone_hint)}


def choice(options: list[Block]) -> Block:
    """Return radio buttons, of which the first is chosen."""
    return {"type": "radio_buttons", "options": options, "initial_option": options[0]}


def field(name: Input, label: str, element: Block, *, optional: bool = False) -> Block:
    """Return an input with its label."""
    return {
        "type": "input",
        "block_id": name.value,
        "optional": optional,
        "label": plain(label),
        "element": {**element, "action_id": name.value},
    }


def modal_view(  # noqa: PLR0913 - the last two are named
    modal: Modal,
    blocks: list[Block],
    metadata: str,
    strings: Strings,
    *,
    title: str = "",
    submit: str = "",
) -> Block:
    """Return a modal; it is about pairing a device unless it has another title and button."""
    return {
        "type": "modal",
        "callback_id": modal.value,
        "private_metadata": metadata,
        "title": plain(shorten(title or strings.modal_title, LONGEST_TITLE)),
        "submit": plain(submit or strings.button_send),
        "close": plain(strings.button_cancel),
        "blocks": blocks,
    }
