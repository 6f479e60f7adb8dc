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

    def log(self, outcome: AuditOutcome) -> None:
        """Write one line. Programs read its fields, so their names stay."""
        fields = {
            "user": self.user_id,
            "deed": self.action.value,
            "outcome": outcome.value,
            "account": self.account,
            "device": self.device_id,
        }
        _LOGGER.info("%s: %s", self.action, outcome, extra={"audit": fields})
