"""Receivers: none holds up another, and what one did not take is sent again."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from random import Random

import pytest

from tests.core.wuts.supervisor.home import until
from tests.core.wuts.supervisor.store.values import MOMENT, alert
from wuts.supervisor import AlertKind, News, Notification, Receiver
from wuts.supervisor.delivery import receivers as module
from wuts.supervisor.delivery.receivers import Receivers


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_WAIT", 0.001)
    monkeypatch.setattr(module, "LONGEST_WAIT", 0.002)


def notification(id_: str = "a", sequence: int = 1, receiver: str = "ana") -> Notification:
    return Notification(
        id=id_,
        sequence=sequence,
        news=News.RAISED,
        receiver=receiver,
        account="home",
        kind=AlertKind.NEEDS_PAIRING,
        alerts=(alert(),),
        at=MOMENT,
    )


class Somebody:
    """Takes notifications, fails or hangs."""

    def __init__(self) -> None:
        self.told: list[Notification] = []
        self.fails = self.hangs = False
        self.tries = 0

    async def __call__(self, one: Notification) -> None:
        self.tries += 1
        if self.hangs:
            await asyncio.Event().wait()
        if self.fails:
            raise OSError("https://secret.example")
        self.told.append(one)


@asynccontextmanager
async def telling(**receivers: Receiver) -> AsyncIterator[Receivers]:
    found = Receivers(receivers, Random(1))
    yield found
    found.end()
    await found.ended()


async def test_one_that_hangs_holds_up_nobody() -> None:
    ana, rui = Somebody(), Somebody()
    ana.hangs = True
    async with telling(ana=ana, rui=rui) as receivers:
        for receiver in ("ana", "rui"):
            one = notification(receiver=receiver)
            receivers.put(one, one)
        await until(lambda: len(rui.told) == 1)
        assert ana.told == []
        assert receivers.states()["ana"].waiting == 1


async def test_one_that_hangs_is_given_up_and_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "DELIVERY_TIMEOUT", 0.01)
    ana = Somebody()
    ana.hangs = True
    async with telling(ana=ana) as receivers:
        receivers.put(notification(), notification())
        await until(lambda: receivers.states()["ana"].failures > 1)
        assert receivers.states()["ana"].problem == "TimeoutError"
        ana.hangs = False
        await until(lambda: ana.told == [notification()])


async def test_one_that_fails_is_told_the_newest_when_it_works(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ana = Somebody()
    ana.fails = True
    delivered: list[Notification] = []
    failing: list[tuple[str, bool]] = []
    async with telling(ana=ana) as receivers:
        receivers.on_delivered = delivered.append
        receivers.on_failing = lambda name, is_failing: failing.append((name, is_failing))
        with caplog.at_level(logging.INFO, "wuts"):
            for sequence in (1, 2, 3):
                one = notification(sequence=sequence)
                receivers.put(one, one)
                tries = ana.tries
                await until(lambda tries=tries: ana.tries > tries + 1)  # type: ignore[misc]
            assert failing == [("ana", True)]
            ana.fails = False
            await receivers.finish()
    assert ana.told == delivered == [notification(sequence=3)]
    assert failing == [("ana", True), ("ana", False)]
    assert [one.message for one in caplog.records] == [
        "The receiver ana cannot be notified (OSError)",
        "The receiver ana can be notified again",
    ]
    assert "secret" not in caplog.text


async def test_one_that_chokes_on_a_notification_hears_the_others() -> None:
    told: list[str] = []

    async def choke(one: Notification) -> None:
        if one.id == "a":
            raise ValueError
        told.append(one.id)

    async with telling(ana=choke) as receivers:
        for id_ in ("a", "b", "c"):
            one = notification(id_)
            receivers.put(one, one)
        await until(lambda: told == ["b", "c"])


async def test_what_may_not_be_told_waits() -> None:
    ana = Somebody()
    async with telling(ana=ana) as receivers:
        receivers.may_tell = lambda _: False
        receivers.put(notification(), notification())
        for _ in range(5):
            await asyncio.sleep(0)
            receivers.retry()
        assert ana.tries == 0
        receivers.may_tell = lambda _: True
        receivers.retry()
        await receivers.finish()
        assert len(ana.told) == 1


async def test_what_is_another_process_s_now_is_dropped() -> None:
    ana = Somebody()
    async with telling(ana=ana) as receivers:
        receivers.may_tell = lambda _: False
        office = replace(notification("b"), account="office")
        for one in (notification(), office):
            receivers.put(one, one)
        await asyncio.sleep(0)
        receivers.drop({"home"})
        receivers.may_tell = lambda _: True
        receivers.retry()
        await receivers.finish()
        assert ana.told == [office]


async def test_times_are_told_by_the_wall_clock_and_counted_by_the_other() -> None:
    ana, delivered = Somebody(), list[Notification]()
    async with telling(ana=ana) as receivers:
        receivers.on_delivered = delivered.append
        shown = replace(notification(), at=MOMENT.replace(year=2030))
        receivers.put(notification(), shown)
        await receivers.finish()
    assert (ana.told, delivered) == ([shown], [notification()])


async def test_that_one_was_taken_is_saved_before_the_next_is_told() -> None:
    """So a kill leaves at most one that is sent again."""
    ana, saves = Somebody(), 0
    is_saved = asyncio.Event()

    async def settle() -> None:
        nonlocal saves
        saves += 1
        await is_saved.wait()

    async with telling(ana=ana) as receivers:
        receivers.settle = settle
        for id_ in ("a", "b", "c"):
            receivers.put(notification(id_), notification(id_))
        await until(lambda: saves == 1)
        await asyncio.sleep(0)
        assert [one.id for one in ana.told] == ["a"]
        is_saved.set()
        await until(lambda: saves == 3)
        assert [one.id for one in ana.told] == ["a", "b", "c"]


async def test_one_whose_work_is_cancelled_by_somebody_else_is_told_again() -> None:
    ana = Somebody()

    async def cancelled_once(one: Notification) -> None:
        if not ana.tries:
            ana.tries += 1
            raise asyncio.CancelledError
        await ana(one)

    async with telling(ana=cancelled_once) as receivers:
        receivers.put(notification(), notification())
        await until(lambda: ana.told == [notification()])
