"""Which member of a group owns which shards, and what one of them changes at a look. No I/O.

All members compute the same from the list of members: rendezvous hashing (Thaler and Ravishankar,
1998), where no member takes more than its even share. So whoever joins or leaves moves few shards.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

from .keys import SHARDS

MOST_RELEASES = 8
"""Shards that a member gives to others at one look; those that nobody has it takes all at once."""

PATIENCE = 3
"""Looks in a row that must miss a member until the others take its shards."""


@dataclass(frozen=True, slots=True)
class Members:
    """Who shares out the accounts of a store, as its database sees it.

    Attributes:
        me: The number of this process.
        all: The numbers of all that are there, this one among them.
        holders: By shard that somebody holds, the number of that member; None for a process that
            takes no part in it.
    """

    me: int
    all: frozenset[int]
    holders: Mapping[int, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moves:
    """What a member changes now.

    Attributes:
        release: The shards to give back.
        claim: Those to take.
        blocked: Those that it would take if a process that takes no part did not hold them.
    """

    release: frozenset[int] = frozenset()
    claim: frozenset[int] = frozenset()
    blocked: frozenset[int] = frozenset()


class Presence:
    """Who counts as there: whoever was seen at one of the last `PATIENCE` looks.

    When the database restarts, all members return within a moment and in any order. Whoever is the
    first would take everything, and the others would lose it, if it believed that it is alone.
    """

    def __init__(self) -> None:
        self._missed: dict[int, int] = {}

    def look(
        self, seen: frozenset[int], *, left: Collection[int] = (), counts: bool = True
    ) -> frozenset[int]:
        """Take in who is seen now; return who counts.

        Args:
            seen: Their numbers.
            left: Who has said that it leaves: nobody waits for its return.
            counts: Whether this is one of the looks that come at their time.
        """
        stayed = ((number, count) for number, count in self._missed.items() if number not in left)
        missed = {number: count + counts for number, count in stayed}
        missed |= dict.fromkeys(seen, 0)
        self._missed = {number: count for number, count in missed.items() if count < PATIENCE}
        return frozenset(self._missed)


@lru_cache(maxsize=8)
def owners(members: frozenset[int]) -> Mapping[int, int]:
    """Return by shard which member should own it; shares differ by one shard at most.

    The pairs of a shard and a member come by falling weight, and each is taken that both have room
    for: a member that is full is full for good, so no shard is left over.
    """
    if not members:
        return {}
    least, larger = divmod(SHARDS, len(members))
    room = dict.fromkeys(members, least)
    owner: dict[int, int] = {}
    for shard, member in _by_weight(members):
        if shard in owner:
            continue
        if room[member] == 0 and larger > 0:
            room[member], larger = -1, larger - 1
        elif room[member] > 0:
            room[member] -= 1
        else:
            continue
        owner[shard] = member
    return owner


def moves(members: Members, held: Collection[int]) -> Moves:
    """Return what a member changes at a look.

    It gives a shard back only once its rightful owner is there, and takes what is its own and free.

    Args:
        members: Who is there.
        held: The shards that this member has.
    """
    wanted = owners(members.all)
    release = sorted(shard for shard in held if wanted[shard] != members.me)
    missing = {shard for shard, owner in wanted.items() if owner == members.me} - set(held)
    blocked = {shard for shard in missing if members.holders.get(shard, members.me) is None}
    return Moves(
        frozenset(release[:MOST_RELEASES]),
        frozenset(missing - members.holders.keys()),
        frozenset(blocked),
    )


def portion(limit: int, members: int) -> int:
    """Return a member's part of a limit that all of them share; at least one."""
    return max(1, limit // max(1, members))


def _by_weight(members: Iterable[int]) -> list[tuple[int, int]]:
    pairs = ((shard, member) for shard in range(SHARDS) for member in members)
    return sorted(pairs, key=lambda pair: _weight(*pair))


def _weight(shard: int, member: int) -> tuple[bytes, int]:
    """The member breaks a tie, so that the order never depends on who asks."""
    return sha256(f"share\0{shard}\0{member}".encode()).digest()[:8], member
