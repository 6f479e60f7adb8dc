"""What runs in the background does not die unseen."""

import asyncio

import pytest

from wuts.operations.background import Background


async def test_what_fails_runs_again_is_logged_once_a_kind_and_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    background, failures = Background(0.001), list[str]()
    background.on_failure = failures.append
    troubles = [ValueError("one"), ValueError("two"), KeyError("three")]
    done = asyncio.Event()

    async def work() -> None:
        if troubles:
            raise troubles.pop(0)
        done.set()

    background.start("homes", work)
    await done.wait()
    await background.close()
    assert failures == ["homes"] * 3
    assert caplog.text.count("The task homes failed\n") == 2


async def test_what_awaits_something_that_is_cancelled_runs_again() -> None:
    background = Background(0.001)
    done, inner = asyncio.Event(), asyncio.get_running_loop().create_future()
    inner.cancel()
    waits = [inner]

    async def work() -> None:
        if waits:
            await waits.pop()
        done.set()

    background.start("homes", work)
    await done.wait()
    await background.close()


async def test_one_of_a_name_runs_at_a_time_and_what_cannot_be_repeated_is_not() -> None:
    background, begun, may_end = Background(0.001), list[str](), asyncio.Event()

    async def work() -> None:
        begun.append("work")
        await may_end.wait()

    async def broken() -> None:
        begun.append("broken")
        raise ValueError

    background.start("homes", work)
    background.start("homes", work)
    await asyncio.wait([background.once("pairing", broken)])
    assert sorted(begun) == ["broken", "work"]
    may_end.set()
    await background.close()
