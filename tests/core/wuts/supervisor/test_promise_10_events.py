"""Every change is a frozen event, in order per device; no subscriber harms anybody."""

import asyncio
from collections import defaultdict
from dataclasses import FrozenInstanceError, fields, is_dataclass
from datetime import UTC, datetime
from typing import get_args, get_type_hints

import pytest

from tests.core.wuts.supervisor.home import ACCOUNT, QUICK, Home
from tests.core.wuts.supervisor.invariants import check_story
from tests.core.wuts.supervisor.store.listener import Listener
from wuts.supervisor import DeviceState, Event, EventsLost, StateChanged, events

ALL_EVENTS: tuple[type, ...] = get_args(events.Event.__value__)


@pytest.mark.parametrize("kind", ALL_EVENTS)
def test_promise_10_events_are_frozen_and_typed(kind: type) -> None:
    assert is_dataclass(kind)
    event = object.__new__(kind)
    for field in fields(kind):
        with pytest.raises((FrozenInstanceError, AttributeError)):
            setattr(event, field.name, None)
    assert get_type_hints(kind).keys() == {field.name for field in fields(kind)}
    assert not hasattr(event, "__dict__")


def test_promise_10_a_change_names_device_states_reason_attempt_and_next_try() -> None:
    assert {field.name for field in fields(StateChanged)} == {
        "account",
        "device_id",
        "device_name",
        "old",
        "new",
        "reason",
        "attempt",
        "next_try",
        "at",
    }


async def shake(home: Home, devices: list[str]) -> None:
    """Drop and heal all devices a few times."""
    for _ in range(3):
        for device_id in devices:
            home.world.drop(device_id)
        for device_id in devices:
            await home.until_told(device_id, DeviceState.RECONNECTING)
        await home.listener.until(
            lambda: all(home.state(one) is DeviceState.CONNECTED for one in devices)
        )


async def test_promise_10_the_events_of_a_device_come_in_order(home: Home) -> None:
    devices = home.add_devices(20)
    async with home.supervised(sees=20):
        await shake(home, devices)
    check_story(home.listener.events)
    moments: dict[str, list[datetime]] = defaultdict(list)
    for event in home.listener.events:
        if isinstance(event, StateChanged):
            moments[event.device_id].append(event.at)
    assert moments.keys() == set(devices)
    for times in moments.values():
        assert times == sorted(times)
        assert all(time.tzinfo is UTC for time in times)


async def test_promise_10_a_subscriber_that_fails_harms_nobody(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    devices = home.add_devices(5)

    async def fails(_event: Event) -> None:
        raise ZeroDivisionError

    async with home.supervised(sees=5) as supervisor:
        supervisor.subscribe(fails)
        await shake(home, devices)
    assert "A subscriber failed on StateChanged" in caplog.text
    check_story(home.listener.events)


async def test_promise_10_a_slow_subscriber_harms_nobody(home: Home) -> None:
    devices = home.add_devices(5)
    let_go = asyncio.Event()
    heard: list[Event] = []

    async def slow(event: Event) -> None:
        await let_go.wait()
        heard.append(event)

    async with home.supervised(sees=5) as supervisor:
        await home.listener.until(lambda: len(home.listener.events) == 5)
        supervisor.subscribe(slow)
        first = len(home.listener.events)
        await shake(home, devices)
        assert heard == []
        let_go.set()
    assert heard == home.listener.events[first:]


async def test_promise_10_all_subscribers_hear_the_same(home: Home) -> None:
    devices = home.add_devices(5)
    others = [Listener() for _ in range(3)]
    async with home.supervised() as supervisor:
        for other in others:
            supervisor.subscribe(other)
        await home.listener.until(lambda: len(home.settled()) == 5)
        await shake(home, devices)
    for other in others:
        assert other.events == home.listener.events


async def test_promise_10_one_who_left_hears_no_more(home: Home) -> None:
    devices = home.add_devices(5)
    leaver = Listener()
    async with home.supervised() as supervisor:
        leave = supervisor.subscribe(leaver)
        await leaver.until(lambda: len(leaver.events) == 5)
        await leave()
        await leave()
        await shake(home, devices)
    assert len(leaver.events) == 5


async def test_promise_10_a_subscriber_may_ask_the_supervisor_for_something(home: Home) -> None:
    """A frontend that reacts to an event must not wait for itself."""
    [device_id] = home.add_devices(1)

    async with home.supervised(QUICK) as supervisor:

        async def pauses_what_drops(event: Event) -> None:
            if isinstance(event, StateChanged) and event.new is DeviceState.RECONNECTING:
                await supervisor.pause(ACCOUNT, event.device_id)

        supervisor.subscribe(pauses_what_drops)
        await home.until_state(device_id, DeviceState.CONNECTED)
        home.world.drop(device_id)
        await home.until_state(device_id, DeviceState.PAUSED)


def test_promise_10_a_loss_is_an_event_too() -> None:
    assert EventsLost in ALL_EVENTS
