"""Who is told what changes in an account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ..device.device import Device
from ..device.machine import Change
from .breaker import AccountChange

if TYPE_CHECKING:
    from .account import Account


class Observer(Protocol):
    """Who is told what changes in an account, and keeps its timers."""

    def device_changed(
        self, account: Account, before: Device | None, change: Change, now: float
    ) -> None:
        """Take in that a device is another than before."""

    def account_changed(self, account: Account, change: AccountChange, now: float) -> None:
        """Take in that the account is another than before."""

    def timer(self, account: Account, when: float, device_id: str) -> None:
        """Call `Account.on_timer` at ``when``; without a device, ask for calls then."""
