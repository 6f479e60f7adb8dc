"""A local WUTS gateway over real HTTP: `Simulator`, its `Settings`, its clocks and its faults."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .adversary import Adversary
    from .clock import Clock, ManualClock
    from .contract import EndpointName, EventName
    from .device import Device, DeviceState, Role, Session
    from .errors import ConflictError, ExpiredError, InvalidError, SimulatorError, UnknownError
    from .faults import Fault, FaultKind
    from .mischief import Mischief
    from .phones import Then
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
    "Then",
    "UnknownError",
    "World",
]

_MODULES = (
    "adversary",
    "clock",
    "contract",
    "device",
    "errors",
    "faults",
    "mischief",
    "phones",
    "server",
    "settings",
    "world",
)


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever is offered
    """Import what is used when it is used: the pytest plugin must cost other projects nothing."""
    if name in __all__:
        for module in _MODULES:
            found = vars(import_module(f".{module}", __name__)).get(name)
            if found is not None:
                return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
