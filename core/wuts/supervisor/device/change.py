"""What a transition of a device needs, and what it comes to."""

from dataclasses import dataclass
from random import Random

from ..events import Reason
from ..settings import SupervisorSettings
from .device import Device


@dataclass(frozen=True, slots=True)
class Change:
    """A device after something was seen, and why it changed, if it did."""

    device: Device
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What every transition needs besides the device."""

    now: float
    rng: Random
    settings: SupervisorSettings
