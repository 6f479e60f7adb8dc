"""What the store knows of a pairing that is going on, so that a crash leaves nothing open."""

from dataclasses import asdict, dataclass
from typing import Self

from ..slack.stored_messages import Note


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPairing:
    """A pairing's message, and what it is about. It holds no code and no number.

    Attributes:
        id: The pairing's own.
        account: The device's account.
        device_id: The device.
        device_name: Its name, ready to be shown.
        user_id: Who pairs.
        channel: Where the message is.
        ts: Slack's name of the message, or empty before it was posted.
    """

    id: str
    account: str
    device_id: str
    device_name: str
    user_id: str
    channel: str
    ts: str = ""

    def written(self) -> Note:
        """Return what `read` reads."""
        note: Note = asdict(self)
        del note["id"]
        return note

    @classmethod
    def read(cls, name: str, note: Note) -> Self:
        """Read what `written` wrote; what is missing is empty."""
        known = ("account", "device_id", "device_name", "user_id", "channel", "ts")
        return cls(id=name, **{key: note.get(key, "") for key in known})
