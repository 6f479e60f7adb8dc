import asyncio
from collections.abc import AsyncIterator

import pytest


@pytest.fixture(autouse=True)
async def no_task_is_left_behind() -> AsyncIterator[None]:
    """Whatever a pairing goes through, its tasks end with it."""
    yield
    left = [task for task in asyncio.all_tasks() if task.get_name().startswith("pairing")]
    assert left == []
