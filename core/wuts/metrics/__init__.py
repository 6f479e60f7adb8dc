"""Metrics for Prometheus, of every program that supervises. Needs the extra ``metrics``.

`Metrics` counts what happens and shows what a `wuts.supervisor.Supervisor` knows; the names are in
``docs/metrics.md``. Labels are names from the configuration, states, outcomes and endpoints. None
is a device's name or id, a number or anything that a person or a gateway wrote.
"""

from .catalogue import CATALOGUE, Kind, Metric
from .exposition import CONTENT_TYPE
from .metrics import Metrics
from .outcomes import AlertStage, PairingResult, WebhookResult, pairing_result

__all__ = [
    "CATALOGUE",
    "CONTENT_TYPE",
    "AlertStage",
    "Kind",
    "Metric",
    "Metrics",
    "PairingResult",
    "WebhookResult",
    "pairing_result",
]
