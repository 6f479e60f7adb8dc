"""What Home Assistant shows of a WhatsApp device."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from .core.models import Device as ListedDevice
from .core.supervisor import Device as WatchedDevice
from .core.supervisor import DeviceState


@dataclass(frozen=True, slots=True, kw_only=True)
class WutsDevice:
    """A device, from the gateway's listing and the supervisor's view of it.

    Attributes:
        id: The gateway's id.
        name: The gateway's name for it.
        state: Its state.
        connected: Whether it can send.
        linked: Whether the gateway has a phone's credentials for it, if known.
        attempt: The number of the next reconnect, or 0.
        next_try: When that is due, or None.
        phone_number: The linked phone's digits, or None.
        last_seen: When the gateway last saw its session up, or None. While the session is up it
            stays as it was first shown: "just now" at every look would fill the recorder.
    """

    id: str
    name: str
    state: DeviceState
    connected: bool
    linked: bool
    attempt: int
    next_try: datetime | None
    phone_number: str | None = field(repr=False)
    last_seen: datetime | None


def device_of(
    device_id: str,
    listed: ListedDevice | None,
    watched: WatchedDevice | None,
    known_number: str | None,
    shown: WutsDevice | None = None,
) -> WutsDevice | None:
    """Return what is known of a device, or None if the gateway does not have it.

    A gateway that lists a phone without its number hides the number: then ``known_number`` stays.

    Args:
        device_id: Its id.
        listed: What the last listing says of it.
        watched: What the supervisor knows of it.
        known_number: The number that it was last known to have.
        shown: What is shown of it until now.
    """
    if listed is None and watched is None:
        return None
    state = watched.state if watched is not None and watched.state else _state_of(listed)
    reconnecting = watched if state is DeviceState.RECONNECTING else None
    next_try = reconnecting.next_try if reconnecting else None
    listed_as_connected = listed is not None and listed.connected
    connected = (
        listed_as_connected if state is DeviceState.PAUSED else state is DeviceState.CONNECTED
    )
    last_seen = listed.last_seen if listed else None
    if connected and shown is not None and shown.connected:
        last_seen = shown.last_seen or last_seen
    return WutsDevice(
        id=device_id,
        name=listed.name if listed else watched.name if watched else "",
        state=state,
        connected=connected,
        linked=listed is not None and listed.linked,
        attempt=reconnecting.attempt if reconnecting else 0,
        next_try=None if next_try is None else datetime.fromtimestamp(next_try, UTC),
        phone_number=_number_of(listed, known_number),
        last_seen=last_seen,
    )


def _number_of(listed: ListedDevice | None, known_number: str | None) -> str | None:
    if listed is None or listed.linked:
        return (listed.phone_number if listed else None) or known_number
    return None


def _state_of(listed: ListedDevice | None) -> DeviceState:
    """Return a device's state as long as the supervisor does not know it."""
    if listed is None or (not listed.connected and listed.whatsapp_jid is None):
        return DeviceState.NEVER_PAIRED
    return DeviceState.CONNECTED if listed.connected else DeviceState.RECONNECTING
