"""Who is told what changes in a tenant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ..device.device import Device
from ..device.machine import Change
from .breaker import TenantChange

if TYPE_CHECKING:
    from .account import Tenant


class Observer(Protocol):
    """Who is told what changes in a tenant, and keeps its timers."""

    def device_changed(
        self, tenant: Tenant, before: Device | None, change: Change, now: float
    ) -> None:
        """Take in that a device is another than before."""

    def tenant_changed(self, tenant: Tenant, change: TenantChange, now: float) -> None:
        """Take in that the tenant is another than before."""

    def timer(self, tenant: Tenant, when: float, device_id: str) -> None:
        """Call `Tenant.on_timer` at ``when``; without a device, ask for calls then."""
