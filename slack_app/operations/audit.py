"""The audit log: who did what to which device, and what came of it. It holds no secrets."""

import logging
from dataclasses import dataclass
from enum import StrEnum

from ..devices.device_ref import DeviceRef

AUDIT_LOGGER = "slack_app.operations.audit"
"""The name of its logger: send it where you want it."""

_LOGGER = logging.getLogger(AUDIT_LOGGER)


class Deed(StrEnum):
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
    """What came of it, beside a pairing's own outcomes."""

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


@dataclass(frozen=True, slots=True)
class Errand:
    """What somebody came for, and the device that it is about, as far as that is known."""

    deed: Deed
    ref: DeviceRef | None = None

    def audit(self, user_id: str, outcome: AuditOutcome) -> None:
        """Write one line."""
        if self.ref is None:
            audit(user_id, self.deed, outcome)
        else:
            names = {"account": self.ref.account, "device_id": self.ref.device_id}
            audit(user_id, self.deed, outcome, **names)


def audit(
    user_id: str,
    deed: Deed,
    outcome: AuditOutcome,
    *,
    account: str = "",
    device_id: str = "",
) -> None:
    """Write one line."""
    _LOGGER.info(
        "%s: %s",
        deed,
        outcome,
        extra={
            "audit": {
                "user": user_id,
                "deed": deed.value,
                "outcome": outcome.value,
                "account": account,
                "device": device_id,
            }
        },
    )
