"""The one message of a pairing, from the first code to the outcome."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wuts.errors import ErrorCode
from wuts.pairing import Stage

from ..devices.device import DeviceRef
from ..messages import Strings
from .errors import waiting_text
from .names import Action
from .parts import (
    Block,
    Content,
    actions,
    button,
    context,
    header,
    section,
    until,
    when,
)
from .phone_question import answers


class LastMessage(StrEnum):
    """What a pairing's last message offers."""

    NOTHING = "nothing"
    START_AGAIN = "start_again"
    KEEP_OR_UNLINK = "keep_or_unlink"


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingHead:
    """What all states of a pairing's message have in common.

    Attributes:
        id: The pairing's own, for its buttons.
        ref: The device.
        device_name: Its name, ready to be shown.
        strings: The language of the person who asked.
        can_send_link: Whether there are pairing pages.
    """

    id: str
    ref: DeviceRef
    device_name: str
    strings: Strings
    can_send_link: bool = False

    @property
    def title(self) -> str:
        """The first line."""
        return self.strings.pairing_title.format(device=self.device_name)


def progress(head: PairingHead, stage: Stage, reason: ErrorCode | None = None) -> Content:
    """Return the message while there is no code to show; once scanned, no button is left.

    Args:
        head: What is paired.
        stage: Where the pairing is.
        reason: What does not answer, or why nothing follows the phone's scan; None if unknown.
    """
    strings = head.strings
    if stage is Stage.SCANNED:
        return _content(head, strings.pairing_scanned)
    if stage is Stage.STALLED:
        text = waiting_text(reason, strings)
        return _content(head, text, [_buttons(head, Action.NEW_CODE, Action.CANCEL)])
    is_waiting = stage is Stage.WAITING
    text = waiting_text(reason, strings) if is_waiting else strings.pairing_preparing
    return _content(head, text, [_buttons(head, Action.CANCEL)])


def showing_qr(head: PairingHead, file_id: str, expires_at: datetime) -> Content:
    """Return the message with a QR.

    Args:
        head: What is paired.
        file_id: The picture, uploaded to Slack by the same token. Each has a block of its own:
            Slack may show an old picture in an old block.
        expires_at: Until when the code works.
    """
    strings = head.strings
    image = {
        "type": "image",
        "block_id": f"qr-{file_id}",
        "slack_file": {"id": file_id},
        "alt_text": strings.pairing_qr_alt,
    }
    steps = _steps(strings, strings.pairing_step_scan)
    link = [Action.SEND_LINK] if head.can_send_link else []
    blocks = [
        section(steps),
        image,
        _works_until(strings, expires_at),
        _buttons(head, Action.NEW_CODE, Action.USE_CODE, *link, Action.CANCEL),
    ]
    return Content(head.title, [_title(head), *blocks])


def without_picture(head: PairingHead, text: str) -> Content:
    """Return the message where Slack takes no picture: why, and the way that needs none."""
    return _content(head, f":warning: {text}", [_buttons(head, Action.USE_CODE, Action.CANCEL)])


def showing_code(head: PairingHead, code: str, expires_at: datetime) -> Content:
    """Return the message with a pair code, large; its notification does not hold the code."""
    strings = head.strings
    blocks = [
        section(_steps(strings, strings.pairing_step_code)),
        header(code),
        _works_until(strings, expires_at),
        _buttons(head, Action.NEW_CODE, Action.CANCEL),
    ]
    return Content(head.title, [_title(head), *blocks])


def waiting_for_browser(head: PairingHead, latest: datetime) -> Content:
    """Return the message from the making of a link until somebody opens it."""
    text = head.strings.link_waiting.format(time=when(latest))
    return _content(head, text, [_buttons(head, Action.CANCEL)])


def shown_by_link(head: PairingHead, stage: Stage, reason: ErrorCode | None = None) -> Content:
    """Return the message while a page, and no message, shows the codes."""
    if stage in {Stage.QR, Stage.CODE}:
        return _content(head, head.strings.link_opened, [_buttons(head, Action.CANCEL)])
    return progress(head, stage, reason)


def sent_link(url: str, latest: datetime, strings: Strings) -> Content:
    """Return the link for whoever asked, to be passed on; its notification does not hold it."""
    text = strings.link_made.format(time=when(latest))
    # Slack makes no link of it, and so fetches no preview; people copy it.
    return Content(text, [section(text), section(f"```{url}```")])


def last_message(
    head: PairingHead, text: str, offers: LastMessage, question_id: str = ""
) -> Content:
    """Return the last message: how the pairing ended, and what to do about it."""
    match offers:
        case LastMessage.NOTHING:
            return _content(head, text)
        case LastMessage.START_AGAIN:
            again = head.strings.button_start_again
            start = button(again, Action.PAIR, str(head.ref), style="primary")
            return _content(head, text, [actions([start])])
        case LastMessage.KEEP_OR_UNLINK:
            question = f":warning: {text} {head.strings.wrong_account_question}"
            return _content(head, question, [answers(head.ref, question_id, head.strings)])


def kept(device_name: str, text: str, strings: Strings) -> Content:
    """Return the answer in its place when the phone may stay."""
    title = strings.pairing_title.format(device=device_name)
    mark = f":white_check_mark: {text}"
    return Content(f"{title}: {mark}", [section(f"*{title}*"), section(mark)])


def _content(head: PairingHead, text: str, more: list[Block] | None = None) -> Content:
    return Content(f"{head.title}: {text}", [_title(head), section(text), *(more or [])])


def _title(head: PairingHead) -> Block:
    return section(f"*{head.title}*")


def _steps(strings: Strings, last: str) -> str:
    return f"1. {strings.pairing_step_open}\n2. {strings.pairing_step_menu}\n3. {last}"


def _works_until(strings: Strings, moment: datetime) -> Block:
    return context(strings.pairing_until.format(time=until(moment)))


def _buttons(head: PairingHead, *wanted: Action) -> Block:
    texts = {
        Action.NEW_CODE: head.strings.button_new_code,
        Action.USE_CODE: head.strings.button_use_code,
        Action.CANCEL: head.strings.button_cancel,
        Action.SEND_LINK: head.strings.button_send_link,
    }
    return actions(button(texts[one], one, head.id) for one in wanted)
