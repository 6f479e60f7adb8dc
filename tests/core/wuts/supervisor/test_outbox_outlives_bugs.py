"""A bug in the delivery costs one event at most, is reported, and ends no task."""

from typing import Any

import pytest

from tests.core.wuts.supervisor.home import ACCOUNT, Home, until
from wuts.supervisor import DeviceState, TaskTrouble
from wuts.supervisor.delivery.outbox import Outbox
from wuts.supervisor.store import MemoryStore


def troubles(home: Home) -> list[str]:
    return [event.task for event in home.listener.events if isinstance(event, TaskTrouble)]


async def test_what_breaks_while_it_is_saved_does_not_end_the_telling(
    home: Home, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    [device_id] = home.add_devices(1)
    store = MemoryStore()
    async with home.supervised(store=store, sees=1) as supervisor:
        broken, take = [1, 2], Outbox.take_changes

        def taken(outbox: Outbox, accounts: Any) -> Any:  # noqa: ANN401 - whatever it is
            if broken:
                broken.pop()
                raise ZeroDivisionError
            return take(outbox, accounts)

        monkeypatch.setattr(Outbox, "take_changes", taken)
        home.world.drop(device_id)
        await until(lambda: not broken)
        await home.until_state(device_id, DeviceState.CONNECTED)
        await home.listener.until(lambda: troubles(home) == ["outbox"])
        await supervisor.pause(ACCOUNT, device_id)
    assert [one.paused for one in (await store.load()).snapshots] == [True]
    assert caplog.text.count("The supervisor's outbox task failed") == 1


async def test_an_event_that_cannot_be_told_does_not_end_the_telling(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the wall clock is in a year that no calendar has."""
    [device_id] = home.add_devices(1)
    async with home.supervised(sees=1) as supervisor:
        offset, broken = supervisor._relay._offset, [1]

        def broken_offset() -> float:
            if broken:
                broken.pop()
                raise OverflowError
            return offset()

        monkeypatch.setattr(supervisor._relay, "_offset", broken_offset)
        home.world.drop(device_id)
        await until(lambda: not broken)
        await home.until_state(device_id, DeviceState.CONNECTED)
        home.world.unlink(device_id)
        await home.listener.until(lambda: home.told() != [])
        await home.listener.until(lambda: troubles(home) == ["outbox"])
