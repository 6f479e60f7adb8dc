"""The device's machine as a table: from a state, through what is seen, to a state."""

from dataclasses import replace

import pytest

from tests.core.wuts.supervisor.device.devices import (
    CONNECTED,
    NEEDS_PAIRING,
    NEVER_PAIRED,
    NOW,
    PAUSED,
    RECONNECTING,
    SETTINGS,
    context,
    device,
)
from wuts.supervisor import Device, DeviceState, Reason
from wuts.supervisor.device import machine as m
from wuts.supervisor.device import wakes
from wuts.supervisor.device.change import Change
from wuts.supervisor.device.device import is_flapping, next_moment


@pytest.mark.parametrize(
    ("state", "connected", "linked", "after", "reason", "needs_check"),
    [
        (None, True, True, CONNECTED, Reason.FIRST_SEEN, False),
        (None, True, False, CONNECTED, Reason.FIRST_SEEN, False),
        (None, False, True, None, None, True),
        (None, False, False, NEVER_PAIRED, Reason.FIRST_SEEN, False),
        (CONNECTED, True, True, CONNECTED, None, False),
        (CONNECTED, False, True, CONNECTED, None, True),
        (CONNECTED, False, False, CONNECTED, None, True),
        (RECONNECTING, True, True, CONNECTED, Reason.RECONNECTED, False),
        (RECONNECTING, False, True, RECONNECTING, None, False),
        (RECONNECTING, False, False, RECONNECTING, None, True),
        (NEEDS_PAIRING, True, True, CONNECTED, Reason.PAIRED, False),
        (NEEDS_PAIRING, False, True, NEEDS_PAIRING, None, True),
        (NEEDS_PAIRING, False, False, NEEDS_PAIRING, None, False),
        (NEVER_PAIRED, True, True, CONNECTED, Reason.PAIRED, False),
        (NEVER_PAIRED, False, True, NEVER_PAIRED, None, True),
        (NEVER_PAIRED, False, False, NEVER_PAIRED, None, False),
        (PAUSED, True, True, PAUSED, None, False),
        (PAUSED, False, True, PAUSED, None, False),
        (PAUSED, False, False, PAUSED, None, False),
    ],
)
def test_a_line_of_the_listing(  # noqa: PLR0913, PLR0917 - a table's columns
    state: DeviceState | None,
    connected: bool,
    linked: bool,
    after: DeviceState | None,
    reason: Reason | None,
    needs_check: bool,
) -> None:
    change = m.listed(device(state), connected=connected, linked=linked, context=context())
    assert (change.device.state, change.reason) == (after, reason)
    assert change.device.needs_check is needs_check


@pytest.mark.parametrize(
    ("state", "connected", "linked", "after", "reason"),
    [
        (None, True, True, CONNECTED, Reason.FIRST_SEEN),
        (None, False, True, RECONNECTING, Reason.FIRST_SEEN),
        (None, False, False, NEVER_PAIRED, Reason.FIRST_SEEN),
        (CONNECTED, True, True, CONNECTED, None),
        (CONNECTED, False, True, RECONNECTING, Reason.DROPPED),
        (RECONNECTING, True, True, CONNECTED, Reason.RECONNECTED),
        (RECONNECTING, False, True, RECONNECTING, None),
        (NEEDS_PAIRING, True, True, CONNECTED, Reason.PAIRED),
        (NEEDS_PAIRING, False, True, RECONNECTING, Reason.PAIRED),
        (NEEDS_PAIRING, False, False, NEEDS_PAIRING, None),
        (NEVER_PAIRED, True, True, CONNECTED, Reason.PAIRED),
        (NEVER_PAIRED, False, True, RECONNECTING, Reason.PAIRED),
        (NEVER_PAIRED, False, False, NEVER_PAIRED, None),
        (PAUSED, True, True, PAUSED, None),
        (PAUSED, False, False, PAUSED, None),
    ],
)
def test_a_status_settles_every_question(
    state: DeviceState | None,
    connected: bool,
    linked: bool,
    after: DeviceState | None,
    reason: Reason | None,
) -> None:
    needs_check = replace(device(state), needs_check=True, failed_checks=1)
    change = m.checked(needs_check, connected=connected, linked=linked, context=context())
    assert (change.device.state, change.reason) == (after, reason)
    assert not change.device.needs_check
    assert change.device.failed_checks == 0


