"""Whatever a gateway does, once it behaves all is well soon. For more seeds see scripts/soak."""

import asyncio

import pytest

from tests.core.wuts.supervisor.siege import besiege, nothing_left_behind

AT_ONCE = 4


@pytest.mark.parametrize("first", range(0, 80, AT_ONCE))
async def test_whatever_a_gateway_does_all_is_well_once_it_behaves(first: int) -> None:
    async with nothing_left_behind(), asyncio.TaskGroup() as group:
        for seed in range(first, first + AT_ONCE):
            group.create_task(besiege(seed))
