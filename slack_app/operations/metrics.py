"""Metrics for Prometheus: the library's (`wuts.metrics`), and what is Slack's own.

No label is anything that a person wrote.
"""

from collections.abc import Collection
from importlib.metadata import version
from urllib.parse import urlsplit

from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

from wuts.metrics import Kind, Metric
from wuts.metrics import Metrics as LibraryMetrics

PROGRAM = "wuts-slack"

CATALOGUE = (
    Metric(
        "wuts_slack_calls_total",
        Kind.COUNTER,
        "Requests to Slack's Web API, by their result.",
        ("method", "outcome"),
    ),
    Metric(
        "wuts_slack_rate_limited_total",
        Kind.COUNTER,
        "Requests that Slack put off (429).",
        ("method",),
    ),
    Metric(
        "wuts_slack_alerts_refused_total",
        Kind.COUNTER,
        "Writes of alerts that Slack refused, by channel and Slack's error.",
        ("channel", "error"),
    ),
    Metric(
        "wuts_slack_responses_total",
        Kind.COUNTER,
        "Tries to answer people where they asked (response_url), by their result.",
        ("outcome",),
    ),
)
"""What is Slack's own."""


class Metrics(LibraryMetrics):
    """All metrics of the app; `text` is what Prometheus reads.

    Args:
        accounts: The names of its accounts.
    """

    def __init__(self, accounts: Collection[str] = ()) -> None:
        super().__init__(program=PROGRAM, version=version(PROGRAM), accounts=accounts)
        self._counters = {
            metric.name.removesuffix("_total"): self.counter(metric) for metric in CATALOGUE
        }

    def count_call(self, method: str, outcome: str) -> None:
        """Count a request to Slack."""
        self.count("wuts_slack_calls", method, outcome)
        if outcome == "rate_limited":
            self.count("wuts_slack_rate_limited", method)

    def count(self, name: str, *labels: str) -> None:
        """Add one to a counter of Slack's own, named without ``_total``."""
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


def _outcome(response: HttpResponse | None, error: Exception | None) -> str:
    if error is not None or response is None:
        return "no_answer"
    if response.status_code == 429:  # noqa: PLR2004 - HTTP's own
        return "rate_limited"
    body = response.body
    refused = response.status_code >= 400 or (isinstance(body, dict) and not body.get("ok"))  # noqa: PLR2004
    return "refused" if refused else "ok"
