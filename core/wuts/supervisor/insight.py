"""What a supervisor knows of its accounts, their devices and alerts, and of the store."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from functools import partial

from ..clock import Clock
from .account.work_queue import NEVER
from .controller import Controller
from .delivery.outbox import OutboxRelay
from .delivery.store_health import StoreState
from .device.device import Device, DevicesByWall
from .events import AccountState, Alert, DeviceState, shifted, utc
from .store.accounts import Accounts


class Insight:
    """Part of `Supervisor`: what is known."""

    _accounts: Accounts
    _controller: Controller
    _offset: Clock
    _relay: OutboxRelay

    def lateness(self) -> float:
        """Return how many seconds late the supervisor is; infinity once it does nothing at all."""
        return self._accounts.dispatcher.lateness() if self._relay.is_running else NEVER

    def account_state(self, name: str) -> AccountState:
        """Return what an account's gateway and token are.

        Raises:
            InvalidInputError: There is no such account.
        """
        if not self._accounts.is_here(name):
            return AccountState.HEALTHY
        return self._controller.account(name).state

    def listed_at(self, name: str) -> datetime | None:
        """Return when the gateway last listed an account's devices, in UTC.

        None while it has not, and while another process looks after the account.

        Raises:
            InvalidInputError: There is no such account.
        """
        if not self._accounts.is_here(name):
            return None
        listed_at = self._controller.account(name).listed_at
        return None if listed_at is None else utc(listed_at + self._offset())

    def devices(self, name: str) -> Mapping[str, Device]:
        """Return a live view of an account's devices, by id; none while another process is owner.

        Raises:
            InvalidInputError: There is no such account.
        """
        self._accounts.source(name)
        return DevicesByWall(partial(self._accounts.devices, name), self._offset)

    def count_devices(self, name: str) -> Mapping[DeviceState | None, int]:
        """Return how many of an account's devices are in each state; None for a state not known.

        Raises:
            InvalidInputError: There is no such account.
        """
        self._accounts.source(name)
        return Counter(device.state for device in self._accounts.devices(name).values())

    def open_alerts(self) -> tuple[Alert, ...]:
        """Return the alerts that were raised and not resolved."""
        offset = self._offset()
        return tuple(shifted(one, offset) for one in self._controller.alerts.open_alerts())

    def store_state(self) -> StoreState:
        """Return how the store does."""
        return self._relay.store_state()
