"""Metrics for Prometheus. Labels are names from the settings, states and methods.

None is a device's name, a number or anything that a person wrote.
"""

from collections import Counter as Counts
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

from wuts.supervisor import (
    AccountState,
    AlertKind,
    DeviceState,
    Event,
    Reason,
    StateChanged,
    Supervisor,
    TaskTrouble,
)

UNKNOWN = "unknown"
_ATTEMPTS = {
    Reason.RETRY: "failed",
    Reason.RECONNECTED: "reconnected",
    Reason.UNLINKED: "unlinked",
}


_COUNTERS = {
    "wuts_connect_attempts": (
        "Tries to reconnect a device, by what came of them.",
        ("account", "outcome"),
    ),
    "wuts_slack_calls": (
        "Requests to Slack's Web API, by what came of them.",
        ("method", "outcome"),
    ),
    "wuts_slack_alerts_refused": (
        "Writes of alerts that Slack refused, by channel and Slack's error.",
        ("channel", "error"),
    ),
    "wuts_slack_rate_limited": ("Requests that Slack told to wait (429).", ("method",)),
    "wuts_pairings": ("Pairings, by how they ended.", ("outcome",)),
    "wuts_task_failures": (
        "What failed in the background where it should not, and was restarted.",
        ("task",),
    ),
    "wuts_webhooks": (
        "Deliveries of the gateway's webhooks, by what came of them.",
        ("outcome",),
    ),
}


class Metrics:
    """All metrics of one process; `text` is what Prometheus reads."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._counters = {
            name: Counter(name, text, labels, registry=self._registry)
            for name, (text, labels) in _COUNTERS.items()
        }

    @contextmanager
    def watching(self, supervisor: Supervisor, accounts: list[str]) -> Iterator[None]:
        """Show what a supervisor knows whenever somebody asks, for as long as the context lasts."""
        fleet = _Fleet(supervisor, accounts)
        self._registry.register(fleet)
        try:
            yield
        finally:
            self._registry.unregister(fleet)

    def text(self) -> bytes:
        """Return all metrics as Prometheus reads them."""
        return generate_latest(self._registry)

    async def on_event(self, event: Event) -> None:
        """Count the tries to reconnect a device, and what failed inside the supervisor."""
        if isinstance(event, TaskTrouble):
            self.count("wuts_task_failures", f"supervisor {event.task}")
        if not isinstance(event, StateChanged) or event.old is not DeviceState.RECONNECTING:
            return
        if outcome := _ATTEMPTS.get(event.reason):
            self.count("wuts_connect_attempts", event.account, outcome)

    def count_call(self, method: str, outcome: str) -> None:
        """Count a request to Slack."""
        self.count("wuts_slack_calls", method, outcome)
        if outcome == "rate_limited":
            self.count("wuts_slack_rate_limited", method)

    def count(self, name: str, *labels: str) -> None:
        """Add one to a counter."""
        self._counters[name].labels(*labels).inc()


class CallCounter(AsyncRetryHandler):
    """Counts what a client of Slack sends; it asks for no retry. Let it be the first handler."""

    def __init__(self, metrics: Metrics) -> None:
        super().__init__()
        self._metrics = metrics

    async def can_retry_async(
        self,
        *,
        state: RetryState,  # noqa: ARG002 - the base class names it
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        """Count one request and its answer."""
        method = urlsplit(request.url).path.rpartition("/")[2]
        self._metrics.count_call(method, _outcome(response, error))
        return False


class _Fleet(Collector):
    """What the supervisor knows, counted when it is asked for."""

    def __init__(self, supervisor: Supervisor, accounts: list[str]) -> None:
        self._supervisor = supervisor
        self._accounts = accounts

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Count devices, accounts and alerts."""
        devices = GaugeMetricFamily(
            "wuts_devices", "Devices, by their state.", labels=("account", "state")
        )
        accounts = GaugeMetricFamily(
            "wuts_account_state",
            "1 for the state that an account's gateway is in, else 0.",
            labels=("account", "state"),
        )
        for name in self._accounts:
            states = Counts(one.state for one in self._supervisor.devices(name).values())
            for state in (*DeviceState, None):
                devices.add_metric((name, state or UNKNOWN), states[state])
            present = self._supervisor.account_state(name)
            for account_state in AccountState:
                accounts.add_metric((name, account_state.value), account_state is present)
        alerts = GaugeMetricFamily(
            "wuts_alerts_open", "Alerts that are not over.", labels=("account", "kind")
        )
        opened = Counts((one.account, one.kind) for one in self._supervisor.open_alerts())
        for name in self._accounts:
            for kind in AlertKind:
                alerts.add_metric((name, kind.value), opened[name, kind])
        yield from (devices, accounts, alerts)


def _outcome(response: HttpResponse | None, error: Exception | None) -> str:
    if error is not None or response is None:
        return "no_answer"
    if response.status_code == 429:  # noqa: PLR2004 - HTTP's own
        return "rate_limited"
    body = response.body
    refused = response.status_code >= 400 or (isinstance(body, dict) and not body.get("ok"))  # noqa: PLR2004
    return "refused" if refused else "ok"
