"""Makes the fleet's calls, each in a task of its own, and takes their answers in."""

import asyncio
import logging
from collections.abc import Callable, Collection
from itertools import batched

from ..client import WutsClient
from ..errors import GatewayError, WutsError
from .account.account import SLICE, Account
from .controller import Fleet
from .device.calls import Call, CallKind, Seen

_LOGGER = logging.getLogger(__name__)

type TakeIn = Callable[[Account, float], None]


class Dispatcher:
    """Between the fleet and the gateways.

    Args:
        fleet: Is told every answer.
        clock: Returns seconds since 1970.
        on_progress: Called whenever something was taken in: more calls may be wanted.
    """

    def __init__(
        self, fleet: Fleet, clock: Callable[[], float], on_progress: Callable[[], None]
    ) -> None:
        self._fleet = fleet
        self._clock = clock
        self._on_progress = on_progress
        self._tasks: dict[Call, asyncio.Task[None]] = {}

    def make(self, call: Call, client: WutsClient) -> None:
        """Begin to make a call."""
        making = self._make(call, client)
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

    async def cancel(self, account: str) -> None:
        """Give up all calls of an account; what they were for is still wanted."""
        calls = self._calls_of(account)
        try:
            await self._end(calls)
        finally:
            for call in calls:
                self._answer(call, _giving_up(call))

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

    async def _make(self, call: Call, client: WutsClient) -> None:
        """Make one call and take its answer in."""
        try:
            take_in = await self._ask(call, client)
        except WutsError as error:
            take_in = _failing(call, error)
        except Exception:
            # A bug in one call must not end the supervision of a whole account.
            _LOGGER.exception("A %s call broke", call.kind)
            take_in = _failing(call, GatewayError())
        if self._tasks.pop(call, None) is not None:
            self._answer(call, take_in)
            self._on_progress()

    async def _ask(self, call: Call, client: WutsClient) -> TakeIn:
        if call.kind is CallKind.LIST:
            return await self._list(call, client)
        return await (_status if call.kind is CallKind.STATUS else _connect)(call, client)

    async def _list(self, call: Call, client: WutsClient) -> TakeIn:
        """Take a listing in, slice by slice."""
        seen: list[Seen] = []
        for some in batched(await client.list_devices(), SLICE):
            await asyncio.sleep(0)
            seen += [Seen(one.id, one.name, one.connected, one.linked) for one in some]
        await asyncio.sleep(0)
        account = self._fleet.account(call.account)
        for _ in account.listed_in_slices(seen, call.made_at, self._clock()):
            self._on_progress()
            await asyncio.sleep(0)
        return _nothing

    def _answer(self, call: Call, take_in: TakeIn) -> None:
        account = self._fleet.answered(call)
        if account is not None:
            take_in(account, self._clock())


async def _status(call: Call, client: WutsClient) -> TakeIn:
    status = await client.get_status(call.device_id)
    return lambda account, now: account.checked(
        call.device_id, connected=status.connected, linked=status.has_credentials, now=now
    )


async def _connect(call: Call, client: WutsClient) -> TakeIn:
    result = await client.connect(call.device_id)
    return lambda account, now: account.connect_answered(
        call.device_id, needs_qr=result.needs_qr, now=now
    )


def _nothing(_account: Account, _now: float) -> None:
    """Take nothing more in: a listing was taken in already."""


def _giving_up(call: Call) -> TakeIn:
    return lambda account, now: account.cancelled(call, now)


def _failing(call: Call, error: WutsError) -> TakeIn:
    return lambda account, now: account.failed(call, error, now)
