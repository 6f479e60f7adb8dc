"""The names, types and labels of all metrics: once published, they stay."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """A metric's type, as Prometheus calls it."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric.

    Attributes:
        name: As it is queried; a histogram's without ``_bucket``, ``_sum`` and ``_count``.
        kind: Its type.
        text: What it says, in a sentence.
        labels: The names of its labels.
    """

    name: str
    kind: Kind
    text: str
    labels: tuple[str, ...] = ()


BUILD = Metric(
    "wuts_build_info",
    Kind.GAUGE,
    "1, for the program that runs, with its version and its Python's.",
    ("program", "python", "version"),
)

# What a supervisor knows; of an account that another process looks after, only its owner is shown.
OWNER = Metric(
    "wuts_account_owner",
    Kind.GAUGE,
    "1 if this process looks after the account, else 0.",
    ("account",),
)
ACCOUNT_STATE = Metric(
    "wuts_account_state",
    Kind.GAUGE,
    "1 for the state of an account's gateway, else 0.",
    ("account", "state"),
)
LISTED = Metric(
    "wuts_account_listed_timestamp_seconds",
    Kind.GAUGE,
    "When the gateway last listed the account's devices, in seconds since 1970.",
    ("account",),
)
DEVICES = Metric("wuts_devices", Kind.GAUGE, "Devices, by their state.", ("account", "state"))
ALERTS_OPEN = Metric("wuts_alerts_open", Kind.GAUGE, "Open alerts.", ("account", "kind"))
ALERTS = Metric(
    "wuts_alerts",
    Kind.GAUGE,
    "Open alerts, by whether somebody has to act.",
    ("account", "kind", "state"),
)
UNDELIVERED = Metric(
    "wuts_notifications_undelivered",
    Kind.GAUGE,
    "Notifications that a receiver has not accepted yet.",
    ("receiver",),
)
RECEIVER_FAILURES = Metric(
    "wuts_receiver_consecutive_failures",
    Kind.GAUGE,
    "Failed tries to reach a receiver since the last that succeeded.",
    ("receiver",),
)
STORE_UP = Metric("wuts_store_up", Kind.GAUGE, "1 if the store can be read and written, else 0.")
STORE_UNSAVED = Metric("wuts_store_unsaved_records", Kind.GAUGE, "Records that wait to be saved.")
STORE_BEHIND = Metric(
    "wuts_store_behind_seconds",
    Kind.GAUGE,
    "How long the oldest record has waited to be saved, or 0.",
)

ATTEMPTS = Metric(
    "wuts_connect_attempts_total",
    Kind.COUNTER,
    "Tries to reconnect a device, by their result.",
    ("account", "outcome"),
)
REQUESTS = Metric(
    "wuts_gateway_requests_total",
    Kind.COUNTER,
    "Requests to gateways, by the code of their error, or ok.",
    ("code", "endpoint"),
)
REQUEST_SECONDS = Metric(
    "wuts_gateway_request_duration_seconds",
    Kind.HISTOGRAM,
    "Seconds from a request to the end of its answer, or to its error.",
    ("endpoint",),
)
PAIRINGS = Metric("wuts_pairings_total", Kind.COUNTER, "Pairings, by how they ended.", ("outcome",))
PAIRING_SECONDS = Metric(
    "wuts_pairing_duration_seconds",
    Kind.HISTOGRAM,
    "Seconds from the start of a pairing, or the opening of its link, to its end.",
    ("outcome",),
)
TASK_FAILURES = Metric(
    "wuts_task_failures_total",
    Kind.COUNTER,
    "Background tasks that failed and were restarted.",
    ("task",),
)
WEBHOOKS = Metric(
    "wuts_webhooks_total",
    Kind.COUNTER,
    "Deliveries of the gateway's webhooks, by their result.",
    ("outcome",),
)

CATALOGUE = (
    BUILD,
    OWNER,
    ACCOUNT_STATE,
    LISTED,
    DEVICES,
    ALERTS_OPEN,
    ALERTS,
    UNDELIVERED,
    RECEIVER_FAILURES,
    STORE_UP,
    STORE_UNSAVED,
    STORE_BEHIND,
    ATTEMPTS,
    REQUESTS,
    REQUEST_SECONDS,
    PAIRINGS,
    PAIRING_SECONDS,
    TASK_FAILURES,
    WEBHOOKS,
)
"""All metrics of the library."""
