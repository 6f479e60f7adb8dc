"""Makes the controller's calls, each in a task of its own, and hands it their answers."""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import batched

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from ..client import WutsClient
from ..clock import Clock
from ..errors import GatewayError, WutsError
from ..models import ConnectResult, Device, DeviceList, SessionStatus
from .account.account import SLICE
from .account.work_queue import NEVER, Answer, Call, CallKind
from .controller import Controller
from .delivery.subscribers import TaskTroubles
from .device.device import Listing, ListingRow
from .looks import Looks
from .store import StoreOtherAccountError

_LOGGER = logging.getLogger(__name__)

_JOB = "wuts"
"""APScheduler's name for our one job."""

_MARGIN = 0.001
"""Seconds by which the job is late: two clocks are at work, and what comes early comes twice."""

# APScheduler would tell of each move of the job and of each run. The loggers are ours alone.
_SCHEDULER_LOGGER = logging.getLogger(f"{__name__}.scheduler")
_SCHEDULER_LOGGER.setLevel(logging.WARNING)
logging.getLogger(f"apscheduler.executors.{_JOB}").setLevel(logging.WARNING)

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


class DueJob:
    """APScheduler's one job, moved to the moment when the next thing is due.

    Args:
        on_due: Called at that moment.

    Attributes:
        scheduler: It, between `start` and `stop`.
    """

    def __init__(self, on_due: Callable[[], None]) -> None:
        self.scheduler: AsyncIOScheduler | None = None
        self._on_due = on_due
        self._planned = NEVER

    def start(self) -> None:
        """Begin; nothing is due yet."""
        self.scheduler = AsyncIOScheduler(
            executors={_JOB: AsyncIOExecutor()}, logger=_SCHEDULER_LOGGER, timezone=UTC
        )
        self.scheduler.start()

    async def stop(self) -> None:
        """End; it may be stopped already."""
        scheduler, self.scheduler = self.scheduler, None
        if scheduler is None:
            return
        # A job that has begun is let to its end: cancelled, it would be logged as an error.
        scheduler.pause()
        try:
            await asyncio.sleep(0)
        finally:
            scheduler.shutdown(wait=False)

    def move(self, when: float, now: float) -> None:
        """Be due at ``when``, or at no time when that is `NEVER`."""
        scheduler = self.scheduler
        if scheduler is None or when == self._planned:
            return
        self._planned = when
        job = scheduler.get_job(_JOB)
        if when == NEVER:
            if job is not None:
                job.remove()
            return
        run_at = datetime.now(UTC) + timedelta(seconds=when - now + _MARGIN)
        if job is not None:
            job.modify(next_run_time=run_at)
            return
        # What is late is skipped without this grace time, and what comes before APScheduler has
        # seen the end of the last run unless there may be many: with it, what was due.
        scheduler.add_job(
            self._run,
            "date",
            id=_JOB,
            run_date=run_at,
            executor=_JOB,
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1_000_000,
        )

    async def _run(self) -> None:
        """The job has vanished from the scheduler, and is added again for what is due next."""
        self._planned = NEVER
        self._on_due()


