"""Makes the controller's calls, each in a task of its own, and hands it their answers."""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import batched

from ..client import WutsClient
from ..errors import GatewayError, WutsError
from ..models import ConnectResult, Device, SessionStatus
from .account.learner import SLICE
from .account.work_queue import Answer, Call, CallKind
from .controller import Controller
from .device.device import Listing, ListingRow

_LOGGER = logging.getLogger(__name__)

type Select = Callable[[Sequence[Device]], Sequence[Device]]


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
    """

    def __init__(self, controller: Controller, clock: Callable[[], float]) -> None:
        self._controller = controller
        self._clock = clock
        self._tasks: dict[Call, asyncio.Task[None]] = {}

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
            await self._hand_in(Answer(call, await _ask(call, source)))
        except WutsError as error:
            await self._hand_in(Answer(call, error))
        except Exception:
            # A bug in one call must not end the supervision of a whole account.
            _LOGGER.exception("A %s call broke", call.kind)
            await self._hand_in(Answer(call, GatewayError()))
        self._tasks.pop(call, None)

    async def _hand_in(self, answer: Answer) -> None:
        if answer.call not in self._tasks:
            return
        for _ in self._controller.answer(answer, self._clock()):
            await asyncio.sleep(0)


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
