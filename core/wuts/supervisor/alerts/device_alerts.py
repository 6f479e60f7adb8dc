"""Which alerts a device's state begins and ends."""

from ..device.device import Device, is_flapping
from ..events import AlertKind
from ..settings import SupervisorSettings
from ..states import DeviceState, Reason

_ABOUT_SESSIONS = (AlertKind.NEEDS_PAIRING, AlertKind.OFFLINE, AlertKind.FLAPPING)


def begun_by(
    device: Device, old: DeviceState | None, reason: Reason, settings: SupervisorSettings
) -> list[AlertKind]:
    """Return the alerts that the device's new state begins, unless they are open already.

    A device that a person wanted left alone may vanish unremarked.
    """
    match device.state:
        case DeviceState.NEEDS_PAIRING:
            return [AlertKind.NEEDS_PAIRING]
        case DeviceState.RECONNECTING if is_flapping(device, settings):
            return [AlertKind.OFFLINE, AlertKind.FLAPPING]
        case DeviceState.RECONNECTING:
            return [AlertKind.OFFLINE]
        case DeviceState.GONE if device.was_paired and old is not DeviceState.PAUSED:
            return [AlertKind.DEVICE_GONE] if reason is Reason.NOT_FOUND else []
    return []


def ended_by(device: Device) -> list[AlertKind]:
    """Return the alerts that the device's new state ends, if they are open.

    A flapping device that connects once more has not stopped flapping: `Fleet` waits until the
    connection has held.
    """
    match device.state:
        case DeviceState.CONNECTED:
            return [AlertKind.NEEDS_PAIRING, AlertKind.OFFLINE, AlertKind.DEVICE_GONE]
        case DeviceState.RECONNECTING:
            return [AlertKind.NEEDS_PAIRING, AlertKind.DEVICE_GONE]
        case DeviceState.NEEDS_PAIRING:
            return [AlertKind.OFFLINE, AlertKind.FLAPPING, AlertKind.DEVICE_GONE]
        case DeviceState.GONE:
            return [*_ABOUT_SESSIONS]
    return [*_ABOUT_SESSIONS, AlertKind.DEVICE_GONE]
