"""One account: its client, its supervisor, and what entities are shown of both.

Every entry has a supervisor of its own. So accounts do not share a budget of calls, an entry that
is unloaded takes everything of its own with it, and what must survive is one file an account.
"""

from collections.abc import Callable
from typing import override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed

from .account import Listing, client_of
from .const import CONF_DEVICE_ID, DOMAIN, LOGGER, SUBENTRY_DEVICE
from .core.errors import ForbiddenError, InvalidTokenError, WutsError
from .core.supervisor import (
    AccountChanged,
    AccountState,
    DeviceState,
    Event,
    Reason,
    StateChanged,
    Supervisor,
    SupervisorSettings,
)
from .issues import Issues
from .models import DeviceReport, report_of
from .storage import SupervisorStore

SETTINGS = SupervisorSettings()
"""How often to look, and how patiently to reconnect."""

type WutsConfigEntry = ConfigEntry[WutsCoordinator]
type StateListener = Callable[[StateChanged], None]


def devices_of(entry: ConfigEntry) -> dict[str, str]:
    """Return the names of the devices that were added to an account, by their ids."""
    return {
        subentry.data[CONF_DEVICE_ID]: subentry.title
        for subentry in entry.get_subentries_of_type(SUBENTRY_DEVICE)
    }


class WutsCoordinator(DataUpdateCoordinator[dict[str, DeviceReport]]):
    """Mirrors what the supervisor knows of the account's devices; it makes no requests of its own.

    Attributes:
        client: The account's client.
        supervisor: Keeps the devices' sessions alive.
    """

    config_entry: WutsConfigEntry

    def __init__(self, hass: HomeAssistant, entry: WutsConfigEntry) -> None:
        """Prepare an account; `async_start` begins its supervision."""
        super().__init__(hass, LOGGER, config_entry=entry, name=entry.title, update_interval=None)
        self._names = devices_of(entry)
        self.client = client_of(hass, entry.data)
        self.client.wanted = frozenset(self._names)
        store = SupervisorStore(hass, entry.entry_id, self.client.wanted)
        self.supervisor = Supervisor(SETTINGS, store=store)
        self._issues = Issues(hass, entry.entry_id, entry.title)
        self._account = entry.entry_id
        self._listing: Listing = ()
        self._listeners_of_states: dict[str, list[StateListener]] = {}
        self._changes: list[StateChanged] = []
        self._supervised = False
        self._publishing = False
        self._answering = True

    # Its life

    @override
    async def _async_update_data(self) -> dict[str, DeviceReport]:
        """Read the account's devices once; later let the supervisor look at them now.

        Raises:
            ConfigEntryAuthFailed: The token is refused.
            UpdateFailed: The gateway does not answer, or not as it should.
        """
        if self._supervised:
            self.supervisor.wake(self._account)
            return self.data
        try:
            self._listing = await self.client.list_devices()
        except (InvalidTokenError, ForbiddenError) as error:
            raise ConfigEntryAuthFailed(
                translation_domain=DOMAIN, translation_key="token_refused"
            ) from error
        except WutsError as error:
            raise _update_failed(error.message) from error
        return self._reports()

    async def async_start(self) -> None:
        """Begin to keep the account's devices connected."""
        self.client.on_listing = self._take_listing
        self.supervisor.subscribe(self._take_event)
        await self.supervisor.start()
        self.supervisor.add_account(self._account, self.client)
        self._supervised = True
        self.data = self._reports()

    async def async_stop(self) -> None:
        """End the supervision; what must survive is saved."""
        self._supervised = False
        await self.supervisor.stop()
        self._issues.clear()

    @property
    def listed_ids(self) -> set[str]:
        """The ids of all devices that the account was last seen to have."""
        return {device.id for device in self._listing}

    # What entities ask

    async def async_keep_connected(self, device_id: str, *, keep: bool) -> None:
        """Take care of a device from now on, or leave it alone."""
        if keep:
            await self.supervisor.resume(self._account, device_id)
        else:
            await self.supervisor.pause(self._account, device_id)

    async def async_reconnect(self, device_id: str) -> None:
        """Try to connect a device now, even one that was to be left alone."""
        report = self.data.get(device_id)
        if report is not None and report.state is DeviceState.PAUSED:
            await self.supervisor.resume(self._account, device_id)
        else:
            self.async_look(device_id)

    async def async_disconnect(self, device_id: str) -> None:
        """End a device's session, and leave it alone from now on.

        Raises:
            WutsError: The gateway could not do it.
        """
        await self.supervisor.disconnect(self._account, device_id)
        self.supervisor.wake(self._account)

    @callback
    def async_look(self, device_id: str | None = None) -> None:
        """Look at a device now, or at all of them: something may have changed."""
        if self._supervised:
            known = device_id if device_id in self._names else None
            self.supervisor.wake(self._account, known)

    @callback
    def async_listen_to_states(self, device_id: str, listener: StateListener) -> Callable[[], None]:
        """Tell ``listener`` of a device's changes; call what is returned to end that.

        It is told when the entities show the new state: an automation that an event runs may look.
        """
        listeners = self._listeners_of_states.setdefault(device_id, [])
        listeners.append(listener)
        return lambda: listeners.remove(listener)

    # What the supervisor tells

    @callback
    def _take_listing(self, listing: Listing) -> None:
        self._listing = listing
        self._answering = True
        self._publish_soon()

    async def _take_event(self, event: Event) -> None:
        match event:
            case StateChanged():
                self._changes.append(event)
                self._publish_soon()
            case AccountChanged():
                self._take_account(event)

    @callback
    def _take_account(self, event: AccountChanged) -> None:
        if event.new is AccountState.TOKEN_REFUSED:
            self.config_entry.async_start_reauth(self.hass)
        if event.new is AccountState.HEALTHY or event.reason is Reason.MASS_DROP:
            self._publish_soon()
            return
        self._answering = False
        self.async_set_update_error(_update_failed(event.problem or ""))
        self._show_issues()

    @callback
    def _publish_soon(self) -> None:
        """Show the next state once, however many events made it, and then tell of them."""
        if not self._publishing:
            self._publishing = True
            self.hass.loop.call_soon(self._publish)

    @callback
    def _publish(self) -> None:
        self._publishing = False
        if self._supervised:
            self._show_reports()
        changes, self._changes = self._changes, []
        for change in changes:
            for listener in tuple(self._listeners_of_states.get(change.device_id, ())):
                listener(change)

    @callback
    def _show_reports(self) -> None:
        if self._answering:
            if not self.last_update_success:
                LOGGER.info("%s answers again", self.name)
            self.async_set_updated_data(self._reports())
        else:
            self.data = self._reports()
            self.async_update_listeners()
        self._show_issues()

    # Inside

    def _reports(self) -> dict[str, DeviceReport]:
        listed = {device.id: device for device in self._listing}
        watched = self.supervisor.devices(self._account) if self._supervised else {}
        reports = (
            report_of(device_id, listed.get(device_id), watched.get(device_id))
            for device_id in self._names
        )
        return {report.id: report for report in reports if report is not None}

    @callback
    def _show_issues(self) -> None:
        self._issues.show(
            gateway_down=self.supervisor.account_state(self._account) is AccountState.GATEWAY_DOWN,
            needs_pairing={
                report.id: report.name
                for report in self.data.values()
                if report.state is DeviceState.NEEDS_PAIRING
            },
            gone={
                device_id: name
                for device_id, name in self._names.items()
                if device_id not in self.data
            },
        )


def _update_failed(problem: str) -> UpdateFailed:
    return UpdateFailed(
        translation_domain=DOMAIN,
        translation_key="update_failed",
        translation_placeholders={"problem": problem},
    )
