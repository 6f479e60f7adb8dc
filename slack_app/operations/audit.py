"""The audit log: who did what to which device, where, and how it ended. It holds no secrets."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum

AUDIT_LOGGER = "slack_app.audit"
"""The name of its logger: send it where you want it."""

_LOGGER = logging.getLogger(AUDIT_LOGGER)


class Effect(StrEnum):
    """What an action does: all but `READS` is audited whenever it happens."""

    READS = "reads"
    SECRETS = "secrets"
    CHANGES = "changes"
    DESTROYS = "destroys"


class AuditAction(StrEnum):
    """What people do."""

    USE = "use"
    CHECK = "check"
    PAIR = "pair"
    CREATE = "create"
    UNLINK = "unlink"
    DELETE = "delete"
    KEEP = "keep"
    DISCONNECT = "disconnect"
    RECONNECT = "reconnect"
    PAUSE = "pause"
    RESUME = "resume"
    LINK = "link"
    TAKE = "take"
    MUTE = "mute"
    UNMUTE = "unmute"
    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    WEBHOOK = "webhook"


EFFECTS: dict[AuditAction, Effect] = {
    AuditAction.USE: Effect.READS,
    AuditAction.PAIR: Effect.SECRETS,
    AuditAction.LINK: Effect.SECRETS,
    AuditAction.UNLINK: Effect.DESTROYS,
    AuditAction.DELETE: Effect.DESTROYS,
    AuditAction.DISCONNECT: Effect.DESTROYS,
}
"""What actions do that do not just change something."""


def effect_of(action: AuditAction) -> Effect:
    """Return what an action does."""
    return EFFECTS.get(action, Effect.CHANGES)


class AuditOutcome(StrEnum):
    """How it ended, including how a pairing ended."""

    REFUSED = "refused"
    IN_PROGRESS = "in_progress"
    STARTED = "started"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    PAIRED = "paired"
    ALREADY_PAIRED = "already_paired"
    WRONG_ACCOUNT = "wrong_account"
    UNCHECKED = "unchecked"
    NEW_CODE = "new_code"
    MADE = "made"
    OPENED = "opened"
    LINKED = "linked"


@dataclass(slots=True)
class Recording:
    """The lines of one request, and of what it began.

    Attributes:
        channel: Where somebody asked, or empty.
        lines: How many there are.
    """

    channel: str
    lines: int = 0


_recording: ContextVar[Recording | None] = ContextVar("recording", default=None)


@contextmanager
def recording(channel: str) -> Iterator[Recording]:
    """Give the channel to all lines that are written in here, or by a task that begins in here."""
    found = Recording(channel)
    token = _recording.set(found)
    try:
        yield found
    finally:
        _recording.reset(token)


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """Somebody does something.

    Attributes:
        user_id: Who.
        action: What.
        account: The device's account, if known.
        device_id: The device, if known.
    """

    user_id: str
    action: AuditAction
    account: str = ""
    device_id: str = ""

    def log(self, outcome: AuditOutcome, **more: str | None) -> None:
        """Write one line. Programs read its fields, so their names stay.

        Args:
            outcome: How it ended.
            more: Other fields; any that is None is left out.
        """
        fields = {
            "user": self.user_id,
            "deed": self.action.value,
            "outcome": outcome.value,
            "account": self.account,
            "device": self.device_id,
        }
        ours = _recording.get()
        if ours is not None:
            ours.lines += 1
            if ours.channel:
                fields["channel"] = ours.channel
        fields |= {name: value for name, value in more.items() if value is not None}
        _LOGGER.info("%s: %s", self.action, outcome, extra={"audit": fields})
