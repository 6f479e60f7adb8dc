"""Makes the controller's calls, each in a task of its own, and hands it their answers."""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import batched

from ..client import WutsClient
from ..clock import Clock
from ..errors import GatewayError, WutsError
from ..models import ConnectResult, Device, DeviceList, SessionStatus
from .account.account import SLICE
from .account.work_queue import Answer, Call, CallKind
from .controller import Controller
from .delivery.subscribers import TaskTroubles
from .device.device import Listing, ListingRow

_LOGGER = logging.getLogger(__name__)

type Select = Callable[[DeviceList], Sequence[Device]]


@dataclass(frozen=True, slots=True)
class Source:
    """Where an account's answers come from.

    Attributes:
        client: Makes the calls.
        select: Is handed each listing, and returns the devices to supervise; None for all.
    """

    client: WutsClient
    select: Select | None = None


class Dispatcher:
    """Between the controller and the gateways.

    Args:
        controller: Is handed every answer.
        clock: Returns seconds since 1970.
        troubles: Is told what broke here.
    """

    def __init__(self, controller: Controller, clock: Clock, troubles: TaskTroubles) -> None:
        self._controller = controller
        self._clock = clock
        self._troubles = troubles
        self._tasks: dict[Call, asyncio.Task[None]] = {}
        self._unreadable: dict[str, set[str]] = {}

    def make(self, call: Call, source: Source) -> None:
        """Begin to make a call."""
        making = self._make(call, source)
        self._tasks[call] = asyncio.create_task(making, name=f"wuts {call.kind}")

    async def finish(self, account: str, device_id: str) -> None:
        """Wait until the calls about a device that are under way have ended."""
        tasks = [
            task
            for call, task in self._tasks.items()
            if (call.account, call.device_id) == (account, device_id)
        ]
        if tasks:
            await asyncio.wait(tasks)

    def is_calling(self, account: str, device_id: str) -> bool:
        """Tell whether a call about a device is under way."""
        return any((one.account, one.device_id) == (account, device_id) for one in self._tasks)

    async def cancel(self, account: str) -> None:
        """Give up all calls of an account; what they were for is still wanted."""
        calls = self._calls_of(account)
        try:
            await self._end(calls)
        finally:
            for call in calls:
                self._controller.answer(Answer(call, None), self._clock())

    async def abandon(self, account: str) -> None:
        """Give up all calls of an account that is no longer supervised."""
        self._unreadable.pop(account, None)
        await self._end(self._calls_of(account))

    async def stop(self) -> None:
        """Give up all calls."""
        await self._end(list(self._tasks))

    def _calls_of(self, account: str) -> list[Call]:
        return [call for call in self._tasks if call.account == account]

    async def _end(self, calls: Collection[Call]) -> None:
        """End calls; what they may tell yet is not taken in."""
        tasks = [self._tasks.pop(call) for call in calls]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _make(self, call: Call, source: Source) -> None:
        """Make one call and hand its answer in."""
        try:
            answer = Answer(call, await _ask(call, source))
            self._tell_unreadable(answer)
        except WutsError as error:
            answer = Answer(call, error)
        except asyncio.CancelledError as error:
            if _is_cancelled():
                raise
            self._troubles.report(call.kind, error)
            answer = Answer(call, GatewayError())
        except Exception as error:  # noqa: BLE001 - a bug in one call must not end a supervision
            self._troubles.report(call.kind, error)
            answer = Answer(call, GatewayError())
        try:
            await self._hand_in(answer)
        except Exception as error:  # noqa: BLE001 - nor may one in what is made of the answer
            self._troubles.report(f"{call.kind} answer", error)
            # Nothing may stay under way for ever.
            await self._hand_in(Answer(call, GatewayError()))
        finally:
            self._tasks.pop(call, None)

    def _tell_unreadable(self, answer: Answer) -> None:
        """Log once which rows of an account's listing cannot be read."""
        if not isinstance(answer.result, Listing):
            return
        unreadable, account = set(answer.result.unreadable), answer.call.account
        for label in sorted(unreadable - self._unreadable.get(account, set())):
            _LOGGER.warning("The gateway lists %s in a form that cannot be read", label)
        self._unreadable[account] = unreadable

    async def _hand_in(self, answer: Answer) -> None:
        if answer.call not in self._tasks:
            return
        for _ in self._controller.answer(answer, self._clock()):
            await asyncio.sleep(0)


def _is_cancelled() -> bool:
    """Tell whether this task was cancelled, and not only something that it awaited."""
    task = asyncio.current_task()
    return task is None or task.cancelling() > 0


async def _ask(call: Call, source: Source) -> Listing | SessionStatus | ConnectResult:
    match call.kind:
        case CallKind.STATUS:
            return await source.client.get_status(call.device_id)
        case CallKind.CONNECT:
            return await source.client.connect(call.device_id)
    listing = await source.client.list_devices()
    rows: list[ListingRow] = []
    for some in batched(source.select(listing) if source.select else listing, SLICE):
        await asyncio.sleep(0)
        rows += [
            ListingRow(one.id, one.name, one.connected, one.linked, one.phone_number, one.last_seen)
            for one in some
        ]
    await asyncio.sleep(0)
    return Listing(rows, listing.unreadable)
