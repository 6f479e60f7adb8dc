"""How much an alert presses."""

from enum import StrEnum

from ..supervisor.events import AlertKind


class Severity(StrEnum):
    """The words are those that rules of Prometheus use."""

    CRITICAL = "critical"
    """It does not heal without a person."""
    WARNING = "warning"
    """It may heal without help, or can wait."""


_WARNINGS = {AlertKind.OFFLINE, AlertKind.FLAPPING, AlertKind.PHONE_UNCHECKED}


def severity_of(kind: AlertKind) -> Severity:
    """Return how much an alert of a kind presses."""
    return Severity.WARNING if kind in _WARNINGS else Severity.CRITICAL
