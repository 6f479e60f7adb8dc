"""What happens to pairing pages, for those who must be able to tell later."""

import logging
from collections.abc import Callable, Hashable
from dataclasses import KW_ONLY, dataclass
from enum import StrEnum

_LOGGER = logging.getLogger(__name__)


class PageAction(StrEnum):
    """What happened."""

    OPENED = "opened"
    """A browser opened a link, and owns it."""
    LINKED = "linked"
    """A phone was linked while the page was open, whichever it was."""
    REFUSED = "refused"
    """A link, or a guess at one, was not served."""


@dataclass(frozen=True, slots=True)
class PageEvent:
    """One line of the audit, without secrets and numbers.

    Attributes:
        action: What happened.
        key: The device, as the link's maker named it; None if no link was meant.
        peer: The address that it came from; None if nobody asked.
        reason: Why a link was refused, or how a phone came to be linked.
    """

    action: PageAction
    _: KW_ONLY
    key: Hashable
    peer: str | None
    reason: str | None = None


type Audit = Callable[[PageEvent], None]


def log_event(event: PageEvent) -> None:
    """Log an event, at the level INFO."""
    _LOGGER.info(
        "pairing page %s: device %s, peer %s, %s",
        event.action,
        event.key,
        event.peer,
        event.reason,
    )
