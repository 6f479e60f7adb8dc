"""What all views of a pairing have in common."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from wuts.pairing import CodeReady, QrReady, Scanned, Waiting

type Showable = QrReady | CodeReady | Scanned | Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is being paired, in words.

    Attributes:
        name: The device's name.
        typed: How the person named the device, to be repeated in hints.
        note: A line for whoever holds the phone, or an empty one.
        qr_file: Where each QR is written as a PNG, or None.
        by_code: Whether a code is typed, and no QR scanned.
    """

    name: str
    typed: str
    note: str
    qr_file: Path | None
    by_code: bool


class View(ABC):
    """Shows a pairing's events, up to its outcome.

    Attributes:
        redraw_every: Seconds after which it wants to be redrawn, or None for never.
    """

    redraw_every: float | None = None

    def __enter__(self) -> Self:
        """Begin to show."""
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Leave the terminal as it was."""
        return

    @abstractmethod
    def show(self, event: Showable) -> None:
        """Show what has happened."""

    def redraw(self) -> None:
        """Show that time has passed."""
        return
