"""What is watched."""

from collections.abc import Callable
from dataclasses import dataclass

ACCOUNT = "account"
"""What the supervisor calls the one account that the environment's token stands for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is watched, in words.

    Attributes:
        gateway: The gateway's address.
        note: What a person should know of how it is watched, or an empty text.
        clock: The supervisor's.
    """

    gateway: str
    note: str
    clock: Callable[[], float]
