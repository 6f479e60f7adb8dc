"""The I/O around the state machine: makes its calls, keeps its time, hands out its events."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import Self

from ..client import WutsClient
from ..clock import Clock, steady_time
from ..errors import WutsError
from ..inputs import check_device_id
from ..phone import normalize_phone_number
from .events import FailureReason, PairingEvent
from .machine import advance, start
from .registry import PAIRINGS, PairingRegistry
from .state import Call, CallFailed, Ending, Hint, Input, PairingSettings, Phase, Step, Tick
from .view import PairingView

LONGEST_WAIT = 1.0
"""Seconds until the clock is looked at again, at most: timers do not run while a machine sleeps."""

_REFUSED_EVENT = "connection.pair_error"
"""The event of a phone that WhatsApp refused to link (WUTS reference, Webhook events)."""


class PairingSession:
    """One try to link a phone to a device: an async context manager and iterator of events.

    ::

        async with PairingSession(client, device_id, owner="Home Assistant") as session:
            async for view in session.views():
                draw(view)

    Iterate over `views` to draw the pairing, or over the session itself for its bare events; not
    over both, since each takes what the other would miss. Both end after the outcome: `Paired`,
    `WrongAccount`, `Unchecked` or `Failed`. Leaving the context early cancels the pairing: no task,
    no timer and no open request is left behind. A consumer may be cancelled while it waits and come
    back: it misses nothing.

    Args:
        client: Makes the calls; it is not closed.
        device_id: The device to pair.
        owner: Who pairs, for people; whoever tries the same device next is shown it.
        settings: Method and times; see `PairingSettings`.
        registry: Who else is pairing; one for the whole process unless given. Give one that shares
            claims to keep other processes out as well.
        clock: Seconds by a steady clock, which also keeps the time of the views. The usual one
            counts the time that the machine slept: what was shown before has expired then.

    Raises:
        InvalidInputError: The device's id is not one.
        InvalidPhoneNumberError: ``settings`` holds an unusable phone number.
    """

    def __init__(  # noqa: PLR0913 - all but two are named by the caller
        self,
        client: WutsClient,
        device_id: str,
        *,
        owner: str,
        settings: PairingSettings | None = None,
        registry: PairingRegistry = PAIRINGS,
        clock: Clock = steady_time,
    ) -> None:
        self._client = client
        self._device_id = check_device_id(device_id)
        self._owner = owner
        self._settings = _with_plain_numbers(settings or PairingSettings())
        self._registry = registry
        self._clock = clock
        self._claim = AsyncExitStack()
        self._events: asyncio.Queue[tuple[PairingEvent, float] | None] = asyncio.Queue()
        self._inbox: asyncio.Queue[Input] = asyncio.Queue()
        self._calls: set[asyncio.Task[None]] = set()
        self._runner: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Start the pairing.

        Raises:
            PairingInProgressError: Somebody else is pairing this device.
            WutsError: Nobody knows whether another process is.
        """
        claim = self._registry.hold(
            self._client.base_url, self._device_id, self._owner, session=self
        )
        lost = await self._claim.enter_async_context(claim)
        watch = asyncio.create_task(self._end_when(lost), name="pairing claim")
        self._claim.push_async_callback(_cancel, watch)
        self._runner = asyncio.create_task(self._run(), name="pairing")
        return self

    async def __aexit__(self, _kind: object, exc: BaseException | None, _place: object) -> None:
        """End the pairing, wherever it is."""
        async with self._claim:
            if self._runner is None:
                return
            self._runner.cancel()
            await asyncio.wait([self._runner])
            if exc is None and not self._runner.cancelled():
                self._runner.result()

    def __aiter__(self) -> Self:
        """Return the session itself."""
        return self

    async def __anext__(self) -> PairingEvent:
        """Return the next event; ends after the outcome."""
        event, _ = await self._next()
        return event

    def views(self) -> AsyncIterator[PairingView]:
        """Return what to draw, from the start to the outcome: one view after another.

        The first is there at once. The next comes with each event, and when a QR or code expires.
        """
        return _Views(self._next, PairingView(owner=self._owner, now=self._clock()), self._clock)

    def hint(self, event: str) -> None:
        """Look at the device at once, because a webhook said something about it.

        Nothing that a delivery says is believed, so its ``data`` is not needed. A
        ``connection.pair_error`` ends the pairing in ``pair_error`` only if the next look shows no
        link.

        Args:
            event: The delivery's event, such as ``pair.success``; any text.
        """
        self._inbox.put_nowait(Hint(is_refusal=event == _REFUSED_EVENT))

    def end(self, reason: FailureReason) -> None:
        """End the pairing with this reason; nothing happens if it has ended.

        Use it when what the pairing relies on is gone: the account was removed, or its token was
        replaced.
        """
        self._inbox.put_nowait(Ending(reason))

    async def _end_when(self, lost: asyncio.Event) -> None:
        await lost.wait()
        self.end(FailureReason.PAIRING_IN_PROGRESS)

    async def _next(self) -> tuple[PairingEvent, float]:
        """Return the next event, and when it happened."""
        event = await self._events.get()
        if event is not None:
            return event
        self._events.put_nowait(None)  # for whoever asks again
        if self._runner is not None:
            await self._runner
        raise StopAsyncIteration

    async def _run(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                step = start(self._settings, self._clock(), datetime.now(UTC))
                self._carry_out(step, group)
                while step.state.phase is not Phase.ENDED:
                    answer = await self._next_input(step.state.wake_at())
                    now = self._clock()
                    step = advance(step.state.told_the_time(now, datetime.now(UTC)), answer, now)
                    self._carry_out(step, group)
                for call in self._calls:
                    call.cancel()
        finally:
            self._events.put_nowait(None)

    async def _next_input(self, wake_at: float) -> Input:
        try:
            async with asyncio.timeout(_wait_until(wake_at, self._clock())):
                return await self._inbox.get()
        except TimeoutError:
            return Tick()

    def _carry_out(self, step: Step, group: asyncio.TaskGroup) -> None:
        now = self._clock()
        for event in step.events:
            self._events.put_nowait((event, now))
        for call in step.calls:
            task = group.create_task(self._make(call), name=f"pairing {call}")
            self._calls.add(task)
            task.add_done_callback(self._calls.discard)

    async def _make(self, call: Call) -> None:
        try:
            answer: Input = await self._makers[call]()
        except WutsError as error:
            answer = CallFailed(call, error)
        self._inbox.put_nowait(answer)

    @property
    def _makers(self) -> dict[Call, Callable[[], Awaitable[Input]]]:
        """How each call is made.

        A QR or code is always a fresh one: the gateway does not say how old a repeated one is.
        """
        client, device_id, phone = self._client, self._device_id, self._settings.phone or ""
        return {
            Call.STATUS: lambda: client.get_status(device_id),
            Call.CONNECT: lambda: client.connect(device_id),
            Call.QR: lambda: client.get_qr(device_id, refresh=True),
            Call.QR_STATUS: lambda: client.get_qr_status(device_id),
            Call.CODE: lambda: client.request_pair_code(phone, device_id, refresh=True),
        }


class _Views:
    """Folds a session's events into views; no generator, which a cancelled `anext` would end."""

    def __init__(
        self,
        next_event: Callable[[], Awaitable[tuple[PairingEvent, float]]],
        view: PairingView,
        clock: Clock,
    ) -> None:
        self._next_event = next_event
        self._view = view
        self._clock = clock
        self._begun = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> PairingView:
        if not self._begun:
            self._begun = True
            return self._view
        changes_at = self._view.changes_at
        while True:
            try:
                async with asyncio.timeout(_wait_until(changes_at, self._clock())):
                    event, when = await self._next_event()
            except TimeoutError:
                now = self._clock()
                if changes_at is not None and changes_at <= now:
                    self._view = self._view.at(now)
                    return self._view
            else:
                # What expired while nobody took it is not shown.
                self._view = self._view.after(event, when).at(max(self._clock(), when))
                return self._view


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])


def _wait_until(moment: float | None, now: float) -> float | None:
    return None if moment is None else min(max(0.0, moment - now), LONGEST_WAIT)


def _with_plain_numbers(settings: PairingSettings) -> PairingSettings:
    phone, expected = settings.phone, settings.expected_number
    return replace(
        settings,
        phone=None if phone is None else normalize_phone_number(phone),
        expected_number=None if expected is None else normalize_phone_number(expected),
    )
