"""The reconnect supervisor: no session is ever lost silently.

`Supervisor` keeps the sessions of all devices of its accounts alive and tells subscribers what
happens (`events`). `SupervisorSettings` says how often and how patiently; `store` keeps what must
survive a restart. The machines inside are pure: `device`, `account`, `fleet`, `alerts`.
"""

from .delivery.subscribers import Subscriber
from .device.device import Device
from .events import (
    AccountChanged,
    Alert,
    AlertKind,
    AlertStatus,
    Event,
    EventsLost,
    StateChanged,
    StoreTrouble,
)
from .settings import SupervisorSettings
from .states import AccountState, DeviceState, Reason
from .supervisor import Supervisor

__all__ = [
    "AccountChanged",
    "AccountState",
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
]
