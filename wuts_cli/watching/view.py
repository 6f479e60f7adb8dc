"""What all views of a supervision have in common."""

import asyncio
from abc import ABC, abstractmethod

from wuts.supervisor import Event, Supervisor
from wuts_cli.errors import OutputLostError
from wuts_cli.output import complain

from .writer import Writer


class View(ABC):
    """Shows a supervisor's events until the command is stopped.

    Args:
        writer: Where to.
    """

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._loss: OutputLostError | None = None
        self._is_lost = asyncio.Event()

    async def take(self, event: Event) -> None:
        """Take an event in; one that nobody could read is never taken, and so told anew later."""
        try:
            await self.show(event)
        except OutputLostError as error:
            self._loss = error
            self._is_lost.set()
            await asyncio.Future()

    async def run(self, supervisor: Supervisor) -> None:  # noqa: ARG002 - for those that look at it
        """Go on until nobody can read any more.

        Raises:
            OutputLostError: That.
        """
        await self._is_lost.wait()
        if self._loss is not None:
            raise self._loss

    @abstractmethod
    async def show(self, event: Event) -> None:
        """Show what has happened."""

    def note(self, text: str) -> None:
        """Tell what is no event: by default in one line on stderr."""
        complain(text)
