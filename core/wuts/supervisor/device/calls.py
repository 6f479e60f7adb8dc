"""The calls that supervision makes, and what it reads from ``GET /devices``."""

from dataclasses import dataclass
from enum import StrEnum


class CallKind(StrEnum):
    """The calls that supervision makes."""

    LIST = "list"
    STATUS = "status"
    CONNECT = "connect"


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """A call to be made now, and to be answered to the `Fleet`; equal to no other.

    Attributes:
        kind: Which.
        account: The account's name.
        device_id: The device, or empty for ``LIST``.
        made_at: When it was decided, in seconds since 1970.
    """

    kind: CallKind
    account: str
    device_id: str = ""
    made_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Seen:
    """A device's line of ``GET /devices``, as far as supervision reads it.

    Attributes:
        id: The gateway's id.
        name: The gateway's name for it.
        connected: Whether it has a session.
        linked: Whether a phone's number is shown for it.
    """

    id: str
    name: str
    connected: bool
    linked: bool
