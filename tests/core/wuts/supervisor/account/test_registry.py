import pytest

from wuts.supervisor import Device, DeviceState
from wuts.supervisor.account.registry import dropped_together, is_most
from wuts.supervisor.device.device import ListingRow


def known(count: int, state: DeviceState | None = DeviceState.CONNECTED) -> dict[str, Device]:
    return {f"d{n}": Device(f"d{n}", state=state) for n in range(count)}


def rows(count: int, down: int, *, linked: bool = True) -> dict[str, ListingRow]:
    return {f"d{n}": ListingRow(f"d{n}", "", n >= down, linked or n >= down) for n in range(count)}


@pytest.mark.parametrize(
    ("count", "total", "most"),
    [(2, 2, False), (3, 3, True), (3, 6, True), (3, 7, False), (50, 100, True), (49, 99, False)],
)
def test_most_is_half_and_at_least_three(count: int, total: int, most: bool) -> None:
    assert is_most(count, total) is most


def test_half_of_the_connected_devices_dropped() -> None:
    assert len(dropped_together(known(10), rows(10, 5), lambda _: True)) == 5
    assert not dropped_together(known(10), rows(10, 4), lambda _: True)


def test_devices_that_were_never_seen_count_as_dropped() -> None:
    assert len(dropped_together({}, rows(10, 5), lambda _: True)) == 5
    assert len(dropped_together(known(10, None), rows(10, 5), lambda _: True)) == 5


def test_devices_without_a_number_did_not_drop() -> None:
    assert not dropped_together(known(10), rows(10, 9, linked=False), lambda _: True)


@pytest.mark.parametrize(
    "state", [DeviceState.PAUSED, DeviceState.NEEDS_PAIRING, DeviceState.RECONNECTING]
)
def test_devices_that_were_down_before_did_not_drop(state: DeviceState) -> None:
    assert not dropped_together(known(10, state), rows(10, 10), lambda _: True)


def test_a_stale_row_proves_nothing() -> None:
    stale = {"d0", "d1", "d2"}
    assert not dropped_together(known(5), rows(5, 5), lambda device: device.id in {"d3", "d4"})
    dropped = dropped_together(known(6), rows(6, 6), lambda device: device.id not in stale)
    assert dropped == {"d3", "d4", "d5"}
