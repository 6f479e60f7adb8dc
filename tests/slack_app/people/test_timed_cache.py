"""What is remembered is so for a while, and for no more keys than fit."""

import asyncio

import pytest

from slack_app.people.timed_cache import TimedCache


class Source:
    """Looks a key up: each time another value."""

    def __init__(self) -> None:
        self.now = 0.0
        self.loads: list[str] = []
        self.began = asyncio.Event()
        self.hold: asyncio.Event | None = None
        self.fails = False

    async def load(self, key: str) -> str:
        self.loads.append(key)
        self.began.set()
        value = f"{key}{len(self.loads)}"
        if self.hold is not None:
            await self.hold.wait()
        if self.fails:
            raise ValueError(key)
        return value

    def cache(self, limit: int = 10) -> TimedCache[str]:
        return TimedCache(self.load, 60.0, limit, clock=lambda: self.now)


async def test_a_value_is_good_until_its_time_is_over() -> None:
    source = Source()
    cache = source.cache()
    assert cache.known("a") is None
    assert await cache.get("a") == "a1"
    source.now = 59.9
    assert (cache.known("a"), await cache.get("a")) == ("a1", "a1")
    source.now = 60.0
    assert cache.known("a") is None
    assert await cache.get("a") == "a2"


async def test_many_who_ask_at_once_are_one_look_up() -> None:
    source = Source()
    cache = source.cache()
    source.hold = asyncio.Event()
    asked = [asyncio.create_task(cache.get("a")) for _ in range(5)]
    await source.began.wait()
    source.hold.set()
    assert set(await asyncio.gather(*asked)) == {"a1"}


async def test_who_wants_a_fresh_value_gets_one_whose_look_up_began_later() -> None:
    source = Source()
    cache = source.cache()
    assert await cache.get("a") == "a1"
    source.now = 1.0
    assert await cache.get("a", fresh=True) == "a2"
    assert await cache.get("a") == "a2"


async def test_a_look_up_that_was_under_way_is_not_fresh() -> None:
    source = Source()
    cache = source.cache()
    source.hold = asyncio.Event()
    first = asyncio.create_task(cache.get("a"))
    await source.began.wait()
    source.now = 1.0
    second = asyncio.create_task(cache.get("a", fresh=True))
    await asyncio.sleep(0)
    source.hold.set()
    assert (await first, await second) == ("a1", "a2")


async def test_what_fails_is_not_remembered_and_takes_the_old_value_with_it() -> None:
    source = Source()
    cache = source.cache()
    assert await cache.get("a") == "a1"
    source.now, source.fails = 60.0, True
    with pytest.raises(ValueError, match="a"):
        await cache.get("a")
    source.now = 1.0
    assert cache.known("a") is None
    source.fails = False
    assert await cache.get("a") == "a3"


async def test_the_oldest_goes_first() -> None:
    source = Source()
    cache = source.cache(limit=2)
    for key in "abc":
        await cache.get(key)
    assert cache.known("a") is None
    assert (cache.known("b"), cache.known("c")) == ("b2", "c3")