@pytest.mark.parametrize("state", [CONNECTED, RECONNECTING])
def test_a_number_that_neither_listing_nor_status_shows_means_logged_out(
    state: DeviceState,
) -> None:
    unlinked = m.listed(device(state), connected=False, linked=False, context=context()).device
    change = m.checked(unlinked, connected=False, linked=False, context=context())
    assert (change.device.state, change.reason) == (NEEDS_PAIRING, Reason.UNLINKED)
    assert (change.device.attempt, change.device.next_try) == (0, None)
    assert not change.device.stale_link


def test_a_number_that_is_shown_still_is_known_to_be_stale() -> None:
    change = m.unlinked(device(RECONNECTING), context())
    assert change.device.stale_link
    again = m.listed(change.device, connected=False, linked=True, context=context())
    assert not again.device.needs_check
    checked = m.checked(again.device, connected=False, linked=True, context=context())
    assert checked.device.state is NEEDS_PAIRING


def test_a_stale_number_that_vanished_and_came_back_is_worth_a_check() -> None:
    stale = device(NEEDS_PAIRING, stale=True)
    vanished = m.listed(stale, connected=False, linked=False, context=context()).device
    back = m.listed(vanished, connected=False, linked=True, context=context()).device
    assert back.needs_check


@pytest.mark.parametrize(
    ("state", "after", "reason"),
    [
        (RECONNECTING, CONNECTED, Reason.RECONNECTED),
        (CONNECTED, CONNECTED, None),
        (NEEDS_PAIRING, CONNECTED, Reason.PAIRED),
        (PAUSED, PAUSED, None),
    ],
)
def test_a_connect_that_succeeds(
    state: DeviceState, after: DeviceState, reason: Reason | None
) -> None:
    change = m.reconnected(device(state), context())
    assert (change.device.state, change.reason) == (after, reason)
    assert change.device.next_try is None


@pytest.mark.parametrize(
    ("state", "after", "reason"),
    [
        (RECONNECTING, NEEDS_PAIRING, Reason.UNLINKED),
        (CONNECTED, NEEDS_PAIRING, Reason.UNLINKED),
        (NEEDS_PAIRING, NEEDS_PAIRING, None),
        (PAUSED, PAUSED, None),
    ],
)
def test_a_connect_that_needs_a_qr(
    state: DeviceState, after: DeviceState, reason: Reason | None
) -> None:
    change = m.unlinked(device(state), context())
    assert (change.device.state, change.reason) == (after, reason)


@pytest.mark.parametrize("state", [CONNECTED, NEEDS_PAIRING, NEVER_PAIRED, PAUSED, None])
def test_a_connect_that_fails_counts_only_while_it_is_wanted(state: DeviceState | None) -> None:
    assert m.reconnect_failed(device(state), 10.0, context()) == Change(device(state))


def test_a_connect_that_fails_is_tried_again_later() -> None:
    change = m.reconnect_failed(device(RECONNECTING), None, context())
    assert change.reason is Reason.RETRY
    assert change.device.attempt == 4
    assert NOW <= (change.device.next_try or 0) <= NOW + 40
    floored = m.reconnect_failed(device(RECONNECTING), 500.0, context())
    assert floored.device.next_try == floored.device.not_before == NOW + 500


@pytest.mark.parametrize("state", [None, CONNECTED])
def test_a_check_that_fails_twice_lets_the_listing_decide(state: DeviceState | None) -> None:
    needs_check = replace(device(state), needs_check=True, was_paired=True)
    once = m.check_failed(needs_check, context())
    assert (once.device.state, once.device.needs_check, once.reason) == (state, False, None)
    twice = m.check_failed(once.device, context())
    assert twice.device.state is RECONNECTING
    assert twice.device.failed_checks == 0


