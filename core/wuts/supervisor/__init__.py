"""The reconnect supervisor: no session is ever lost silently.

`Supervisor` keeps the sessions of all devices of its accounts alive and tells subscribers what
happens (`events`). `SupervisorSettings` says how often and how patiently; `store` keeps what must
survive a restart. The machines inside are pure: `controller`, `device`, `account`, `alerts`.
"""

from .alert_actions import AlertActions
from .alerts.causes import AlertStep, next_step
from .alerts.history import HistoryKind, HistoryLine, Strip, Uptime, uptimes
from .alerts.mutes import Mute, MuteScope
from .alerts.notifications import News, Notification
from .alerts.routes import Route
from .delivery.receivers import Receiver, ReceiverState
from .delivery.repeats import ForgetfulReceiver
from .delivery.store_health import StoreState
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
    AlertUpdate,
    AlertUpdated,
    Cause,
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
    "AlertActions",
    "AlertKind",
    "AlertStatus",
    "AlertStep",
    "AlertUpdate",
    "AlertUpdated",
    "Cause",
    "Device",
    "DeviceState",
    "Event",
    "EventsLost",
    "ForgetfulReceiver",
    "HistoryKind",
    "HistoryLine",
    "Mute",
    "MuteScope",
    "News",
    "Notification",
    "OwnerChanged",
    "Ownership",
    "Phone",
    "PhoneQuestion",
    "Reason",
    "Receiver",
    "ReceiverState",
    "Route",
    "StateChanged",
    "StoreState",
    "StoreTrouble",
    "Strip",
    "Subscriber",
    "Supervisor",
    "SupervisorSettings",
    "TaskTrouble",
    "Uptime",
    "next_step",
    "uptimes",
    "worst_first",
]
