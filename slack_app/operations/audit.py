"""The audit log: who did what to which device, and what came of it. It holds no secrets."""

import logging
from dataclasses import dataclass
from enum import StrEnum

AUDIT_LOGGER = "slack_app.audit"
"""The name of its logger: send it where you want it."""

_LOGGER = logging.getLogger(AUDIT_LOGGER)


class AuditAction(StrEnum):
    """What people do."""

    USE = "use"
    PAIR = "pair"
    CREATE = "create"
    UNLINK = "unlink"
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


class AuditOutcome(StrEnum):
    """What came of it, including how a pairing ended."""

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
    MADE = "made"
    OPENED = "opened"
    LINKED = "linked"


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """Somebody does something.

    Attributes:
        user_id: Who.
        action: What.
        account: The device's account, as far as it is known.
        device_id: The device, as far as it is known.
    """

    user_id: str
    action: AuditAction
    account: str = ""
    device_id: str = ""

    def log(self, outcome: AuditOutcome, **more: str | None) -> None:
        """Write one line. Programs read its fields, so their names stay.

        Args:
            outcome: What came of it.
            more: Other fields; those that are None are left out.
        """
        fields = {
            "user": self.user_id,
            "deed": self.action.value,
            "outcome": outcome.value,
            "account": self.account,
            "device": self.device_id,
            **{name: value for name, value in more.items() if value is not None},
        }
        _LOGGER.info("%s: %s", self.action, outcome, extra={"audit": fields})
