"""Which locks stand for which account: the same numbers in every process, version and year."""

from hashlib import sha256

SHARDS = 64
"""How many shards there are; processes that share accounts out own whole shards."""

_NAMESPACE = int.from_bytes(b"WU")
"""The upper half of the first number of every lock of ours, to be seen in ``pg_locks``."""

_MEMBERS = int.from_bytes(b"WM")
"""The same for those who share accounts out: their locks say that they are there."""

_OFFSETS = 1 << 62
"""How many places a lock file has; a system's offsets are signed numbers of 64 bits."""


def shard_of(account: str) -> int:
    """Return the number of an account's shard, from 0."""
    return _hash("shard of", account) % SHARDS


def account_key(schema: str, account: str) -> tuple[int, int]:
    """Return the two numbers of the PostgreSQL lock of an account in a schema."""
    return _key("account", schema, account)


def shard_key(schema: str, shard: int) -> tuple[int, int]:
    """Return the two numbers of the PostgreSQL lock of a shard in a schema."""
    return _key("shard", schema, str(shard))


def pairing_key(schema: str, name: str) -> tuple[int, int]:
    """Return the two numbers of the PostgreSQL lock of a device that is being paired."""
    return _key("pairing", schema, name)


def member_key(schema: str, number: int) -> tuple[int, int]:
    """Return the two numbers of the PostgreSQL lock of a process that shares accounts out.

    Args:
        schema: Whose accounts.
        number: 32 bits that stand for the process; they are the second number.
    """
    return _MEMBERS << 16 | _hash("members", schema) & 0xFFFF, _signed(number)


def unsigned(key: tuple[int, int]) -> tuple[int, int]:
    """Return a lock's numbers as ``pg_locks`` shows them."""
    one, two = key
    return one, two & 0xFFFF_FFFF


def file_offset(account: str) -> int:
    """Return the byte of a lock file that stands for an account."""
    return _hash("account", account) % _OFFSETS


def _key(*parts: str) -> tuple[int, int]:
    """48 bits of a hash: 60,000 accounts have no two alike but once in 100,000 times."""
    hashed = _hash(*parts)
    return _NAMESPACE << 16 | hashed >> 32 & 0xFFFF, _signed(hashed & 0xFFFF_FFFF)


def _signed(number: int) -> int:
    """PostgreSQL's ``integer`` has a sign."""
    return number - (1 << 32) if number >= 1 << 31 else number


def _hash(*parts: str) -> int:
    text = "\0".join(parts).encode(errors="surrogatepass")
    return int.from_bytes(sha256(text).digest()[:8])
