"""What was sent through the gateway, kept for tests to read."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One sent text.

    Attributes:
        id: The ``message_id`` of the contract.
        device_id: Who sent it.
        chat_jid: Whom it was sent to.
        text: What it says.
        sent_at: When, in the gateway's calendar.
    """

    id: str
    device_id: str
    chat_jid: str = field(repr=False)
    text: str = field(repr=False)
    sent_at: datetime
