"""What a frontend may keep beside the supervisor's facts and alerts."""

from collections.abc import Mapping
from typing import Protocol


class Notebook(Protocol):
    """Keeps short texts that must survive a restart, by topic and name.

    A topic belongs to one frontend, which alone knows what its texts say; none may hold a secret.
    Every method may raise a `StoreError`, and may be called again after one.
    """

    async def notes(self, topic: str) -> Mapping[str, str]:
        """Return all texts of a topic by their names."""

    async def note(self, topic: str, name: str, text: str) -> None:
        """Keep a text, in place of an earlier one of that name."""

    async def erase(self, topic: str, name: str) -> None:
        """Keep a text no longer; one that is not there is no error."""
