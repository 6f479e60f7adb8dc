"""All metrics of one process, and the page that Prometheus reads."""

import asyncio
import platform
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.metrics_core import Metric as Family

from ..errors import ErrorCode
from ..http.endpoints import ENDPOINTS, Endpoint
from ..supervisor import DeviceState, Event, Reason, StateChanged, Supervisor, TaskTrouble
from . import catalogue
from .catalogue import Metric
from .exposition import Page
from .outcomes import AttemptResult, PairingResult, WebhookResult
from .supervised import SupervisedAccounts

OK = "ok"
"""The code of a request that did what it was for."""

REQUEST_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
"""Seconds; the last is the longest that a call may take."""

PAIRING_BUCKETS = (5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0)

_ATTEMPTS = {
    Reason.RETRY: AttemptResult.FAILED,
    Reason.RECONNECTED: AttemptResult.RECONNECTED,
    Reason.UNLINKED: AttemptResult.UNLINKED,
}

_NOT_OF_CALLS = frozenset(
    {
        ErrorCode.CONFIGURATION,
        ErrorCode.AMBIGUOUS_PHONE_NUMBER,
        ErrorCode.UNKNOWN_DEVICE,
        ErrorCode.AMBIGUOUS_DEVICE,
        ErrorCode.PAIRING_IN_PROGRESS,
        ErrorCode.DEADLINE_PASSED,
        ErrorCode.LINK_DROPPED,
        ErrorCode.PHONE_OFFLINE,
        ErrorCode.PASSKEY_SUSPECTED,
        ErrorCode.PAIR_ERROR,
        ErrorCode.ACCOUNT_REMOVED,
        ErrorCode.ACCOUNT_CHANGED,
        ErrorCode.CHECK_BUDGET_USED_UP,
        ErrorCode.NOT_VERIFIED,
        ErrorCode.STORE_FAILED,
        ErrorCode.STORE_OWNED,
        ErrorCode.STORE_LOST,
        ErrorCode.STORE_OTHER_ACCOUNT,
    }
)
"""What no single request ends with."""


