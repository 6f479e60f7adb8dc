import pytest

from wuts.supervisor import WORST_FIRST, Device, DeviceState, worst_first
from wuts.supervisor.device.device import device_from, snapshot_of, snapshots_differ

KEPT = [DeviceState.PAUSED, DeviceState.NEEDS_PAIRING]


@pytest.mark.parametrize("state", [*DeviceState, None])
def test_what_only_we_know_survives_and_the_rest_is_read_again(state: DeviceState | None) -> None:
    device = Device("d0", "One", state=state, was_paired=True, stale_link=True, attempt=4)
    restored = device_from(snapshot_of("home", device), 99.0)
    assert restored.state is (state if state in KEPT else None)
    assert (restored.id, restored.name, restored.since) == ("d0", "One", 99.0)
    assert (restored.was_paired, restored.stale_link, restored.attempt) == (True, True, 0)


def test_snapshots_differ_where_saving_matters() -> None:
    device = Device("d0", "One", state=DeviceState.CONNECTED)
    for other in (
        Device("d0", "Two", state=DeviceState.CONNECTED),
        Device("d0", "One", state=DeviceState.PAUSED),
        Device("d0", "One", state=DeviceState.NEEDS_PAIRING),
        Device("d0", "One", state=DeviceState.CONNECTED, was_paired=True),
        Device("d0", "One", state=DeviceState.CONNECTED, stale_link=True),
    ):
        assert snapshots_differ(device, other)
        assert snapshots_differ(other, device)


def test_snapshots_do_not_differ_where_the_gateway_is_read_again_anyway() -> None:
    device = Device("d0", "One", state=DeviceState.CONNECTED)
    assert not snapshots_differ(device, device)
    assert not snapshots_differ(
        device, Device("d0", "One", state=DeviceState.RECONNECTING, attempt=3)
    )


def test_a_change_that_does_not_differ_leaves_the_snapshot_as_they_were() -> None:
    for before in (*DeviceState, None):
        for after in (*DeviceState, None):
            one, other = Device("d0", state=before), Device("d0", state=after)
            if not snapshots_differ(one, other):
                assert snapshot_of("home", one) == snapshot_of("home", other)


def test_the_order_of_states_is_complete() -> None:
    assert len(WORST_FIRST) == len(set(WORST_FIRST))
    assert set(WORST_FIRST) == {*DeviceState, None}


def test_the_worst_device_comes_first_and_of_the_same_state_the_longest_in_it() -> None:
    devices = [
        Device("a", "A", state=DeviceState.CONNECTED, since=1.0),
        Device("b", "B", state=DeviceState.RECONNECTING, since=9.0),
        Device("c", "C", state=DeviceState.RECONNECTING, since=2.0),
        Device("d", "D"),
        Device("e", "E", state=DeviceState.NEEDS_PAIRING, since=5.0),
        Device("g", "B", state=DeviceState.RECONNECTING, since=9.0),
    ]
    assert [device.id for device in sorted(devices, key=worst_first)] == [*"ecbgda"]
