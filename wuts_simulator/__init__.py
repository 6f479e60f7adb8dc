"""A local WUTS gateway over real HTTP: `Simulator`, its `Settings`, its clocks and its faults."""

from .adversary import Adversary
from .clock import Clock, ManualClock
from .contract import EndpointName, EventName
from .device import Device, DeviceState, Role, Session
from .errors import ConflictError, ExpiredError, InvalidError, SimulatorError, UnknownError
from .faults import Fault, FaultKind
from .mischief import Mischief
from .server import Simulator
from .settings import DialectName, Settings, Signed
from .world import World

__all__ = [
    "Adversary",
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
    "Mischief",
    "Role",
    "Session",
    "Settings",
    "Signed",
    "Simulator",
    "SimulatorError",
    "UnknownError",
    "World",
]