class Dispatcher:
    """Between the controller and the gateways.

    Args:
        controller: Says which calls to make, and is handed every answer.
        sources: By account, where its answers come from.
        clock: Returns seconds since 1970.
        troubles: Reports what broke here.
        on_dispatched: Called when calls were made.
        identify: Is shown each listing before it counts, and may raise `StoreOtherAccountError`.
        refuse: Called with that error; the account is to be abandoned.
    """

    def __init__(  # noqa: PLR0913 - it stands between so many
        self,
        controller: Controller,
        sources: Mapping[str, Source],
        clock: Clock,
        troubles: TaskTroubles,
        *,
        on_dispatched: Callable[[], None],
        identify: Callable[[str, DeviceList], None],
        refuse: Callable[[StoreOtherAccountError], None],
    ) -> None:
        self._controller = controller
        self._sources = sources
        self._clock = clock
        self._troubles = troubles
        self._is_dispatching = False
        self.job = DueJob(self.wake)
        self._on_dispatched = on_dispatched
        self._identify = identify
        self._refuse = refuse
        self._tasks: dict[Call, asyncio.Task[None]] = {}
        self._unreadable: dict[str, set[str]] = {}
        self._looks = Looks()

    @property
    def is_running(self) -> bool:
        """Whether calls are made."""
        return self.job.scheduler is not None

    def lateness(self) -> float:
        """Return by how many seconds what is due is late, or `NEVER` if no calls are made."""
        if not self.is_running:
            return NEVER
        return max(0.0, self._clock() - self._controller.next_due())

    def wake(self) -> None:
        """Make the calls that are due, in the next turn of the loop."""
        if self.is_running and not self._is_dispatching:
            self._is_dispatching = True
            asyncio.get_running_loop().call_soon(self._dispatch)

    async def look(self, account: str) -> None:
        """List an account now, and wait until the listing is taken in.

        Raises:
            WutsError: The gateway does not list its devices.
            StoreOwnedError: The account is no longer looked after here.
        """
        now = self._clock()
        listed = self._looks.wait(account, now)
        self._controller.look(account, now)
        await listed

    async def until_checked(self, account: str) -> None:
        """Wait until no device of an account is doubtful any longer, or none can be asked about."""
        while self._controller.is_checking(account, self._clock()):
            await self._looks.until_answered()

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
        """Return whether a call about a device is under way."""
        return any((one.account, one.device_id) == (account, device_id) for one in self._tasks)

    async def cancel(self, account: str) -> None:
        """Give up all calls of an account; what they were for is still wanted."""
        calls = self._calls_of(account)
        try:
            await self._end(calls)
        finally:
            for call in calls:
                self._controller.answer(Answer(call, None), self._clock())

    async def abandon(self, account: str, *, patience: float = 0.0) -> None:
        """Give up all calls of an account that is no longer supervised.

        Args:
            account: Which.
            patience: Seconds that those under way may take to end.
        """
        self._unreadable.pop(account, None)
        self._looks.abandon(account)
        await self._end(self._calls_of(account), patience)

    async def stop(self) -> None:
        """Give up all calls."""
        await self._end(list(self._tasks))

    def _dispatch(self) -> None:
        """Make the calls that are due, and move the job to what is due next."""
        self._is_dispatching = False
        if not self.is_running:
            return
        now = self._clock()
        try:
            for call in self._controller.dispatch(now):
                making = self._make(call, self._sources[call.account])
                self._tasks[call] = asyncio.create_task(making, name=f"wuts {call.kind}")
        except Exception as error:  # noqa: BLE001 - the next look must come whatever broke
            self._troubles.report("dispatch", error)
        finally:
            # Whatever happens, what is due next must not be forgotten.
            self._on_dispatched()
            when = self._controller.next_due()
            if when <= now:
                self.wake()
            else:
                self.job.move(when, now)

    def _calls_of(self, account: str) -> list[Call]:
        return [call for call in self._tasks if call.account == account]

    async def _end(self, calls: Collection[Call], patience: float = 0.0) -> None:
        """End calls; what they may tell yet is not taken in."""
        tasks = [self._tasks.pop(call) for call in calls]
        if not tasks:
            return
        try:
            if patience > 0:
                await asyncio.wait(tasks, timeout=patience)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    async def _make(self, call: Call, source: Source) -> None:
        """Make one call and hand its answer in."""
        try:
            answer = Answer(call, await self._ask(call, source))
            self._tell_unreadable(answer)
        except StoreOtherAccountError as error:
            # What the token shows must not be taken for what the store knows.
            self._refuse(error)
            await asyncio.Future()
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
            # Nothing may stay in flight forever.
            await self._hand_in(Answer(call, GatewayError()))
        finally:
            self._tasks.pop(call, None)

    async def _ask(self, call: Call, source: Source) -> Listing | SessionStatus | ConnectResult:
        match call.kind:
            case CallKind.STATUS:
                return await source.client.get_status(call.device_id)
            case CallKind.CONNECT:
                return await source.client.connect(call.device_id)
        listing = await source.client.list_devices()
        self._identify(call.account, listing)
        rows: list[ListingRow] = []
        for some in batched(source.select(listing) if source.select else listing, SLICE):
            await asyncio.sleep(0)
            rows += [
                ListingRow(
                    one.id, one.name, one.connected, one.linked, one.phone_number, one.last_seen
                )
                for one in some
            ]
        await asyncio.sleep(0)
        return Listing(rows, listing.unreadable)

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
            if answer.call not in self._tasks:
                return  # the account was released meanwhile
        self._looks.taken_in(answer)


def _is_cancelled() -> bool:
    """Return whether this task was cancelled, and not only something that it awaited."""
    task = asyncio.current_task()
    return task is None or task.cancelling() > 0
