from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from wuts.supervisor import Device, DeviceState, SupervisorSettings
from wuts.supervisor.account.registry import DeviceRegistry, is_most
from wuts.supervisor.device.change import Context
from wuts.supervisor.device.device import DeviceChange, ListingRow

NOW = 1_000.0


def known(
    count: int,
    state: DeviceState | None = DeviceState.CONNECTED,
    *,
    newer: frozenset[str] = frozenset(),
) -> DeviceRegistry:
    """Make a registry of devices, some of which became what they are after the listing was sent."""
    registry = DeviceRegistry(20)
    for number in range(count):
        since = NOW + 1 if f"d{number}" in newer else NOW - 1
        registry.adopt(Device(f"d{number}", state=state, since=since))
    return registry


def rows(count: int, down: int, *, linked: bool = True) -> dict[str, ListingRow]:
    return {f"d{n}": ListingRow(f"d{n}", "", n >= down, linked or n >= down) for n in range(count)}


@pytest.mark.parametrize(
    ("count", "total", "most"),
    [(2, 2, False), (3, 3, True), (3, 6, True), (3, 7, False), (50, 100, True), (49, 99, False)],
)
def test_most_is_half_and_at_least_three(count: int, total: int, most: bool) -> None:
    assert is_most(count, total) is most


def test_half_of_the_connected_devices_dropped() -> None:
    assert len(known(10).dropped_together(rows(10, 5), NOW)) == 5
    assert not known(10).dropped_together(rows(10, 4), NOW)


def test_devices_that_were_never_seen_count_as_dropped() -> None:
    assert len(known(0).dropped_together(rows(10, 5), NOW)) == 5
    assert len(known(10, None).dropped_together(rows(10, 5), NOW)) == 5


def test_devices_without_a_number_did_not_drop() -> None:
    assert not known(10).dropped_together(rows(10, 9, linked=False), NOW)


@pytest.mark.parametrize(
    "state", [DeviceState.PAUSED, DeviceState.NEEDS_PAIRING, DeviceState.RECONNECTING]
)
def test_devices_that_were_down_before_did_not_drop(state: DeviceState) -> None:
    assert not known(10, state).dropped_together(rows(10, 10), NOW)


def test_a_stale_row_proves_nothing() -> None:
    stale = frozenset({"d0", "d1", "d2"})
    assert not known(5, newer=stale).dropped_together(rows(5, 5), NOW)
    assert known(6, newer=stale).dropped_together(rows(6, 6), NOW) == {"d3", "d4", "d5"}


SEEN = datetime(2026, 11, 1, tzinfo=UTC)


def take(registry: DeviceRegistry, row: ListingRow, now: float) -> list[DeviceChange]:
    context = Context(now, Random(1), SupervisorSettings())
    return registry.take_row(row, now, context, dropped_with_most=False)


def test_the_number_and_the_last_sight_are_those_of_the_newest_listing() -> None:
    registry = DeviceRegistry(20)
    row = ListingRow("d0", "One", connected=True, linked=True, phone_number="5511", last_seen=SEEN)
    take(registry, row, 1.0)
    device = registry.devices["d0"]
    assert (device.phone_number, device.last_seen) == ("5511", SEEN)
    take(registry, row, 1.5)  # from the second look on, the first phone is the expected one
    assert take(registry, row, 2.0) == []
    later = replace(row, last_seen=SEEN + timedelta(minutes=1))
    [change] = take(registry, later, 3.0)
    assert registry.devices["d0"].last_seen == later.last_seen
    assert (change.reason, change.event("home", 3.0)) == (None, None)
    take(registry, replace(row, connected=False, linked=False, phone_number=None), 4.0)
    assert registry.devices["d0"].phone_number is None


def test_a_number_is_in_no_repr() -> None:
    row = ListingRow("d0", "One", connected=True, linked=True, phone_number="5511988887777")
    registry = DeviceRegistry(20)
    take(registry, row, 1.0)
    assert "5511" not in repr(row) + repr(registry.devices["d0"])
