"""A table of devices: as wide as it has to be in a pipe, folded on a narrow screen."""

from collections.abc import Iterable

from rich.table import Table

from wuts.models import Device, SessionStatus

from .find_device import shown_name
from .text import local_time, phone, printable

NO_DEVICES = "There are no devices yet. Make one with: wuts create NAME"
NOT_PAIRED = "not paired"


def device_table(rows: Iterable[tuple[str, ...]]) -> Table:
    """Return a table of rows that `device_row` and `status_row` make."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("NAME", "STATE", "PHONE", "LAST SEEN", "ID"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table


def device_row(device: Device) -> tuple[str, ...]:
    """Return what the list of devices tells about one."""
    return (
        shown_name(device),
        _state_of_device(device),
        phone(device.phone_number),
        local_time(device.last_seen),
        printable(device.id),
    )


def status_row(device: Device, status: SessionStatus) -> tuple[str, ...]:
    """Return what the live status tells about one."""
    return (
        shown_name(device),
        _state_of_session(status),
        phone(status.phone_number),
        local_time(status.last_seen),
        printable(device.id),
    )


def _state_of_device(device: Device) -> str:
    if device.connected:
        return "connected"
    return "disconnected" if device.whatsapp_jid else NOT_PAIRED


def _state_of_session(status: SessionStatus) -> str:
    if status.connected and not status.is_logged_in:
        return "connected, not logged in"
    if status.connected:
        return "connected"
    if status.status == "connecting":
        return "connecting"
    return "disconnected" if status.has_credentials else NOT_PAIRED
