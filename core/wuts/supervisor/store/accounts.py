"""What is done as accounts come and go: added, taken over, lost, released, removed."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from random import Random

from ... import verified
from ...clock import Clock
from ...errors import InvalidInputError, WrongDeviceError
from ...models import DeviceList
from ..alerts.notifications import Notification, moved
from ..alerts.routes import Route
from ..controller import Controller
from ..delivery.outbox import Outbox, OutboxRelay
from ..delivery.receivers import Receiver, Receivers
from ..delivery.repeats import Repeats
from ..delivery.subscribers import Bus
from ..device.device import Device
from ..dispatcher import Dispatcher, Source
from ..events import OwnerChanged, Ownership
from ..settings import SupervisorSettings
from .adoption import NO_SUCH_ACCOUNT, Adoption
from .base import Saved, Store
from .errors import StoreOwnedError
from .order_reader import OrderReader
from .wakes import Wakes


class Accounts:
    """The accounts of a supervisor, and those among them that wait for another process to end.

    Args:
        settings: Intervals and limits.
        store: Says whose they are.
        rng: The source of jitter and of the alerts' ids.
        clock: Returns seconds since 1970.
        offset: Returns the seconds from the clock to the wall's.
        routes: Which alerts each receiver gets.
        receivers: Those receivers, by name.

    Attributes:
        sources: By account, where its answers come from.
        controller: Knows those that are looked after here.
        adoption: Knows which those are.
        bus: Tells subscribers.
        repeats: Tells receivers that forget again.
        relay: Saves and tells.
        dispatcher: Makes the calls.
        orders: Reads what other processes ask.
        wakes: Passes on what another process is to look at.
    """

    def __init__(  # noqa: PLR0913 - all that a supervisor is given
        self,
        settings: SupervisorSettings,
        store: Store,
        rng: Random,
        clock: Clock,
        offset: Clock,
        *,
        routes: Sequence[Route] = (),
        receivers: Mapping[str, Receiver] | None = None,
    ) -> None:
        self.sources: dict[str, Source] = {}
        self._patience = settings.stop_timeout
        self._clock = clock
        self._offset = offset
        self._outbox = Outbox()
        self.controller = Controller(
            settings, rng, self._outbox, self._changed, routes=routes, offset=offset
        )
        self.bus = Bus(receivers=Receivers(receivers or {}, rng))
        self.bus.receivers.on_delivered = self._delivered
        self.bus.receivers.on_failing = self._failing
        self.repeats = Repeats(receivers or {}, self._told)
        self.adoption = Adoption(store, self, clock, rng, offset=offset)
        self.relay = OutboxRelay(self._outbox, self.adoption, self.bus, clock, offset=offset)
        self.bus.receivers.settle = self.relay.settle
        self.dispatcher = Dispatcher(
            self.controller,
            self.sources,
            clock,
            self.relay.troubles,
            on_dispatched=self.relay.wake,
            identify=self._identify,
            refuse=self.relay.refuse,
        )
        self.orders = OrderReader(
            self.controller,
            self.dispatcher,
            self.relay,
            self.adoption,
            self,
            clock=clock,
            offset=offset,
        )

        self.wakes = Wakes(store, self.relay.troubles, lambda: clock() + offset())

    def source(self, name: str) -> Source:
        """Return where an account's answers come from.

        Raises:
            InvalidInputError: There is no such account.
        """
        if name not in self.sources:
            raise InvalidInputError(NO_SUCH_ACCOUNT)
        return self.sources[name]

    def is_here(self, name: str) -> bool:
        """Return whether this process looks after an account; see `source` for what it raises."""
        self.source(name)
        return name in self.controller.accounts

    def devices(self, name: str) -> Mapping[str, Device]:
        """Return an account's devices, by id; none while this process does not look after it."""
        account = self.controller.accounts.get(name)
        return account.devices if account else {}

    def add(self, name: str, source: Source) -> None:
        """Look after an account as soon as it is certain that nobody else does.

        Raises:
            InvalidInputError: There is an account of that name.
        """
        if name in self.sources:
            raise InvalidInputError(
                "There is already an account with that name. Choose another name."
            )
        self.sources[name] = source
        self.adopt(name)

    def adopt(self, name: str) -> None:
        """Look after an account that was added, as soon as nobody else does."""
        self.adoption.add(name)
        self.relay.wake()

    async def let_go(self, name: str, *, patience: float = 0.0) -> None:
        """Forget an account, and let another process look after it.

        Args:
            name: Which.
            patience: Seconds that its calls under way may take to end.
        """
        del self.sources[name]
        await self.orders.let_go(name, patience=patience)
        await self.dispatcher.abandon(name, patience=patience)
        self.adoption.drop(name)
        await self.relay.release(name, patience=self._patience)

    async def require(self, name: str) -> None:
        """Wait until it is known whose an account is.

        Raises:
            InvalidInputError: There is no such account.
            StoreOwnedError: Another process looks after it.
        """
        self.source(name)
        if await self.adoption.until(name) is not Ownership.OWNER:
            raise StoreOwnedError(accounts=[name])

    # What people ask, here or by an order

    def wake(self, name: str, device_id: str | None) -> None:
        """See `Supervisor.wake`."""
        if self.is_here(name):
            self.controller.wake(name, device_id, self._clock())
        elif self.adoption.role(name) is Ownership.STANDBY:
            self.wakes.pass_on(name, device_id)

    async def pause(self, name: str, device_id: str) -> None:
        """See `Supervisor.pause`."""
        await self.require(name)
        self.controller.pause(name, device_id, self._clock())
        await self.relay.settle()

    async def disconnect(self, name: str, device_id: str) -> None:
        """Do as `Supervisor.disconnect`.

        Raises:
            DeviceNotConnectedError: It is not connected; so it stays.
            WutsError: See there.
        """
        await self.pause(name, device_id)
        await self.dispatcher.finish(name, device_id)
        if self.controller.account(name).troubles.wrong:
            raise WrongDeviceError(asked=device_id)
        try:
            await verified.disconnect(self.source(name).client, device_id)
        except WrongDeviceError:
            self.controller.answered_wrong(name, device_id, self._clock())
            raise

    # What the adoption asks

    def restore(self, saved: Saved) -> None:
        """Take in what an earlier process left."""
        try:
            self.controller.restore(saved, self._clock())
        except Exception as error:  # noqa: BLE001 - a task that ends reports nothing
            self.relay.troubles.report("restore", error)

    async def read_orders(self) -> None:
        """Read what other processes ask, for accounts that are about to begin."""
        await self.orders.read()

    def begin(self, name: str) -> None:
        """Look after an account from now on, unless that has begun."""
        if name not in self.controller.accounts:
            self.controller.add_account(name, self._clock())
        self.orders.look()

    async def end(self, names: Collection[str]) -> None:
        """Stop looking after accounts, silently."""
        for name in names:
            self.controller.release_account(name)
        self.relay.forget(names)
        self.orders.forget(names)
        await asyncio.gather(*(self.dispatcher.abandon(name) for name in names))

    def tell(self, event: OwnerChanged) -> None:
        """Tell subscribers."""
        self.bus.publish(event)

    # Inside

    def _identify(self, name: str, listing: DeviceList) -> None:
        user_id = self.adoption.identify(name, listing)
        if user_id is not None:
            self._outbox.users[name] = user_id
            self.relay.wake()

    def _delivered(self, notification: Notification) -> None:
        self.controller.desk.delivered(notification, self._clock())

    def _failing(self, receiver: str, is_failing: bool) -> None:  # noqa: FBT001 - a callback
        self.controller.desk.failing(receiver, self._clock(), is_failing=is_failing)

    def _told(self, receiver: str) -> list[Notification]:
        told = self.controller.desk.notifier.told(receiver)
        may_tell, offset = self.bus.receivers.may_tell, self._offset()
        return [moved(one, offset) for one in told if may_tell(one)]

    def _changed(self) -> None:
        """Save and send what there is, and make the calls that are due."""
        self.relay.wake()
        self.dispatcher.wake()
