"""Where the supervisor sends alerts: a channel of Slack. A receiver's name says which."""

from dataclasses import dataclass
from typing import Self

_NEXT = "next"


@dataclass(frozen=True, slots=True)
class Target:
    """One receiver of the supervisor's.

    Attributes:
        channel: The channel's id.
        is_next: Whether it gets what nobody has acted on.
    """

    channel: str
    is_next: bool = False

    def __str__(self) -> str:
        """Return the receiver's name; stores keep it, so it never changes."""
        return f"{self.channel} {_NEXT}" if self.is_next else self.channel

    @classmethod
    def parse(cls, name: str) -> Self:
        """Read what ``str`` wrote."""
        channel, _, rest = name.partition(" ")
        return cls(channel, rest == _NEXT)


def mention_of(wanted: str) -> str:
    """Return a mention as mark-up: of a group (``S…``), a user, or ``here`` or ``channel``."""
    if wanted.startswith("S"):
        return f"<!subteam^{wanted}>"
    if wanted[:1] in {"U", "W"}:
        return f"<@{wanted}>"
    return f"<!{wanted}>" if wanted else ""