class Metrics:
    """Counts what happens, and shows what a supervisor knows.

    ::

        metrics = Metrics(program="my-app", version="1.0", accounts=["home"])
        client = WutsClient(token, on_call=metrics.on_call)
        supervisor.subscribe(metrics.on_event)
        with metrics.watching(supervisor):
            page = metrics.text()

    Counters begin at 0. An account that leaves ``accounts`` takes its series along.

    Args:
        program: What runs, such as ``wuts-slack``.
        version: Its version.
        accounts: The names of its accounts, also of those that another process looks after. It is
            read each time somebody asks, so it may change.
    """

    def __init__(self, *, program: str, version: str, accounts: Collection[str] = ()) -> None:
        self._registry = CollectorRegistry()
        self._gauge(catalogue.BUILD).labels(
            program=program, version=version, python=platform.python_version()
        ).set(1)
        self._supervised = SupervisedAccounts(accounts)
        self._attempts = self.counter(catalogue.ATTEMPTS)
        self._begun: set[str] = set()
        codes = (OK, *(code for code in ErrorCode if code not in _NOT_OF_CALLS))
        self._requests = self.counter(catalogue.REQUESTS)
        self._request_seconds = self._histogram(catalogue.REQUEST_SECONDS, REQUEST_BUCKETS)
        for endpoint in ENDPOINTS:
            self._request_seconds.labels(endpoint.label)
            for code in codes:
                self._requests.labels(code, endpoint.label)
        self._pairings = self.counter(catalogue.PAIRINGS, PairingResult)
        self._pairing_seconds = self._histogram(catalogue.PAIRING_SECONDS, PAIRING_BUCKETS)
        for result in PairingResult:
            self._pairing_seconds.labels(result)
        self._task_failures = self.counter(catalogue.TASK_FAILURES)
        self._webhooks = self.counter(catalogue.WEBHOOKS, WebhookResult)

    @contextmanager
    def watching(
        self, supervisor: Supervisor, accounts: Collection[str] | None = None
    ) -> Iterator[None]:
        """Show what a supervisor knows whenever somebody asks, for as long as the context lasts.

        Args:
            supervisor: It.
            accounts: In place of those that were given before.
        """
        if accounts is not None:
            self._supervised.accounts = accounts
        self._supervised.supervisor = supervisor
        try:
            yield
        finally:
            self._supervised.supervisor = None

    def store_away(self, *, is_away: bool) -> None:
        """Show that the store does not answer, while nothing is supervised since it does not."""
        self._supervised.is_store_away = is_away

    def text(self) -> bytes:
        """Return all metrics as Prometheus reads them, of the type `CONTENT_TYPE`."""
        page = Page()
        for families in self._slices():
            page.add(families)
        return page.text()

    async def read(self) -> bytes:
        """Do as `text`, and let others have the event loop between one few accounts and the next.

        Use it where there may be many accounts.
        """
        page = Page()
        for families in self._slices():
            page.add(families)
            await asyncio.sleep(0)
        return page.text()

    # What happens

    async def on_event(self, event: Event) -> None:
        """Count the tries to reconnect a device, and what failed inside the supervisor."""
        if isinstance(event, TaskTrouble):
            self.task_failed(f"supervisor {event.task}")
        if not isinstance(event, StateChanged) or event.old is not DeviceState.RECONNECTING:
            return
        if outcome := _ATTEMPTS.get(event.reason):
            self._begin_account(event.account)
            self._attempts.labels(event.account, outcome).inc()

    def on_call(self, endpoint: Endpoint, code: ErrorCode | None, seconds: float) -> None:
        """Count a request: hand this to `WutsClient`.

        Args:
            endpoint: The call.
            code: The error it ended with, or None.
            seconds: How long it took.
        """
        self._requests.labels(code or OK, endpoint.label).inc()
        self._request_seconds.labels(endpoint.label).observe(seconds)

    def pairing_ended(self, result: PairingResult, seconds: float) -> None:
        """Count a pairing that took so many seconds."""
        self._pairings.labels(result).inc()
        self._pairing_seconds.labels(result).observe(seconds)

    def webhook(self, result: WebhookResult) -> None:
        """Count a delivery of a webhook."""
        self._webhooks.labels(result).inc()

    def task_failed(self, task: str) -> None:
        """Count what failed in the background where it should not.

        Args:
            task: Which part of the program: one of few names.
        """
        self._task_failures.labels(task).inc()

    # For programs that count more

    def counter(self, metric: Metric, values: Collection[str] = ()) -> Counter:
        """Return a new counter of this process.

        Args:
            metric: What it counts.
            values: The values of its only label that begin at 0 at once.
        """
        counter = Counter(metric.name, metric.text, metric.labels, registry=self._registry)
        for value in values:
            counter.labels(value)
        return counter

    # Inside

    def _gauge(self, metric: Metric) -> Gauge:
        return Gauge(metric.name, metric.text, metric.labels, registry=self._registry)

    def _histogram(self, metric: Metric, buckets: Sequence[float]) -> Histogram:
        return Histogram(
            metric.name, metric.text, metric.labels, registry=self._registry, buckets=buckets
        )

    def _begin_account(self, account: str) -> None:
        self._begun.add(account)
        for outcome in AttemptResult:
            self._attempts.labels(account, outcome)

    def _slices(self) -> Iterator[Iterable[Family]]:
        self._begin_and_end_series()
        for family in self._registry.collect():
            yield [family]
        yield from self._supervised.slices()

    def _begin_and_end_series(self) -> None:
        """Count from 0 for accounts that are looked after, and drop those that have left."""
        supervised = self._supervised
        if supervised.supervisor is None:
            return
        accounts = set(supervised.accounts)
        for account in self._begun - accounts:
            self._begun.discard(account)
            for outcome in AttemptResult:
                self._attempts.remove(account, outcome)
        for account in accounts - self._begun:
            if supervised.is_owned(account):
                self._begin_account(account)
