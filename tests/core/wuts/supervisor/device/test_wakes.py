"""What a wake does to a device in each state."""

from dataclasses import replace

import pytest

from tests.core.wuts.supervisor.device.devices import (
    CONNECTED,
    NEEDS_PAIRING,
    NEVER_PAIRED,
    NOW,
    PAUSED,
    RECONNECTING,
    REFUSED,
    SETTINGS,
    context,
    device,
)
from wuts.supervisor import DeviceState, Reason
from wuts.supervisor.device import wakes
from wuts.supervisor.device.change import Change
from wuts.supervisor.device.device import next_moment, wants_connect


@pytest.mark.parametrize(
    ("state", "after", "reason", "needs_check"),
    [
        (RECONNECTING, RECONNECTING, Reason.WOKEN, False),
        (CONNECTED, CONNECTED, None, True),
        (NEEDS_PAIRING, NEEDS_PAIRING, None, True),
        (NEVER_PAIRED, NEVER_PAIRED, None, True),
        (None, None, None, True),
        (PAUSED, PAUSED, None, False),
    ],
)
def test_a_wake(
    state: DeviceState | None, after: DeviceState | None, reason: Reason | None, needs_check: bool
) -> None:
    change = wakes.requeued(device(state), context())
    assert (change.device.state, change.reason) == (after, reason)
    assert change.device.needs_check is needs_check
    assert wants_connect(change.device, NOW) is (state is RECONNECTING)


def test_a_wake_of_a_device_that_is_due_is_not_told() -> None:
    due = replace(device(RECONNECTING), next_try=NOW - 1)
    assert wakes.requeued(due, context()) == Change(due)


def test_a_wake_waits_as_long_as_the_gateway_asked() -> None:
    asked = replace(device(RECONNECTING), next_try=NOW + 90, not_before=NOW + 60)
    woken = wakes.requeued(asked, context())
    assert woken.device.next_try == NOW + 60
    assert wakes.requeued(woken.device, context()).reason is None


@pytest.mark.parametrize("state", [CONNECTED, NEEDS_PAIRING, NEVER_PAIRED, REFUSED, None])
def test_a_wake_soon_after_another_brings_a_check_a_sixth_of_an_interval_after_it(
    state: DeviceState | None,
) -> None:
    checked = replace(wakes.requeued(device(state), context()).device, needs_check=False)
    woken = wakes.requeued(checked, context(NOW + 1)).device
    due = NOW + SETTINGS.interval / 6
    assert (woken.needs_check, woken.check_at, next_moment(woken, NOW + 1)) == (False, due, due)
    assert wakes.requeued(woken, context(NOW + 2)).device.check_at == due
    assert not wakes.timed(woken, due - 0.1).needs_check
    timed = wakes.timed(woken, due)
    assert (timed.needs_check, timed.check_at) == (True, None)
    again = wakes.requeued(replace(timed, needs_check=False), context(due + 1)).device
    assert again.check_at == due + SETTINGS.interval / 6


def test_a_wake_of_a_device_whose_check_is_wanted_already_is_not_counted() -> None:
    wanted = replace(device(CONNECTED), needs_check=True)
    woken = replace(wakes.requeued(wanted, context()).device, needs_check=False)
    assert wakes.requeued(woken, context(NOW + 1)).device.needs_check


def test_a_careful_try_does_not_come_before_the_check_that_a_wake_waits_for() -> None:
    needing = replace(device(NEEDS_PAIRING, stale=True), slow_try=NOW + 900, hurried_at=NOW - 1)
    woken = wakes.requeued(needing, context()).device
    assert woken.check_at == woken.slow_try == NOW - 1 + SETTINGS.interval / 6
    assert woken.woken_until == NOW + 900
    assert not wants_connect(woken, NOW)
