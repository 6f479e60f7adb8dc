"""What a check found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the check.

    Attributes:
        what: What was looked at.
        seen: What was seen there; no secrets.
        fix: What to do about it, or empty when nothing is wrong.
    """

    what: str
    seen: str
    fix: str = ""

    @property
    def is_ok(self) -> bool:
        """Tell whether there is nothing to do."""
        return not self.fix

    def __str__(self) -> str:
        """Return the line."""
        if self.is_ok:
            return f"ok    {self.what}: {self.seen}"
        return f"FIX   {self.what}: {self.seen}. {self.fix}"
