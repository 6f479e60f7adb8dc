"""The numbers of locks: written down here, since every version must know the same."""

import pytest

from wuts.supervisor.store.keys import (
    SHARDS,
    account_key,
    file_offset,
    member_key,
    shard_key,
    shard_of,
    unsigned,
)

NAMES = [f"account {number}" for number in range(60_000)]


@pytest.mark.parametrize(
    ("account", "shard", "key", "offset"),
    [
        ("home", 23, (1465202976, -84100064), 3157233309642985477),
        ("", 7, (1465193243, 197471775), 3346196566529597530),
        ("padaria São João", 24, (1465221585, 1355677497), 3126462196426036613),
    ],
)
def test_an_account_has_the_same_numbers_for_ever(
    account: str, shard: int, key: tuple[int, int], offset: int
) -> None:
    assert shard_of(account) == shard
    assert account_key("public", account) == key
    assert file_offset(account) == offset


def test_a_shard_has_the_same_numbers_for_ever() -> None:
    assert shard_key("public", 0) == (1465243503, 709201318)
    assert shard_key("public", 63) == (1465211729, -514772105)


def test_a_member_has_a_lock_of_its_own_that_tells_its_number() -> None:
    assert member_key("public", 0xF000_0001) == (1464691802, -268435455)
    assert member_key("other", 1) == (1464722839, 1)
    assert unsigned(member_key("public", 0xF000_0001)) == (1464691802, 0xF000_0001)


def test_the_numbers_are_what_postgresql_calls_integers_and_say_whose_they_are() -> None:
    for one, two in (account_key("public", name) for name in NAMES):
        assert one >> 16 == 0x5755
        assert -(2**31) <= two < 2**31


def test_no_two_of_many_accounts_share_a_lock() -> None:
    assert len({account_key("public", name) for name in NAMES}) == len(NAMES)
    assert len({file_offset(name) for name in NAMES}) == len(NAMES)


def test_a_schema_has_locks_of_its_own() -> None:
    assert account_key("public", "home") != account_key("other", "home")
    assert shard_key("public", 1) != shard_key("other", 1)


def test_shards_are_about_equally_large() -> None:
    counts = [0] * SHARDS
    for name in NAMES:
        counts[shard_of(name)] += 1
    mean = len(NAMES) / SHARDS
    assert all(0.8 * mean < count < 1.2 * mean for count in counts)
