"""What a check found."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the check, or a few.

    Attributes:
        what: What was looked at.
        seen: What was seen there; no secrets.
        fix: What to do about it, or empty when nothing must be done.
        note: Whether somebody should know, although nothing must be done.
        details: More about it, a line each.
    """

    what: str
    seen: str
    fix: str = ""
    note: bool = False
    details: Sequence[str] = ()

    @property
    def is_ok(self) -> bool:
        """Return whether there is nothing that must be done."""
        return not self.fix

    def __str__(self) -> str:
        """Return the lines."""
        mark = "FIX " if self.fix else "note" if self.note else "ok  "
        seen = f"{self.seen}. {self.fix}" if self.fix else self.seen
        return "\n".join([f"{mark}  {self.what}: {seen}", *self.details])
