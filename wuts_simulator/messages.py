"""What was sent through the gateway, as it would have reached the other phone."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """The file of a message, decoded.

    Attributes:
        content: Its bytes; None if only an address was given, which is never downloaded.
        url: The address, or None.
        mime_type: Its type, as it was told; None if it was not.
        file_name: Its name, or None.
        view_once: Whether it can be opened once only.
        voice_note: Whether a sound is a voice note.
    """

    content: bytes | None = field(repr=False)
    url: str | None = field(default=None, repr=False)
    mime_type: str | None = None
    file_name: str | None = field(default=None, repr=False)
    view_once: bool = False
    voice_note: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A text, or a file with its caption, that was sent.

    Attributes:
        id: The contract's ``message_id``; the job's where it is queued.
        device_id: The sender.
        chat_jid: The recipient.
        text: The text, or the caption.
        kind: What it is, such as ``text`` or ``image``.
        sent_at: When, in the gateway's calendar.
        file: The file, or None.
        mentioned: The JIDs of people it names.
        quoted: The id of the message that it answers, or None.
    """

    id: str
    device_id: str
    chat_jid: str = field(repr=False)
    text: str = field(repr=False)
    kind: str = "text"
    sent_at: datetime
    file: SentFile | None = None
    mentioned: tuple[str, ...] = field(default=(), repr=False)
    quoted: str | None = None
