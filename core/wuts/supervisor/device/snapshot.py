"""What of a device must survive a restart."""

from dataclasses import dataclass

from ..states import DeviceState
from .device import Device


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceFacts:
    """What of a device must survive a restart; the rest is read from the gateway again.

    Attributes:
        account: The account's name.
        device_id: The gateway's id.
        name: The gateway's name for it.
        was_paired: Whether a phone was ever linked.
        paused: Whether a person wants it left alone.
        needs_pairing: Whether the phone unlinked it.
        stale_link: Whether the gateway still showed a number then.
    """

    account: str
    device_id: str
    name: str
    was_paired: bool
    paused: bool
    needs_pairing: bool
    stale_link: bool


def facts_of(account: str, device: Device) -> DeviceFacts:
    """Return what of ``device`` must survive a restart."""
    return DeviceFacts(
        account=account,
        device_id=device.id,
        name=device.name,
        was_paired=device.was_paired,
        paused=device.state is DeviceState.PAUSED,
        needs_pairing=device.state is DeviceState.NEEDS_PAIRING,
        stale_link=device.stale_link,
    )


def device_from(facts: DeviceFacts, now: float) -> Device:
    """Return the device as an earlier process left it, known since ``now``."""
    state = None
    if facts.paused:
        state = DeviceState.PAUSED
    elif facts.needs_pairing:
        state = DeviceState.NEEDS_PAIRING
    return Device(
        facts.device_id,
        facts.name,
        state=state,
        since=now,
        linked=facts.stale_link,
        was_paired=facts.was_paired,
        stale_link=facts.stale_link,
    )


def facts_differ(one: Device, other: Device) -> bool:
    """Tell whether saving ``one`` would not do for ``other``; cheaper than comparing facts."""
    kept = (DeviceState.PAUSED, DeviceState.NEEDS_PAIRING)
    if one.state is not other.state and (one.state in kept or other.state in kept):
        return True
    return (one.was_paired, one.stale_link, one.name) != (
        other.was_paired,
        other.stale_link,
        other.name,
    )
