"""A message that reached a device, as a delivery reports it (WUTS reference, Webhooks).

A delivery is the only source for it, and strangers wrote most of it: texts are cut, and freed of
what cannot be seen or turns other text around. Only ``text`` is a documented type.
"""

import re
from typing import Any, Final, Self
from unicodedata import category

from pydantic import Field

from .inputs import LONGEST_ID, LONGEST_MESSAGE
from .models import MaybeTold, Model, OptionalTime, ShownText
from .phone import is_group_jid, is_user_jid, number_from_jid, same_number
from .redaction import one_line
from .webhooks import Delivery

MESSAGE_RECEIVED: Final = "message.received"
"""The event of a delivery with a message."""

LONGEST_TEXT: Final = LONGEST_MESSAGE
"""Characters that are kept of a text: as many as one can send."""

LONGEST_SENDER_NAME: Final = 100

TEXT: Final = "text"
UNKNOWN: Final = "unknown"

_STATUS: Final = "status@broadcast"
_LONGEST_JID: Final = 100
_DEVICE_PART: Final = re.compile(r"[.:][0-9.:]{1,11}(?=@)")
_NOT_IN_TYPES: Final = re.compile(r"[^a-z0-9_]+")
_LONGEST_TYPE: Final = 40
_JOINERS: Final = frozenset({"\N{ZERO WIDTH JOINER}", "\N{ZERO WIDTH NON-JOINER}"})
_TAGS: Final = range(0xE0020, 0xE0080)
_LINE_ENDS: Final = re.compile("\r\n?|[\u2028\u2029\v\f]")


class _Data(Model):
    """The ``data`` of a delivery; a field that is not as documented is read as absent."""

    message_id: ShownText = ""
    sender: ShownText = Field(default="", alias="from")
    to: ShownText = ""
    participant: ShownText = ""
    content: Any = None
    caption: Any = None
    message_type: ShownText = ""
    timestamp: OptionalTime = None
    is_from_me: MaybeTold = None
    push_name: ShownText = ""


class IncomingMessage(Model):
    """A message that somebody sent to a device.

    Attributes:
        device_id: The device that it reached.
        message_id: WhatsApp's id, to be quoted in a reply; empty if the gateway gives none.
        sender: Who wrote it: ``+`` and digits, a ``…@lid`` where WhatsApp hides the number, or
            empty if it is unknown.
        name: What the sender calls themselves: one line of at most 100 characters, perhaps empty.
        text: The text or caption, at most 4096 characters; perhaps empty.
        type: A lower-case word such as ``text``; ``unknown`` if nothing says.
        chat: Where to answer: the JID of the group or of the sender; empty if neither is known.
        group: The group's JID, or None.
        sent_at: When, by the gateway's clock.
    """

    device_id: str
    message_id: str = ""
    sender: str = Field(default="", repr=False)
    name: str = Field(default="", repr=False)
    text: str = Field(default="", repr=False)
    type: str = UNKNOWN
    chat: str = Field(default="", repr=False)
    group: str | None = Field(default=None, repr=False)
    sent_at: OptionalTime = None

    @classmethod
    def of(cls, delivery: Delivery, own_number: str | None = None) -> Self | None:
        """Return the message in a delivery.

        Args:
            delivery: What the gateway sent.
            own_number: The digits of the device's phone, if they are known.

        Returns:
            None if it has none: another event, a message of the device's own, a status post,
            or one without a device.
        """
        if delivery.event != MESSAGE_RECEIVED or not delivery.device_id:
            return None
        data = _Data.model_validate(delivery.data or {})
        if data.is_from_me:
            return None
        group, author = _group_and_author(data)
        sender = _shown_sender(author)
        if _STATUS in (data.sender, data.to) or _is_own(sender, own_number):
            return None
        text = _text_of(data)
        return cls(
            device_id=delivery.device_id,
            message_id=_usable_id(data.message_id),
            sender=sender,
            name=one_line(data.push_name, LONGEST_SENDER_NAME),
            text=text,
            type=_type_of(data.message_type) or (TEXT if text else UNKNOWN),
            chat=group or _jid_of(sender),
            group=group,
            sent_at=data.timestamp or delivery.timestamp,
        )


def clean_text(text: str, longest: int = LONGEST_TEXT) -> str:
    """Return a stranger's text, cut, without control characters and marks that turn it around.

    Line breaks stay, and so do the invisible marks that emoji and some scripts are made of.
    """
    # Four times as much is looked at, since what is cut out may come first.
    lines = _LINE_ENDS.sub("\n", text[: longest * 4]).replace("\t", " ")
    kept = "".join(sign for sign in lines if sign == "\n" or _may_stay(sign)).strip()
    return kept if len(kept) <= longest else f"{kept[: longest - 1]}…"


def _may_stay(sign: str) -> bool:
    if sign in _JOINERS or ord(sign) in _TAGS:
        return True
    return category(sign) not in ("Cc", "Cf", "Cs")


def _group_and_author(data: _Data) -> tuple[str | None, str]:
    """Return the group, if any, and who wrote; no page says which field names which."""
    if is_group_jid(data.sender[:_LONGEST_JID]):
        return data.sender, data.participant
    group = data.to if is_group_jid(data.to[:_LONGEST_JID]) else None
    return group, data.sender


def _shown_sender(jid: str) -> str:
    jid = _DEVICE_PART.sub("", jid[:_LONGEST_JID])
    number = number_from_jid(jid)
    if number is not None:
        return f"+{number}"
    return jid if is_user_jid(jid) else ""


def _jid_of(sender: str) -> str:
    return f"{sender[1:]}@s.whatsapp.net" if sender[:1] == "+" else sender


def _is_own(sender: str, own_number: str | None) -> bool:
    """Return whether the device wrote it; an answer to it would be answered forever."""
    return own_number is not None and sender[:1] == "+" and same_number(sender[1:], own_number)


def _text_of(data: _Data) -> str:
    for told in (data.content, data.caption):
        if isinstance(told, str) and told:
            return clean_text(told)
    return ""


def _type_of(told: str) -> str:
    return _NOT_IN_TYPES.sub("_", told[:_LONGEST_TYPE].strip().lower()).strip("_")


def _usable_id(told: str) -> str:
    usable = told.isascii() and told.isprintable() and " " not in told and len(told) <= LONGEST_ID
    return told if usable else ""
