"""The soak as a person calls it; its sieges are tested in tests/core/wuts/supervisor."""

import subprocess
import sys
from collections import Counter

import pytest

from scripts.lib.soak import Tally
from tests.core.wuts.supervisor.siege import Outcome
from wuts_simulator import Mischief


def outcome(healed_in: float) -> Outcome:
    return Outcome(healed_in, 100, Counter())


def test_it_tells_its_first_seed_and_what_came_of_it() -> None:
    command = [sys.executable, "-m", "scripts.lib.soak", "--hours", "0.0001", "--seed", "4"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=500, check=False)
    assert ended.returncode == 0, ended.stderr
    first, tally, struck, *_ = ended.stdout.splitlines()
    assert first.endswith("--seed 4")
    assert tally.startswith("4 sieges, 0 failed, ")
    assert struck.startswith("struck: ")


def test_it_kills_as_often_as_a_person_says_and_tells_what_came_of_it() -> None:
    command = [sys.executable, "-m", "scripts.lib.soak", "--kills", "3", "--seed", "4"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=500, check=False)
    assert ended.returncode == 0, ended.stderr
    first, outcome = ended.stdout.splitlines()
    assert first.endswith("scripts/soak --kills 3 --seed 4")
    assert ": 0 lost, " in outcome


def test_a_failed_seed_is_kept() -> None:
    tally = Tally()
    tally.add(7, outcome(0.5))
    tally.add(8, None)
    tally.add(9, outcome(1.5))
    assert (tally.sieges, tally.failed, tally.slowest) == (3, [8], (1.5, 9))
    assert "seed 9" in str(tally)
    assert not tally.struck[Mischief.HANG]


@pytest.mark.parametrize(("used", "has_grown"), [(100.0, False), (119.0, False), (121.0, True)])
def test_memory_may_grow_by_a_fifth_once_warm(used: float, has_grown: bool) -> None:
    assert not Tally(used=used).has_grown
    assert Tally(warm=100.0, used=used).has_grown is has_grown
