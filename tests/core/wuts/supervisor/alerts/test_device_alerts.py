from dataclasses import replace

import pytest

from wuts.supervisor import AlertKind, Device, DeviceState, Reason, SupervisorSettings
from wuts.supervisor.alerts.episodes import begun_by, ended_by
from wuts.supervisor.device.device import DeviceChange

SETTINGS = SupervisorSettings(flapping_drops=2)


def begun(
    state: DeviceState,
    old: DeviceState | None = DeviceState.CONNECTED,
    reason: Reason = Reason.DROPPED,
    **known: object,
) -> list[AlertKind]:
    device = Device("d0", state=state, **{"was_paired": True, **known})  # type: ignore[arg-type]
    before = None if old is None else replace(device, state=old)
    return begun_by(DeviceChange(before, device, reason), SETTINGS)


def test_what_each_state_begins() -> None:
    assert begun(DeviceState.NEEDS_PAIRING) == [AlertKind.NEEDS_PAIRING]
    assert begun(DeviceState.RECONNECTING) == [AlertKind.OFFLINE]
    assert begun(DeviceState.RECONNECTING, drops=(1.0, 2.0)) == [
        AlertKind.OFFLINE,
        AlertKind.FLAPPING,
    ]
    for state in (DeviceState.CONNECTED, DeviceState.NEVER_PAIRED, DeviceState.PAUSED):
        assert begun(state) == []


def test_a_device_that_vanished_is_alerted_unless_nobody_can_miss_it() -> None:
    gone, missing = DeviceState.GONE, Reason.NOT_FOUND
    assert begun(gone, reason=missing) == [AlertKind.DEVICE_GONE]
    assert begun(gone, reason=missing, was_paired=False) == []
    assert begun(gone, old=DeviceState.PAUSED, reason=missing) == []
    assert begun(gone, reason=Reason.FORGOTTEN) == []


@pytest.mark.parametrize("state", list(DeviceState))
def test_no_state_ends_what_it_begins(state: DeviceState) -> None:
    for drops in ((), (1.0, 2.0)):
        kinds = begun(state, reason=Reason.NOT_FOUND, drops=drops)
        assert not set(kinds) & set(ended_by(Device("d0", state=state)))


def test_a_connection_does_not_end_the_flapping_at_once() -> None:
    connected = ended_by(Device("d0", state=DeviceState.CONNECTED))
    assert AlertKind.FLAPPING not in connected
    assert AlertKind.OFFLINE in connected


@pytest.mark.parametrize("state", [DeviceState.PAUSED, DeviceState.NEVER_PAIRED])
def test_what_is_left_alone_has_no_alerts(state: DeviceState) -> None:
    assert set(ended_by(Device("d0", state=state))) == {
        AlertKind.NEEDS_PAIRING,
        AlertKind.OFFLINE,
        AlertKind.FLAPPING,
        AlertKind.DEVICE_REFUSED,
        AlertKind.DEVICE_GONE,
    }
