"""Which shards each member of a group should have, and what one of them changes at a look."""

from collections import Counter
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from wuts.supervisor.store.keys import SHARDS
from wuts.supervisor.store.shares import (
    MOST_RELEASES,
    PATIENCE,
    Members,
    Moves,
    Presence,
    moves,
    owners,
    portion,
)

NUMBERS = st.integers(0, 2**32 - 1)
GROUPS = st.frozensets(NUMBERS, min_size=1, max_size=80)


@given(GROUPS)
def test_each_shard_has_one_owner_and_shares_differ_by_one_at_most(group: frozenset[int]) -> None:
    wanted = owners(group)
    assert sorted(wanted) == list(range(SHARDS))
    shares = Counter(wanted.values())
    assert shares.keys() <= group
    assert max(shares.values()) - min(shares[member] for member in group) <= 1


@given(GROUPS, NUMBERS)
def test_whoever_joins_or_leaves_moves_few_shards(group: frozenset[int], number: int) -> None:
    smaller, larger = group - {number}, group | {number}
    if not smaller:
        return
    before, after = owners(smaller), owners(larger)
    moved = sum(before[shard] != after[shard] for shard in range(SHARDS))
    fair = SHARDS // len(larger)
    assert fair <= moved <= 2 * fair + 8


def test_the_shares_are_the_same_in_every_version_and_year() -> None:
    wanted = owners(frozenset({1, 2, 3}))
    assert "".join(str(wanted[shard]) for shard in range(SHARDS)) == (
        "3231333213313222322122311211321113121132221113223321313123233122"
    )


def test_nobody_owns_anything_while_nobody_is_there() -> None:
    assert owners(frozenset()) == {}


@pytest.mark.parametrize(
    ("limit", "members", "part"), [(100, 1, 100), (100, 3, 33), (2, 5, 1), (20, 0, 20)]
)
def test_a_limit_is_divided_and_one_is_always_left(limit: int, members: int, part: int) -> None:
    assert portion(limit, members) == part


def test_who_is_alone_takes_all_that_is_free() -> None:
    assert moves(Members(7, frozenset({7})), ()) == Moves(claim=frozenset(range(SHARDS)))


def test_what_another_holds_is_left_to_it() -> None:
    """Also to one that takes no part: it named its accounts."""
    group = frozenset({7, 8})
    mine = {shard for shard, owner in owners(group).items() if owner == 7}
    first, second, *others = sorted(mine)
    now = moves(Members(7, group, {first: 8, second: None}), ())
    assert now == Moves(claim=frozenset(others), blocked=frozenset({second}))


def test_few_are_given_to_a_newcomer_at_once() -> None:
    held = frozenset(range(SHARDS))
    now = moves(Members(7, frozenset({7, 8}), dict.fromkeys(held, 7)), held)
    assert len(now.release) == MOST_RELEASES
    assert now.claim == frozenset()


def test_a_member_that_is_missing_counts_for_some_looks_more() -> None:
    """Its session may only be replaced: the database restarts, and all return in any order."""
    presence = Presence()
    both, one = frozenset({1, 2}), frozenset({1})
    assert presence.look(both) == both
    assert [presence.look(one) for _ in range(PATIENCE)] == [both] * (PATIENCE - 1) + [one]
    assert presence.look(both) == both
    assert presence.look(one) == both
    assert presence.look(both) == both
    assert presence.look(one) == both


@dataclass
class Member:
    """One process, as far as its shards go."""

    presence: Presence = field(default_factory=Presence)
    held: frozenset[int] = frozenset()


class Group(RuleBasedStateMachine):
    """Members that come, go and look in any order, over locks that only one can hold."""

    def __init__(self) -> None:
        super().__init__()
        self.members: dict[int, Member] = {}

    @rule(number=st.integers(0, 9))
    def joins(self, number: int) -> None:
        self.members.setdefault(number, Member())

    @rule(number=st.integers(0, 9))
    def leaves_or_is_killed(self, number: int) -> None:
        self.members.pop(number, None)

    @rule(number=st.integers(0, 9))
    def looks(self, number: int) -> None:
        if number not in self.members:
            return
        member = self.members[number]
        there = member.presence.look(frozenset(self.members))
        holders = {shard: name for name, one in self.members.items() for shard in one.held}
        now = moves(Members(number, there, holders), member.held)
        member.held = (member.held - now.release) | now.claim

    @invariant()
    def no_shard_has_two_owners(self) -> None:
        held = [shard for one in self.members.values() for shard in one.held]
        assert len(held) == len(set(held))

    def teardown(self) -> None:
        """Once nobody comes or goes, all shards are shared out evenly within some looks."""
        for _ in range(PATIENCE + 2 * SHARDS // MOST_RELEASES):
            for number in list(self.members):
                self.looks(number)
        shares = [len(one.held) for one in self.members.values()]
        assert sum(shares) == (SHARDS if self.members else 0)
        assert max(shares, default=0) - min(shares, default=0) <= 1


TestAnyJoinsAndLeaves = Group.TestCase
