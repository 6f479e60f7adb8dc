"""Whatever breaks in the background is restarted, logged once and told."""

import asyncio
from collections.abc import Collection, Iterator
from typing import Any

import pytest

from tests.core.wuts.supervisor.home import ACCOUNT, Home, until
from tests.core.wuts.values import TOKEN
from wuts import WutsClient
from wuts.models import ConnectResult
from wuts.supervisor import DeviceState, Event, StateChanged, TaskTrouble
from wuts.supervisor.controller import Controller
from wuts.supervisor.store import MemoryStore, Saved, StoreError
from wuts_simulator import EndpointName


def troubles(home: Home) -> list[str]:
    return [event.task for event in home.listener.events if isinstance(event, TaskTrouble)]


class Late(MemoryStore):
    """A store that cannot be read at first."""

    is_readable = False

    async def load(self, accounts: Collection[str] | None = None) -> Saved:
        if not self.is_readable:
            raise StoreError
        return await super().load(accounts)


async def test_a_late_restore_that_breaks_does_not_end_the_telling(
    home: Home, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("wuts.supervisor.delivery.outbox.RETRY_AFTER", 0.02)
    [device_id] = home.add_devices(1)
    store = Late()
    async with home.supervised(store=store, sees=1) as supervisor:

        def restore(_saved: Saved, _now: float) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(supervisor._controller, "restore", restore)
        store.is_readable = True
        await home.listener.until(lambda: troubles(home) == ["restore"])
        home.world.drop(device_id)
        await home.until_told(device_id, DeviceState.RECONNECTING)
        await home.until_state(device_id, DeviceState.CONNECTED)
        await supervisor.pause(ACCOUNT, device_id)
    assert [one.paused for one in (await store.load()).snapshots] == [True]
    assert caplog.text.count("The supervisor's restore task failed") == 1


async def test_a_restore_that_breaks_at_the_start_does_not_end_it(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.add_devices(1)
    monkeypatch.setattr(Controller, "restore", lambda *_: 1 / 0)
    async with home.supervised(sees=1):
        await home.listener.until(lambda: troubles(home) == ["restore"])


@pytest.mark.parametrize("endpoint", [EndpointName.CONNECT, EndpointName.LIST_DEVICES])
async def test_an_answer_that_cannot_be_taken_in_leaves_nothing_under_way(
    home: Home, monkeypatch: pytest.MonkeyPatch, endpoint: EndpointName
) -> None:
    kind = "connect" if endpoint is EndpointName.CONNECT else "list"
    [device_id] = home.add_devices(1)
    async with home.supervised(sees=1) as supervisor:
        taking_in = supervisor._controller.answer
        broken = [1] if kind == "connect" else [1, 2, 3]

        def answer(answer: Any, now: float) -> Iterator[None]:  # noqa: ANN401
            if answer.call.kind == kind and not isinstance(answer.result, Exception) and broken:
                broken.pop()
                raise ZeroDivisionError
            return taking_in(answer, now)

        monkeypatch.setattr(supervisor._controller, "answer", answer)
        home.world.drop(device_id)
        await until(lambda: not broken)
        await home.until_state(device_id, DeviceState.CONNECTED)
        await home.listener.until(lambda: troubles(home) == [f"{kind} answer"])


class Cut(WutsClient):
    """A client whose first reconnect is cancelled from inside."""

    is_cut = True

    async def connect(self, device_id: str | None = None) -> ConnectResult:
        if self.is_cut:
            self.is_cut = False
            raise asyncio.CancelledError
        return await super().connect(device_id)


async def test_a_call_that_is_cancelled_from_inside_is_made_again(home: Home) -> None:
    [device_id] = home.add_devices(1)
    client = Cut(TOKEN, base_url=home.sim.url)
    home.clients.append(client)
    async with home.supervised(client=client, sees=1):
        home.world.drop(device_id)
        await until(lambda: not client.is_cut)
        await home.until_state(device_id, DeviceState.CONNECTED)
        assert troubles(home) == ["connect"]


async def test_a_subscriber_that_is_cancelled_from_inside_hears_the_next_event(home: Home) -> None:
    [device_id] = home.add_devices(1)
    heard: list[Event] = []

    async def hear(event: Event) -> None:
        heard.append(event)
        if len(heard) == 1:
            raise asyncio.CancelledError

    async with home.supervised() as supervisor:
        supervisor.subscribe(hear)
        home.world.drop(device_id)
        await until(lambda: sum(isinstance(one, StateChanged) for one in heard) > 1)