@pytest.mark.parametrize("state", [RECONNECTING, NEEDS_PAIRING, NEVER_PAIRED, PAUSED])
def test_where_nothing_is_to_be_reconnected_failed_checks_change_nothing(
    state: DeviceState,
) -> None:
    one = device(state)
    for _ in range(5):
        one = m.check_failed(one, context()).device
    assert one.state is state


@pytest.mark.parametrize("absences", [0, 1])
def test_a_refused_device_is_looked_at_again_whatever_the_listings_said(absences: int) -> None:
    one = m.refused(device(CONNECTED), context()).device
    for now in (NOW + SETTINGS.refused_cap, NOW + 2 * SETTINGS.refused_cap):
        missed = replace(one, absences=absences, absent_since=NOW if absences else None)
        due = wakes.timed(missed, now)
        assert due.needs_check
        one = m.check_failed(due, context(now)).device
        assert next_moment(one, now) == now + SETTINGS.refused_cap
        assert one.in_doubt == (absences == 0)


def test_a_listing_that_agrees_forgets_failed_checks() -> None:
    once = replace(device(CONNECTED), failed_checks=1)
    change = m.listed(once, connected=True, linked=True, context=context())
    assert change.device.failed_checks == 0


def test_a_check_answers_a_wake_that_waits() -> None:
    waiting = replace(device(CONNECTED), check_at=NOW + 5)
    checked = m.checked(waiting, connected=True, linked=True, context=context())
    assert checked.device.check_at is None


@pytest.mark.parametrize("state", [*DeviceState, None])
def test_a_pause_ends_everything_that_was_planned(state: DeviceState | None) -> None:
    if state is DeviceState.GONE:
        return
    change = m.paused(replace(device(state), needs_check=True), Reason.PAUSED, context())
    paused = change.device
    assert (paused.state, paused.attempt, paused.next_try) == (PAUSED, 0, None)
    assert not paused.needs_check
    assert change.reason is (None if state is PAUSED else Reason.PAUSED)


@pytest.mark.parametrize("state", [CONNECTED, RECONNECTING, NEEDS_PAIRING, NEVER_PAIRED, None])
def test_only_a_paused_device_can_be_resumed(state: DeviceState | None) -> None:
    assert m.resumed(device(state), context()) == Change(device(state))


def test_a_resumed_device_is_reconnected_at_once() -> None:
    change = m.resumed(device(PAUSED), context())
    assert (change.device.state, change.reason) == (RECONNECTING, Reason.RESUMED)
    assert (change.device.attempt, change.device.next_try) == (1, NOW)


def test_a_resumed_device_that_was_never_paired_is_looked_at() -> None:
    change = m.resumed(replace(device(PAUSED), was_paired=False), context())
    assert (change.device.state, change.device.needs_check) == (NEVER_PAIRED, True)


def test_devices_that_drop_together_do_not_wait_and_are_not_to_blame() -> None:
    change = m.dropped_with_most(device(CONNECTED), context())
    assert (change.device.next_try, change.device.attempt) == (NOW, 1)
    assert change.device.drops == ()
    first_seen = m.dropped_with_most(Device("d0"), context())
    assert first_seen.device.was_paired
    assert first_seen.reason is Reason.FIRST_SEEN


def test_drops_within_the_window_make_a_device_a_flapping_one() -> None:
    one = device(CONNECTED)
    for number in range(4):
        assert not is_flapping(one, SETTINGS)
        one = m.dropped(one, context(NOW + number * 1_000)).device
        one = m.reconnected(one, context(NOW + number * 1_000 + 10)).device
    assert is_flapping(one, SETTINGS)


def test_drops_that_are_long_ago_do_not() -> None:
    one = device(CONNECTED)
    for number in range(10):
        one = m.dropped(one, context(NOW + number * 1_300)).device
        one = m.reconnected(one, context(NOW + number * 1_300 + 10)).device
        assert len(one.drops) <= 3
    later = m.dropped_with_most(one, context(NOW + 1e6)).device
    assert later.drops == ()


def test_a_device_that_is_first_seen_disconnected_has_not_flapped() -> None:
    assert m.dropped(device(None), context()).device.drops == ()
