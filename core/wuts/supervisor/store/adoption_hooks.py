"""What the adoption of accounts asks of the supervisor."""

from collections.abc import Collection
from typing import Protocol

from ..events import OwnerChanged
from .base import Saved


class Hooks(Protocol):
    """What a supervisor does as accounts come and go."""

    def restore(self, saved: Saved) -> None:
        """Take in what an earlier process left."""

    async def read_orders(self) -> None:
        """Read what other processes ask, for accounts that are about to begin."""

    def begin(self, name: str) -> None:
        """Look after an account from now on, unless that has begun."""

    async def end(self, names: Collection[str]) -> None:
        """Stop looking after accounts, silently."""

    def tell(self, event: OwnerChanged) -> None:
        """Tell subscribers."""
