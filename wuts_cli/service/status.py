"""How a supervision is: for ``/healthz`` and ``/readyz``, and in a line for systemd."""

from collections import Counter
from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace

from wuts.errors import InvalidInputError
from wuts.operations.background import Background
from wuts.operations.health import STANDBY, STANDBY_WITHOUT_STORE, Health, at_work, unwell
from wuts.supervisor import DeviceState, Ownership, Supervisor

LATEST = 60.0
"""Seconds by which what is due may be late: a process that is later hangs, and is restarted."""

STARTING = unwell("starting")
ENDING = unwell("ending")
HANGING = unwell("the supervision does not run")
OTHER_ACCOUNTS = unwell("the store holds other accounts")


class Status:
    """How a supervision is.

    Args:
        supervisor: Does it.
        accounts: The names of its accounts.
        shares: Whether other processes take their share of them.
        background: Knows which tasks keep failing.
    """

    def __init__(
        self,
        supervisor: Supervisor,
        accounts: Collection[str],
        background: Background,
        *,
        shares: bool,
    ) -> None:
        self._supervisor = supervisor
        self._accounts = accounts
        self._background = background
        self._shares = shares
        self._phase: Health | None = STARTING

    def begin(self) -> None:
        """The supervisor has started."""
        self._phase = None

    def end(self) -> None:
        """It is about to stop."""
        self._phase = ENDING

    @property
    def is_begun(self) -> bool:
        """Whether the supervisor has started and is not about to stop."""
        return self._phase is None

    @property
    def is_alive(self) -> bool:
        """Whether what is due is done: false where only a restart helps."""
        return self.is_begun and self._supervisor.lateness() <= LATEST

    async def health(self) -> Health:
        """Return how it is now."""
        if self._phase is not None:
            return self._phase
        if not self.is_alive:
            return HANGING
        roles = self._roles()
        if Ownership.OWNER in roles or (self._shares and not roles):
            return self._at_work()
        if None in roles or not roles:
            return STARTING
        if Ownership.STANDBY in roles:
            return STANDBY if self._has_store() else STANDBY_WITHOUT_STORE
        return OTHER_ACCOUNTS

    def line(self) -> str:
        """Return what a person who runs the machine wants to know, without names."""
        owned = [name for name in self._accounts if owns(self._supervisor, name)]
        if not owned:
            return "Standing by: no account is this process's own."
        states: Counter[DeviceState | None] = Counter()
        for name in owned:
            states.update(self._supervisor.count_devices(name))
        alerts = len(self._supervisor.open_alerts())
        return (
            f"Accounts: {len(owned)}. Devices: {states.total()}, "
            f"{states[DeviceState.CONNECTED]} of them connected. Open alerts: {alerts}."
        )

    def _at_work(self) -> Health:
        health = at_work(self._background)
        if self._has_store():
            return health
        return replace(health, answer={**health.answer, "store": "does not work"})

    def _has_store(self) -> bool:
        return self._supervisor.store_state().problem is None

    def _roles(self) -> set[Ownership | None]:
        """Return what this process is to its accounts; those of others' shares are none of them."""
        roles: set[Ownership | None] = set()
        for name in self._accounts:
            with suppress(InvalidInputError):
                roles.add(self._supervisor.ownership(name))
        return roles


def owns(supervisor: Supervisor, account: str) -> bool:
    """Return whether this process looks after an account."""
    try:
        return supervisor.ownership(account) is Ownership.OWNER
    except InvalidInputError:
        return False  # it is in another process's share
