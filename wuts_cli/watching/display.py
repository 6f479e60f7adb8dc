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
    StateChanged,
    StoreTrouble,
    Supervisor,
    TaskTrouble,
)
from wuts_cli.errors import OutputLostError
from wuts_cli.output import complain
from wuts_cli.text import rfc3339

from . import words
from .writer import Writer

MOST_OPEN_ALERTS = 20
"""Alerts of an earlier run that are repeated at the start."""


class Display(ABC):
    """Shows a supervisor's events until the command is stopped.

    Args:
        writer: Where to.
        names_accounts: Whether to say which account an event is about.
    """

    def __init__(self, writer: Writer, *, names_accounts: bool = False) -> None:
        self._writer = writer
        self._names_accounts = names_accounts
        self._loss: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def take(self, event: Event) -> None:
        """Take an event in; one that nobody could read is never taken, and so repeated later."""
        try:
            await self.show(event)
        except OutputLostError as error:
            if not self._loss.done():
                self._loss.set_exception(error)
            await asyncio.Future()

    async def run(self, supervisor: Supervisor) -> None:  # noqa: ARG002 - for those that look at it
        """Continue until nobody can read any more.

        Raises:
            OutputLostError: Nobody can.
        """
        await self._loss

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
        fields = _fields(event)
        if self._names_accounts and (account := account_of(event)) is not None:
            fields["account"] = account
        await self._writer.write(json.dumps(fields) + "\n")


class LinesDisplay(Display):
    """Writes each event as a line for people, with the time of day."""

    @override
    async def run(self, supervisor: Supervisor) -> None:
        for alert in supervisor.open_alerts()[:MOST_OPEN_ALERTS]:
            account = alert.account if self._names_accounts else None
            await self._writer.write(f"{words.open_alert(alert, account)}\n")
        await super().run(supervisor)

    @override
    async def show(self, event: Event) -> None:
        account = account_of(event) if self._names_accounts else None
        await self._writer.write(words.stamped(event, account) + "\n")


def account_of(event: Event) -> str | None:
    """Return the name of the account that an event is about, if it is about one."""
    return getattr(event, "account", None)


def _fields(event: Event) -> dict[str, str | int | None]:
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
        case TaskTrouble():
            return {
                "event": "task",
                "task": event.task,
                "problem": event.problem,
                "at": rfc3339(event.at),
            }
        case EventsLost():
            return {"event": "lost", "count": event.count}
