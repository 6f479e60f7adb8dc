"""The audit log: who did what to which device, and what came of it. It holds no secrets."""

import logging
from enum import StrEnum

AUDIT_LOGGER = "slack_app.audit"
"""The name of its logger: send it where you want it."""

_LOGGER = logging.getLogger(AUDIT_LOGGER)


class Deed(StrEnum):
    """What people do."""

    USE = "use"
    PAIR = "pair"
    CREATE = "create"
    UNLINK = "unlink"
    DISCONNECT = "disconnect"
    RECONNECT = "reconnect"
    PAUSE = "pause"
    RESUME = "resume"


class AuditOutcome(StrEnum):
    """What came of it, beside a pairing's own outcomes."""

    REFUSED = "refused"
    STARTED = "started"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    PAIRED = "paired"
    ALREADY_PAIRED = "already_paired"
    WRONG_ACCOUNT = "wrong_account"


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
