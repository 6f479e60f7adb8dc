from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest

from tests.wuts_cli.command import TOKEN, Wuts
from wuts_simulator import Device, Settings, Simulator

type Start = Callable[[Settings], Awaitable[Simulator]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Starts simulators that know the token, and stops them afterwards."""
    async with AsyncExitStack() as stack:

        async def run(settings: Settings) -> Simulator:
            known = replace(settings, tokens=(("home", TOKEN),))
            return await stack.enter_async_context(Simulator(known))

        yield run


@pytest.fixture
async def sim(start: Start) -> Simulator:
    return await start(Settings(connecting_for=0, qr_image=False))


@pytest.fixture
def wuts(sim: Simulator) -> Wuts:
    return Wuts(sim.url)


@pytest.fixture
def desk(sim: Simulator) -> Device:
    """A device that was never paired."""
    return sim.world.add_device("home", "Front desk")
