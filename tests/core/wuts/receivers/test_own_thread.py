"""One thread for each receiver: who hangs in it holds up nobody, and nothing is done twice."""

import asyncio
import logging
import threading
from collections.abc import Callable

import pytest

from tests.core.wuts.supervisor.home import until
from wuts.receivers.own_thread import OwnThread


class Slow:
    """Something that hangs until it is released."""

    def __init__(self, error: Exception | None = None) -> None:
        self.begun = 0
        self.released = threading.Event()
        self._error = error

    def __call__(self) -> None:
        self.begun += 1
        assert self.released.wait(60)
        if self._error is not None:
            raise self._error

    def prepare(self) -> Callable[[], None]:
        return self


async def given_up(thread: OwnThread, key: str, slow: Slow) -> None:
    """Begin something, and be cancelled while it hangs."""
    running = asyncio.create_task(thread.run(key, slow.prepare))
    await until(lambda: slow.begun == 1)
    running.cancel()
    await asyncio.wait([running])
    assert running.cancelled()


async def test_what_hangs_takes_none_of_the_loop_s_threads() -> None:
    hanging = [Slow() for _ in range(100)]
    tasks = [asyncio.create_task(OwnThread().run(None, one.prepare)) for one in hanging]
    await until(lambda: all(one.begun for one in hanging))
    assert await asyncio.to_thread(lambda: "free") == "free"
    for one in hanging:
        one.released.set()
    assert await asyncio.gather(*tasks) == [None] * 100


async def test_an_error_is_handed_on() -> None:
    slow = Slow(error := ValueError("no"))
    slow.released.set()
    assert await OwnThread().run("a", slow.prepare) is error


async def test_what_was_given_up_is_not_done_twice() -> None:
    thread, slow = OwnThread(), Slow()
    await given_up(thread, "a", slow)
    again = asyncio.create_task(thread.run("a", slow.prepare))
    await asyncio.sleep(0)
    slow.released.set()
    assert await again is None
    assert slow.begun == 1


async def test_what_was_given_up_and_failed_is_done_again() -> None:
    thread, slow, second = OwnThread(), Slow(OSError()), Slow()
    await given_up(thread, "a", slow)
    slow.released.set()
    second.released.set()
    assert await thread.run("a", second.prepare) is None
    assert second.begun == 1


async def test_something_else_waits_for_its_turn_and_is_made_then() -> None:
    thread, slow, second = OwnThread(), Slow(), Slow()
    second.released.set()
    await given_up(thread, "a", slow)
    made: list[str] = []

    def prepare() -> Callable[[], None]:
        made.append("made")
        return second

    waiting = asyncio.create_task(thread.run("b", prepare))
    for _ in range(10):
        await asyncio.sleep(0)
    assert (made, second.begun) == ([], 0)
    slow.released.set()
    assert await waiting is None
    assert (made, second.begun) == (["made"], 1)


def test_a_process_ends_while_something_hangs() -> None:
    slow = Slow()

    async def main() -> None:
        await given_up(OwnThread(), "a", slow)

    asyncio.run(main())
    # The loop is closed; what ends after that has nobody to tell, and says so to nobody.
    slow.released.set()
    for one in threading.enumerate():
        if one.name == "wuts receiver":
            one.join(60)


async def test_others_may_log_what_a_receiver_may_not(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logger = logging.getLogger("httpx")
    assert await OwnThread().run("a", lambda: lambda: logger.info("s3cret")) is None
    logger.info("mine")
    assert [one.message for one in caplog.records] == ["mine"]
