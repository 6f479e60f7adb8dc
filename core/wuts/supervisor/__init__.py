"""The reconnect supervisor: no session is ever lost silently.

`Supervisor` keeps the sessions of all devices of its tenants alive and tells subscribers what
happens (`events`). `SupervisorSettings` says how often and how patiently; `store` keeps what must
survive a restart. The machines inside are pure: `device`, `tenant`, `fleet`, `alerts`.
"""

from .delivery.subscribers import Subscriber
from .device.device import Device
from .events import (
    Alert,
    AlertKind,
    AlertStatus,
    Event,
    EventsLost,
    StateChanged,
    StoreTrouble,
    TenantChanged,
)
from .settings import SupervisorSettings
from .states import DeviceState, Reason, TenantState
from .supervisor import Supervisor

__all__ = [
    "Alert",
    "AlertKind",
    "AlertStatus",
    "Device",
    "DeviceState",
    "Event",
    "EventsLost",
    "Reason",
    "StateChanged",
    "StoreTrouble",
    "Subscriber",
    "Supervisor",
    "SupervisorSettings",
    "TenantChanged",
    "TenantState",
]
