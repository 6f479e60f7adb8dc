"""A process with routes is killed at random moments: nothing is lost, nothing told as another.

scripts/soak --kills takes longer.
"""

import os

import pytest

from tests.core.wuts.supervisor.store.kill_course import live_through
from wuts_simulator import Simulator

KILLS = int(os.environ.get("WUTS_KILLS", "25"))
"""How often it is killed on each kind of store; a night may try more."""


@pytest.mark.slow
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("seed", [1])
async def test_no_notification_is_lost_or_told_as_another_over_kills(
    address: str, sim: Simulator, seed: int
) -> None:
    outcome = await live_through(address, sim, seed, KILLS)
    assert outcome.kills > KILLS
    assert outcome.told > 0
