"""What people do to alerts, and what webhooks say about them; saved when it returns."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from ..clock import Clock
from .account.work_queue import Key
from .alerts.mutes import Mute, MuteScope
from .alerts.notifications import Notification, moved
from .alerts.routes import Route, check_receivers
from .delivery.receivers import Receiver, ReceiverState
from .events import Alert
from .store.accounts import Accounts


class AlertActions:
    """What people do to the alerts of a supervisor; get it as `Supervisor.alerts`.

    Args:
        accounts: The supervisor's.
        clock: Returns seconds since 1970.
        offset: Returns the seconds from the clock to the wall's.
    """

    def __init__(self, accounts: Accounts, clock: Clock, offset: Clock) -> None:
        self._accounts = accounts
        self._desk = accounts.controller.desk
        self._clock = clock
        self._offset = offset

    async def acknowledge(self, account: str, alert_id: str, *, by: str, note: str = "") -> None:
        """Take an alert: nobody is reminded of it, or called next, until it is resolved.

        Args:
            account: The account's name.
            alert_id: The alert's id.
            by: Who takes it; everybody sees the name.
            note: What to tell the others, 500 characters at most.

        Raises:
            InvalidInputError: There is no such account, or no open alert of that id.
            StoreOwnedError: Another process looks after the account.
        """
        await self._accounts.require(account)
        self._desk.acknowledge(account, alert_id, by, note, self._clock())
        await self._accounts.relay.settle()

    async def mute(
        self, scope: MuteScope, *, by: str, reason: str, until: datetime | None = None
    ) -> None:
        """Send no receiver anything about what is muted, and no reminders; its end is sent.

        Args:
            scope: What to mute: an account's alerts, or only a device's, or only of a kind.
            by: Who mutes it.
            reason: Why; shown when the mute ends.
            until: When it ends, in UTC; None until what is open of it, or comes next, is resolved.

        Raises:
            InvalidInputError: There is no such account, or ``until`` is past.
            StoreOwnedError: Another process looks after the account.
        """
        await self._accounts.require(scope.account)
        self._desk.mute(scope, until, by, reason, self._clock())
        await self._accounts.relay.settle()

    async def unmute(self, scope: MuteScope, *, by: str) -> bool:
        """End a mute; return whether there was one of exactly that scope.

        Raises:
            InvalidInputError: There is no such account.
            StoreOwnedError: Another process looks after the account.
        """
        await self._accounts.require(scope.account)
        was_there = self._desk.unmute(scope, by, self._clock())
        await self._accounts.relay.settle()
        return was_there

    def mutes(self, account: str) -> tuple[Mute, ...]:
        """Return the mutes of an account that hold."""
        return self._desk.mutes.of_account(account)

    def mute_of(self, alert: Alert) -> Mute | None:
        """Return the mute that covers an alert, or None."""
        return self._desk.mutes.of(alert)

    def hint(
        self, account: str, device_id: str, event: str, data: Mapping[str, object] | None = None
    ) -> None:
        """Take in what a webhook says of a device; it may explain an alert. Wake the device too.

        What is said of an account that another process looks after is dropped.

        Args:
            account: The account's name.
            device_id: The device that the delivery names.
            event: Its event.
            data: Its data; none of it is believed that makes no sense.
        """
        if account in self._accounts.controller.accounts:
            self._desk.hint(Key(account, device_id), event, data or {}, self._clock())

    def reroute(self, routes: Sequence[Route], receivers: Mapping[str, Receiver]) -> None:
        """Use these routes from now on, in place of the supervisor's earlier ones.

        A receiver gets what is open and new to it within the route's ``group_wait``. A receiver
        that no route names any longer still gets the end of what it has got.

        Args:
            routes: Which alerts each receiver gets.
            receivers: All receivers, by name; one that is not among them gets nothing more.

        Raises:
            InvalidInputError: A route names an unknown receiver.
        """
        check_receivers(routes, receivers)
        self._accounts.bus.receivers.replace(receivers)
        self._desk.reroute(routes, receivers, self._clock())

    def notifications(self, account: str) -> tuple[Notification, ...]:
        """Return what receivers got last, or are to get, about an account."""
        latest = self._desk.notifier.latest(account)
        return tuple(moved(one, self._offset()) for one in latest)

    def receivers(self) -> dict[str, ReceiverState]:
        """Return how each receiver does, by its name."""
        return self._accounts.bus.receivers.states()
