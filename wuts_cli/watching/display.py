"""What shows a supervision: JSON lines for programs, and plain lines where nothing is redrawn."""

import asyncio
import json
from abc import ABC, abstractmethod
from collections.abc import Collection
from typing import override

from wuts.supervisor import (
    AccountChanged,
    Alert,
    AlertUpdate,
    AlertUpdated,
    Event,
    EventsLost,
    OwnerChanged,
    Ownership,
    StateChanged,
    StoreTrouble,
    Supervisor,
    TaskTrouble,
    next_step,
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
        accounts: The accounts whose open alerts are repeated at the start.
        names_accounts: Whether there may be several, so that each event names its own.
    """

    def __init__(
        self,
        writer: Writer,
        accounts: Collection[str] = (ACCOUNT,),
        *,
        names_accounts: bool = False,
    ) -> None:
        self._writer = writer
        self._accounts = accounts
        self._names_accounts = names_accounts
        self._loss: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def take(self, event: Event) -> None:
        """Take an event in; one that nobody could read is never taken, and so repeated later."""
        if self._is_over(event):
            return
        try:
            await self.show(event)
        except OutputLostError as error:
            self._end(error)
            await asyncio.Future()

    async def run(self, supervisor: Supervisor) -> None:  # noqa: ARG002 - for those that look at it
        """Continue until nobody can read it.

        Raises:
            OutputLostError: Nobody can.
            StoreOtherAccountError: The store holds another account than the token opens.
        """
        await self._loss

    def _is_over(self, event: Event) -> bool:
        """End where the only account is another than the store holds."""
        if self._names_accounts or not isinstance(event, OwnerChanged):
            return False
        if event.role is not Ownership.OTHER_ACCOUNT:
            return False
        self._end(StoreOtherAccountError(account=event.account))
        return True

    def _end(self, error: Exception) -> None:
        if not self._loss.done():
            self._loss.set_exception(error)

    @abstractmethod
    async def show(self, event: Event) -> None:
        """Show what has happened."""

    def note(self, text: str) -> None:
        """Report anything but an event: by default in one line on stderr."""
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
        repeating = asyncio.create_task(self._repeat_alerts(supervisor))
        try:
            await super().run(supervisor)
        finally:
            repeating.cancel()

    async def _repeat_alerts(self, supervisor: Supervisor) -> None:
        left = MOST_OPEN_ALERTS
        for name in self._accounts:
            await supervisor.until_owner(name)
            alerts = [one for one in supervisor.open_alerts() if one.account == name][:left]
            left -= len(alerts)
            try:
                for alert in alerts:
                    account = name if self._names_accounts else None
                    await self._writer.write(f"{words.open_alert(alert, account)}\n")
            except OutputLostError as error:
                self._end(error)

    @override
    async def show(self, event: Event) -> None:
        account = account_of(event) if self._names_accounts else None
        await self._writer.write(words.stamped(event, account) + "\n")


def account_of(event: Event) -> str | None:
    """Return the name of the account that an event is about, if it is about one."""
    return getattr(event, "account", None)


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
                "cause": event.cause,
                "next_step": next_step(event),
            }
        case AlertUpdated(alert=alert):
            return {
                "event": "alert_updated",
                "update": event.update,
                "kind": alert.kind,
                "device_id": alert.device_id,
                "id": alert.id,
                "by": event.by,
                "note": alert.note if event.update is AlertUpdate.ACKNOWLEDGED else None,
                "cause": alert.cause,
                "next_step": next_step(alert),
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
