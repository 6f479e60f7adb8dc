"""Supervision in a pipe or on a terminal that only prints: one line an event."""

from typing import override

from wuts.supervisor import Event, Supervisor

from .json_lines import json_line
from .view import View
from .words import moment_of, open_alert, sentence

MOST_OPEN_ALERTS = 20
"""Alerts of an earlier run that are repeated at the start."""


class JsonView(View):
    """Writes each event as a line of JSON."""

    @override
    async def show(self, event: Event) -> None:
        await self._writer.write(json_line(event) + "\n")


class LinesView(View):
    """Writes each event as a line for people, with the time of day."""

    @override
    async def run(self, supervisor: Supervisor) -> None:
        for alert in supervisor.open_alerts()[:MOST_OPEN_ALERTS]:
            await self._writer.write(f"{open_alert(alert)}\n")
        await super().run(supervisor)

    @override
    async def show(self, event: Event) -> None:
        await self._writer.write(stamped(event) + "\n")


def stamped(event: Event) -> str:
    """Return an event in words, behind its time of day in this machine's zone."""
    moment = moment_of(event)
    time = f"{moment.astimezone():%H:%M:%S}" if moment else " " * 8
    return f"{time} {sentence(event)}"
