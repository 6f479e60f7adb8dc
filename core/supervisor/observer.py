"""Who is told what changes in a tenant."""

from typing import TYPE_CHECKING, Protocol

from .device import Device
from .health import TenantChange
from .machine import Change

if TYPE_CHECKING:
    from .tenant import Tenant


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
