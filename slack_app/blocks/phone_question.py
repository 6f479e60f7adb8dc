"""The question whether a phone may stay linked, wherever it is asked."""

from wuts.supervisor import Device, PhoneQuestion

from ..devices.device import DeviceRef, Line
from ..messages import Strings
from .names import Action
from .numbers import masked
from .parts import Block, Content, actions, button, confirmed, section, shown_name


def answers(ref: DeviceRef, question_id: str, strings: Strings) -> Block:
    """Return the buttons that answer it; *Keep* names the question, and so the phone."""
    keep = button(strings.button_keep, Action.KEEP, f"{ref} {question_id}".rstrip())
    unlink = confirmed(
        button(strings.button_unlink, Action.UNLINK, str(ref), style="danger"),
        strings.unlink_title,
        strings.unlink_warning,
        yes=strings.button_unlink_yes,
        no=strings.button_cancel,
    )
    return actions([keep, unlink])


def question(device: Device, strings: Strings) -> str:
    """Return what is asked about a device's phone, or nothing."""
    linked, expected = device.linked_number, device.expected_number
    is_wrong = device.phone_question is PhoneQuestion.WRONG_PHONE
    if expected is None or device.phone_question is None:
        return ""
    if is_wrong and linked is not None:
        return strings.wrong_account.format(number=masked(linked), expected=masked(expected))
    return strings.unchecked.format(expected=masked(expected))


def asked_again(line: Line, strings: Strings) -> Content:
    """Return the question about the phone that is linked by now."""
    text = (
        f":warning: *{shown_name(line.name, line.id)}*: {strings.question_changed} "
        f"{question(line.device, strings)} {strings.wrong_account_question}"
    )
    buttons = answers(line.ref, line.device.phone.question_id, strings)
    return Content(text, [section(text), buttons])
