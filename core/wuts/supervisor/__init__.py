"""The reconnect supervisor: no session is ever lost silently.

`Supervisor` keeps the sessions of all devices of its accounts alive and tells subscribers what
happens (`events`). `SupervisorSettings` says how often and how patiently; `store` keeps what must
survive a restart. The machines inside are pure: `controller`, `device`, `account`, `alerts`.
"""

from .delivery.subscribers import Subscriber
from .device.device import Device, worst_first
from .device.phone import Phone, PhoneQuestion
from .events import (
    WORST_FIRST,
    AccountChanged,
    AccountState,
    Alert,
    AlertKind,
    AlertStatus,
    DeviceState,
    Event,
    EventsLost,
    OwnerChanged,
    Ownership,
    Reason,
    StateChanged,
    StoreTrouble,
    TaskTrouble,
)
from .settings import SupervisorSettings
from .supervisor import Supervisor

__all__ = [
    "WORST_FIRST",
    "AccountChanged",
    "AccountState",
    "Alert",
    "AlertKind",
    "AlertStatus",
    "Device",
    "DeviceState",
    "Event",
    "EventsLost",
    "OwnerChanged",
    "Ownership",
    "Phone",
    "PhoneQuestion",
    "Reason",
    "StateChanged",
    "StoreTrouble",
    "Subscriber",
    "Supervisor",
    "SupervisorSettings",
    "TaskTrouble",
    "worst_first",
]
