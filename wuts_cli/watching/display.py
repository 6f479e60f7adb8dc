"""What shows a supervision: JSON lines for programs, and plain lines where nothing is redrawn."""

import asyncio
import json
from abc import ABC, abstractmethod
from typing import override

from wuts.supervisor import (
    AccountChanged,
    Alert,
    Event,
    EventsLost,
    OwnerChanged,
    Ownership,
    StateChanged,
    StoreTrouble,
    Supervisor,
    TaskTrouble,
)
from wuts.supervisor.store import StoreOtherAccountError
from wuts_cli.errors import OutputLostError
from wuts_cli.output import complain
from wuts_cli.store import ACCOUNT
from wuts_cli.text import rfc3339

from . import words
from .writer import Writer

MOST_OPEN_ALERTS = 20
"""Alerts of an earlier run that are repeated at the start."""


class Display(ABC):
    """Shows a supervisor's events until the command is stopped.

    Args:
        writer: Where to.
    """

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._loss: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def take(self, event: Event) -> None:
        """Take an event in; one that nobody could read is never taken, and so repeated later."""
        if isinstance(event, OwnerChanged) and event.role is Ownership.OTHER_ACCOUNT:
            self._end(StoreOtherAccountError(account=event.account))
            return
        try:
            await self.show(event)
        except OutputLostError as error:
            self._end(error)
            await asyncio.Future()

    async def run(self, supervisor: Supervisor) -> None:  # noqa: ARG002 - for those that look at it
        """Continue until nobody can read any more.

        Raises:
            OutputLostError: Nobody can.
            StoreOtherAccountError: The store holds another account than the token opens.
        """
        await self._loss

    def _end(self, error: Exception) -> None:
        if not self._loss.done():
            self._loss.set_exception(error)

    @abstractmethod
    async def show(self, event: Event) -> None:
        """Show what has happened."""

    def note(self, text: str) -> None:
        """Report what is no event: by default in one line on stderr."""
        complain(text)


class JsonDisplay(Display):
    """Writes each event as a line of JSON."""

    @override
    async def show(self, event: Event) -> None:
        await self._writer.write(json.dumps(_fields(event)) + "\n")


class LinesDisplay(Display):
    """Writes each event as a line for people, with the time of day."""

    @override
    async def run(self, supervisor: Supervisor) -> None:
        repeating = asyncio.create_task(self._repeat_alerts(supervisor))
        try:
            await super().run(supervisor)
        finally:
            repeating.cancel()

    async def _repeat_alerts(self, supervisor: Supervisor) -> None:
        await supervisor.until_owner(ACCOUNT)
        try:
            for alert in supervisor.open_alerts()[:MOST_OPEN_ALERTS]:
                await self._writer.write(f"{words.open_alert(alert)}\n")
        except OutputLostError as error:
            self._end(error)

    @override
    async def show(self, event: Event) -> None:
        await self._writer.write(words.stamped(event) + "\n")


def _fields(event: Event) -> dict[str, str | int | None]:  # noqa: PLR0911 - one for each kind of event
    match event:
        case StateChanged():
            return {
                "event": "state",
                "device_id": event.device_id,
                "name": event.device_name,
                "old": event.old,
                "new": event.new,
                "reason": event.reason,
                "attempt": event.attempt,
                "next_try": rfc3339(event.next_try),
                "at": rfc3339(event.at),
            }
        case Alert():
            return {
                "event": "alert",
                "kind": event.kind,
                "device_id": event.device_id,
                "name": event.device_name,
                "status": event.status,
                "id": event.id,
                "since": rfc3339(event.since),
                "at": rfc3339(event.at),
            }
        case AccountChanged():
            # Scripts know the account by this name.
            return {
                "event": "tenant",
                "old": event.old,
                "new": event.new,
                "reason": event.reason,
                "problem": event.problem,
                "at": rfc3339(event.at),
            }
        case StoreTrouble():
            return {"event": "store", "problem": event.problem, "at": rfc3339(event.at)}
        case OwnerChanged():
            return {"event": event.role, "at": rfc3339(event.at)}
        case TaskTrouble():
            return {
                "event": "task",
                "task": event.task,
                "problem": event.problem,
                "at": rfc3339(event.at),
            }
        case EventsLost():
            return {"event": "lost", "count": event.count}
