"""Hears what a supervisor tells, and waits for it."""

import asyncio
from collections.abc import Callable

from wuts.supervisor import (
    Alert,
    AlertKind,
    AlertStatus,
    DeviceState,
    Event,
    StateChanged,
    StoreTrouble,
)


class Listener:
    def __init__(self) -> None:
        self.events: list[Event] = []
        self._more = asyncio.Event()

    async def __call__(self, event: Event) -> None:
        self.events.append(event)
        self._more.set()

    async def until(self, is_met: Callable[[], bool]) -> None:
        """Wait for an event that makes it so."""
        async with asyncio.timeout(100):
            while not is_met():
                self._more.clear()
                await self._more.wait()

    @property
    def troubles(self) -> list[str | None]:
        return [event.problem for event in self.events if isinstance(event, StoreTrouble)]

    def alerts(self, kind: AlertKind = AlertKind.NEEDS_PAIRING) -> list[tuple[str, AlertStatus]]:
        return [
            (event.device_id or "", event.status)
            for event in self.events
            if isinstance(event, Alert) and event.kind is kind
        ]

    def states(self, device_id: str) -> list[DeviceState]:
        return [
            event.new
            for event in self.events
            if isinstance(event, StateChanged) and event.device_id == device_id
        ]
