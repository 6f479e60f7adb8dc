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
    "1, for the program that runs, its version and that of its Python.",
    ("program", "python", "version"),
)

# What a supervisor knows; of an account that another process looks after, only its owner is told.
OWNER = Metric(
    "wuts_account_owner",
    Kind.GAUGE,
    "1 if this process looks after the account, else 0.",
    ("account",),
)
ACCOUNT_STATE = Metric(
    "wuts_account_state",
    Kind.GAUGE,
    "1 for the state that an account's gateway is in, else 0.",
    ("account", "state"),
)
LISTED = Metric(
    "wuts_account_listed_timestamp_seconds",
    Kind.GAUGE,
    "When the gateway last listed the account's devices, in seconds since 1970.",
    ("account",),
)
DEVICES = Metric("wuts_devices", Kind.GAUGE, "Devices, by their state.", ("account", "state"))
ALERTS_OPEN = Metric(
    "wuts_alerts_open", Kind.GAUGE, "Alerts that are not over.", ("account", "kind")
)
ALERTS = Metric(
    "wuts_alerts",
    Kind.GAUGE,
    "Alerts that are not over, by whether they wait for somebody.",
    ("account", "kind", "state"),
)
UNDELIVERED = Metric(
    "wuts_notifications_undelivered",
    Kind.GAUGE,
    "Notifications that a receiver has not taken yet.",
    ("receiver",),
)
RECEIVER_FAILURES = Metric(
    "wuts_receiver_consecutive_failures",
    Kind.GAUGE,
    "Tries to tell a receiver that failed since the last that did not.",
    ("receiver",),
)
STORE_UP = Metric("wuts_store_up", Kind.GAUGE, "1 if the store can be read and written, else 0.")
STORE_UNSAVED = Metric(
    "wuts_store_unsaved_records", Kind.GAUGE, "Records that are to be saved and are not."
)
STORE_BEHIND = Metric(
    "wuts_store_behind_seconds",
    Kind.GAUGE,
    "For how long something waits to be saved, or 0.",
)

ATTEMPTS = Metric(
    "wuts_connect_attempts_total",
    Kind.COUNTER,
    "Tries to reconnect a device, by what came of them.",
    ("account", "outcome"),
)
REQUESTS = Metric(
    "wuts_gateway_requests_total",
    Kind.COUNTER,
    "Requests to gateways, by the code of the error that they ended with, or ok.",
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
    "What failed in the background where it should not, and was restarted.",
    ("task",),
)
WEBHOOKS = Metric(
    "wuts_webhooks_total",
    Kind.COUNTER,
    "Deliveries of the gateway's webhooks, by what came of them.",
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
