"""A local WUTS gateway over real HTTP: `Simulator`, its `Settings`, its clocks and its faults."""

from .clock import Clock, ManualClock, SystemClock
from .device import Device, DeviceState, Session
from .dialects import DialectName
from .endpoint_names import EndpointName
from .errors import ConflictError, ExpiredError, InvalidError, SimulatorError, UnknownError
from .events import EventName
from .faults import Fault, FaultKind
from .server import Simulator
from .settings import Settings
from .world import World

__all__ = [
    "Clock",
    "ConflictError",
    "Device",
    "DeviceState",
    "DialectName",
    "EndpointName",
    "EventName",
    "ExpiredError",
    "Fault",
    "FaultKind",
    "InvalidError",
    "ManualClock",
    "Session",
    "Settings",
    "Simulator",
    "SimulatorError",
    "SystemClock",
    "UnknownError",
    "World",
]
