"""What a supervisor knows, counted whenever somebody asks."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from ..errors import InvalidInputError
from ..supervisor import (
    AccountState,
    Alert,
    AlertKind,
    DeviceState,
    Ownership,
    Supervisor,
)
from . import catalogue
from .catalogue import Metric
from .outcomes import AlertStage

UNKNOWN = "unknown"
"""The state of a device that is not known yet."""


class SupervisedAccounts(Collector):
    """The accounts of a process, whether it looks after them or only waits for them.

    Attributes:
        accounts: Their names; those that are in it when somebody asks are shown.
        supervisor: Knows them; None while the process only waits for all of them.
    """

    def __init__(self, accounts: Collection[str]) -> None:
        self.accounts = accounts
        self.supervisor: Supervisor | None = None

    def owned(self) -> list[str]:
        """Return the accounts that this process looks after."""
        supervisor = self.supervisor
        if supervisor is None:
            return []
        return [name for name in self.accounts if _is_owned(supervisor, name)]

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Count accounts, devices, alerts and notifications, and look at the store."""
        owned = self.owned()
        owner = _family(catalogue.OWNER)
        for name in self.accounts:
            owner.add_metric((name,), name in owned)
        yield owner
        if self.supervisor is not None:
            yield from _accounts(self.supervisor, owned)
            yield from _alerts(self.supervisor, owned)
            yield from _receivers(self.supervisor)
            yield from _store(self.supervisor)


def _is_owned(supervisor: Supervisor, name: str) -> bool:
    try:
        return supervisor.ownership(name) is Ownership.OWNER
    except InvalidInputError:
        # Where accounts are shared out, those of other processes are not added here.
        return False


def _accounts(supervisor: Supervisor, names: Sequence[str]) -> Iterator[GaugeMetricFamily]:
    devices, accounts = _family(catalogue.DEVICES), _family(catalogue.ACCOUNT_STATE)
    listed = _family(catalogue.LISTED)
    for name in names:
        states = Counter(one.state for one in supervisor.devices(name).values())
        for state in (*DeviceState, None):
            devices.add_metric((name, state or UNKNOWN), states[state])
        present = supervisor.account_state(name)
        for account_state in AccountState:
            accounts.add_metric((name, account_state), account_state is present)
        listed_at = supervisor.listed_at(name)
        if listed_at is not None:
            listed.add_metric((name,), listed_at.timestamp())
    yield from (devices, accounts, listed)


def _alerts(supervisor: Supervisor, names: Sequence[str]) -> Iterator[GaugeMetricFamily]:
    opened, staged = _family(catalogue.ALERTS_OPEN), _family(catalogue.ALERTS)
    counts = Counter(
        (one.account, one.kind, _stage_of(supervisor, one)) for one in supervisor.open_alerts()
    )
    for name in names:
        for kind in AlertKind:
            opened.add_metric((name, kind), sum(counts[name, kind, one] for one in AlertStage))
            for stage in AlertStage:
                staged.add_metric((name, kind, stage), counts[name, kind, stage])
    yield from (opened, staged)


def _stage_of(supervisor: Supervisor, alert: Alert) -> AlertStage:
    if supervisor.alerts.mute_of(alert) is not None:
        return AlertStage.MUTED
    return AlertStage.OPEN if alert.acknowledged_by is None else AlertStage.ACKNOWLEDGED


def _receivers(supervisor: Supervisor) -> Iterator[GaugeMetricFamily]:
    waiting, failures = _family(catalogue.UNDELIVERED), _family(catalogue.RECEIVER_FAILURES)
    for name, state in supervisor.alerts.receivers().items():
        waiting.add_metric((name,), state.waiting)
        failures.add_metric((name,), state.failures)
    yield from (waiting, failures)


def _store(supervisor: Supervisor) -> Iterator[GaugeMetricFamily]:
    state = supervisor.store_state()
    for metric, value in (
        (catalogue.STORE_UP, float(state.problem is None)),
        (catalogue.STORE_UNSAVED, state.unsaved),
        (catalogue.STORE_BEHIND, state.behind),
    ):
        family = _family(metric)
        family.add_metric((), value)
        yield family


def _family(metric: Metric) -> GaugeMetricFamily:
    return GaugeMetricFamily(metric.name, metric.text, labels=metric.labels)
