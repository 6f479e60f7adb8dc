"""What a supervisor knows, counted whenever somebody asks."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import batched

from prometheus_client.core import GaugeMetricFamily as Family

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

AT_ONCE = 25
"""Accounts that are counted at once, so that no event loop is stalled."""

type AlertKey = tuple[str, AlertKind, AlertStage]


class SupervisedAccounts:
    """The accounts of a process, whether it looks after them or only waits for them.

    Attributes:
        accounts: Their names; those that are in it when somebody asks are shown.
        supervisor: Knows them; None while the process only waits for all of them.
    """

    def __init__(self, accounts: Collection[str]) -> None:
        self.accounts = accounts
        self.supervisor: Supervisor | None = None
        self.is_store_away = False

    def is_owned(self, name: str) -> bool:
        """Return whether this process looks after an account."""
        try:
            supervisor = self.supervisor
            return supervisor is not None and supervisor.ownership(name) is Ownership.OWNER
        except InvalidInputError:
            # Where accounts are shared out, those of other processes are not added here.
            return False

    def slices(self) -> Iterator[Sequence[Family]]:
        """Count all, a few accounts at a time, each as it is when its turn comes."""
        alerts = _count_alerts(self.supervisor) if self.supervisor else Counter()
        for names in batched(list(self.accounts), AT_ONCE):
            yield self._accounts(names, alerts)
        if self.supervisor is not None:
            yield [*_receivers(self.supervisor), *_store(self.supervisor)]
        elif self.is_store_away:
            down = _family(catalogue.STORE_UP)
            down.add_metric((), 0.0)
            yield [down]

    def _accounts(self, names: Sequence[str], alerts: Mapping[AlertKey, int]) -> list[Family]:
        owner = _family(catalogue.OWNER)
        owned = []
        for name in names:
            is_owned = self.is_owned(name)
            owner.add_metric((name,), is_owned)
            if is_owned:
                owned.append(name)
        if self.supervisor is None:
            return [owner]
        return [owner, *_states(self.supervisor, owned), *_alerts(owned, alerts)]


def _states(supervisor: Supervisor, names: Sequence[str]) -> Iterator[Family]:
    devices, accounts = _family(catalogue.DEVICES), _family(catalogue.ACCOUNT_STATE)
    listed = _family(catalogue.LISTED)
    for name in names:
        states = supervisor.count_devices(name)
        for state in (*DeviceState, None):
            devices.add_metric((name, state or UNKNOWN), states.get(state, 0))
        present = supervisor.account_state(name)
        for account_state in AccountState:
            accounts.add_metric((name, account_state), account_state is present)
        listed_at = supervisor.listed_at(name)
        if listed_at is not None:
            listed.add_metric((name,), listed_at.timestamp())
    yield from (devices, accounts, listed)


def _count_alerts(supervisor: Supervisor) -> Counter[AlertKey]:
    return Counter(
        (one.account, one.kind, _stage_of(supervisor, one)) for one in supervisor.open_alerts()
    )


def _stage_of(supervisor: Supervisor, alert: Alert) -> AlertStage:
    if supervisor.alerts.mute_of(alert) is not None:
        return AlertStage.MUTED
    return AlertStage.OPEN if alert.acknowledged_by is None else AlertStage.ACKNOWLEDGED


def _alerts(names: Sequence[str], counts: Mapping[AlertKey, int]) -> Iterator[Family]:
    opened, staged = _family(catalogue.ALERTS_OPEN), _family(catalogue.ALERTS)
    for name in names:
        for kind in AlertKind:
            by_stage = {stage: counts.get((name, kind, stage), 0) for stage in AlertStage}
            opened.add_metric((name, kind), sum(by_stage.values()))
            for stage, count in by_stage.items():
                staged.add_metric((name, kind, stage), count)
    yield from (opened, staged)


def _receivers(supervisor: Supervisor) -> Iterator[Family]:
    waiting, failures = _family(catalogue.UNDELIVERED), _family(catalogue.RECEIVER_FAILURES)
    for name, state in supervisor.alerts.receivers().items():
        waiting.add_metric((name,), state.waiting)
        failures.add_metric((name,), state.failures)
    yield from (waiting, failures)


def _store(supervisor: Supervisor) -> Iterator[Family]:
    state = supervisor.store_state()
    for metric, value in (
        (catalogue.STORE_UP, float(state.problem is None)),
        (catalogue.STORE_UNSAVED, state.unsaved),
        (catalogue.STORE_BEHIND, state.behind),
    ):
        family = _family(metric)
        family.add_metric((), value)
        yield family


def _family(metric: Metric) -> Family:
    return Family(metric.name, metric.text, labels=metric.labels)
