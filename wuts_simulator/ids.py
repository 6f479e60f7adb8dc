"""Draws the ids that the gateway gives."""

from random import Random, SystemRandom
from uuid import UUID


def make_random(seed: int | None) -> Random:
    """Return the source of all that is random: the system's, or a predictable one."""
    return SystemRandom() if seed is None else Random(seed)  # noqa: S311 - a seed is for tests


def make_uuid(random: Random) -> str:
    """Return a UUID v4."""
    return str(UUID(int=random.getrandbits(128), version=4))


def make_message_id(random: Random) -> str:
    """Return an id of the shape of WhatsApp's own."""
    return "3EB0" + random.randbytes(10).hex().upper()
