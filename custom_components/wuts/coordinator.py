"""An account: its client, its supervisor, and what entities show of both.

Each entry has a supervisor of its own. Accounts share no budget of calls, an unloaded entry takes
everything along, and what must survive a restart is one file per account.
"""

from typing import override

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import Event as HomeAssistantEvent
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed

from .account import Listing, client_of
from .const import CONF_DEVICE_ID, DOMAIN, LOGGER, SUBENTRY_DEVICE, SUBENTRY_RECIPIENT
from .core.errors import ForbiddenError, InvalidTokenError, WutsError
from .core.supervisor import (
    AccountChanged,
    AccountState,
    Alert,
    AlertKind,
    DeviceState,
    Event,
    Reason,
    StateChanged,
    Supervisor,
    SupervisorSettings,
)
from .errors import key_of
from .issues import (
    DEVICE_GONE,
    DEVICE_REFUSED,
    DEVICES_MISSING,
    GATEWAY_DOWN,
    NEEDS_PAIRING,
    WRONG_DEVICE,
    Issues,
)
from .models import WutsDevice, device_of
from .storage import SupervisorStore

SETTINGS = SupervisorSettings()
"""How often to look, and how patiently to reconnect."""

_ISSUES = {
    DeviceState.NEEDS_PAIRING: NEEDS_PAIRING,
    DeviceState.REFUSED: DEVICE_REFUSED,
}
"""The issue that a state of a device is."""

_ACCOUNT_ISSUES = {
    AlertKind.DEVICES_MISSING: DEVICES_MISSING,
    AlertKind.WRONG_DEVICE: WRONG_DEVICE,
}
"""The issue that an alert about an account is."""

type WutsConfigEntry = ConfigEntry[WutsCoordinator]


def signal_of_states(device_id: str) -> str:
    """Return the dispatcher's signal for a device's state changes, which it carries."""
    return f"{DOMAIN}_state_{device_id}"


def devices_of(entry: ConfigEntry) -> dict[str, str]:
    """Return the names of an account's devices in Home Assistant, by their ids."""
    return {
        subentry.data[CONF_DEVICE_ID]: subentry.title
        for subentry in entry.get_subentries_of_type(SUBENTRY_DEVICE)
    }


def recipients_of(entry: ConfigEntry) -> list[ConfigSubentry]:
    """Return the recipients that were added to an account."""
    return list(entry.get_subentries_of_type(SUBENTRY_RECIPIENT))


class WutsCoordinator(DataUpdateCoordinator[dict[str, WutsDevice]]):
    """Mirrors what the supervisor knows of an account's devices, without requests of its own.

    Attributes:
        client: The account's client.
        supervisor: Keeps the devices connected.
    """

    config_entry: WutsConfigEntry

    def __init__(self, hass: HomeAssistant, entry: WutsConfigEntry) -> None:
        """Prepare an account; `async_start` begins its supervision."""
        super().__init__(hass, LOGGER, config_entry=entry, name=entry.title, update_interval=None)
        self._names = devices_of(entry)
        self.client = client_of(hass, entry.data)
        store = SupervisorStore(hass, entry.entry_id, self._names.keys())
        self.supervisor = Supervisor(SETTINGS, store=store)
        self._issues = Issues(hass, entry)
        self._account = entry.entry_id
        self._listing: Listing = ()
        self._changes: list[StateChanged] = []
        self._supervised = False
        self._publishing = False
        self._answering = True

    # Life cycle

    @override
    async def _async_update_data(self) -> dict[str, WutsDevice]:
        """Read the account's devices once; later have the supervisor look at them now.

        Raises:
            ConfigEntryAuthFailed: The gateway refused the token.
            UpdateFailed: The gateway does not answer, or not as it should.
        """
        if self._supervised:
            self.supervisor.wake(self._account)
            return self.data
        try:
            self._listing = await self.client.list_devices()
        except WutsError as error:
            refused = isinstance(error, InvalidTokenError | ForbiddenError)
            kind = ConfigEntryAuthFailed if refused else UpdateFailed
            raise kind(translation_domain=DOMAIN, translation_key=key_of(error)) from error
        return self._devices()

    async def async_start(self) -> None:
        """Begin to keep the account's devices connected."""
        self.supervisor.subscribe(self._take_event)
        await self.supervisor.start()
        self.supervisor.add_account(self._account, self.client, select=self._take_listing)
        self._supervised = True
        self.data = self._devices()

    async def async_stop(self, _event: HomeAssistantEvent | None = None) -> None:
        """End the supervision; what must survive is saved."""
        self._supervised = False
        await self.supervisor.stop()
        self._issues.show({})

    @property
    def listed_ids(self) -> set[str]:
        """The ids of all devices in the account's last listing, added here or not."""
        return {device.id for device in self._listing}

    # What entities and actions ask

    async def async_keep_connected(self, device_id: str, *, keep: bool) -> None:
        """Keep a device connected from now on, or leave it as it is."""
        if keep:
            await self.supervisor.resume(self._account, device_id)
        else:
            await self.supervisor.pause(self._account, device_id)

    async def async_reconnect(self, device_id: str) -> None:
        """Connect a device now, and keep it connected from now on."""
        device = self.data.get(device_id)
        if device is not None and device.state is DeviceState.PAUSED:
            await self.supervisor.resume(self._account, device_id)
        else:
            self.async_look(device_id)

    async def async_disconnect(self, device_id: str) -> None:
        """End a device's session, and do not reconnect it.

        Raises:
            WutsError: The gateway could not do it.
        """
        await self.supervisor.disconnect(self._account, device_id)
        self.supervisor.wake(self._account)

    @callback
    def async_look(self, device_id: str | None = None) -> None:
        """Look at a device now, or at all of them if it is not one of ours."""
        if self._supervised:
            known = device_id if device_id in self._names else None
            self.supervisor.wake(self._account, known)

    # What the supervisor reports

    @callback
    def _take_listing(self, listing: Listing) -> Listing:
        """Keep a listing, and leave the supervisor the devices that were added here."""
        self._listing = listing
        self._answering = True
        self._publish_soon()
        return tuple(device for device in listing if device.id in self._names)

    async def _take_event(self, event: Event) -> None:
        match event:
            case StateChanged():
                self._changes.append(event)
                self._publish_soon()
            case AccountChanged(new=AccountState.HEALTHY) | AccountChanged(reason=Reason.MASS_DROP):
                self._publish_soon()
            case AccountChanged(new=state):
                self._take_outage(state)
            case Alert(kind=kind) if kind in _ACCOUNT_ISSUES:
                self._publish_soon()

    @callback
    def _take_outage(self, state: AccountState) -> None:
        self._answering = False
        key = "gateway_down"
        if state is AccountState.TOKEN_REFUSED:
            key = "invalid_auth"
            self.config_entry.async_start_reauth(self.hass)
        self.async_set_update_error(UpdateFailed(translation_domain=DOMAIN, translation_key=key))
        self._show_issues()

    @callback
    def _publish_soon(self) -> None:
        """Publish the next state once, however many events led to it."""
        if not self._publishing:
            self._publishing = True
            self.hass.loop.call_soon(self._publish)

    @callback
    def _publish(self) -> None:
        self._publishing = False
        if self._supervised:
            self._show_devices()
        changes, self._changes = self._changes, []
        # The entities show the new state by now: an automation that an event runs may look.
        for change in changes:
            async_dispatcher_send(self.hass, signal_of_states(change.device_id), change)

    @callback
    def _show_devices(self) -> None:
        if self._answering:
            if not self.last_update_success:
                LOGGER.info("%s answers again", self.name)
            self.async_set_updated_data(self._devices())
        else:
            self.data = self._devices()
            self.async_update_listeners()
        self._show_issues()

    def _devices(self) -> dict[str, WutsDevice]:
        listed = {device.id: device for device in self._listing}
        watched = self.supervisor.devices(self._account) if self._supervised else {}
        return {
            device_id: device
            for device_id in self._names
            if (device := device_of(device_id, listed.get(device_id), watched.get(device_id)))
        }

    @callback
    def _show_issues(self) -> None:
        wanted = {
            (key, device.id): {"name": device.name}
            for device in self.data.values()
            if (key := _ISSUES.get(device.state))
        }
        for alert in self.supervisor.open_alerts():
            if alert.account == self._account and alert.kind in _ACCOUNT_ISSUES:
                wanted[_ACCOUNT_ISSUES[alert.kind], ""] = {"name": ""}
        if (DEVICES_MISSING, "") not in wanted:
            for device_id in self._names.keys() - self.data.keys():
                wanted[DEVICE_GONE, device_id] = {"name": self._names[device_id]}
        if self.supervisor.account_state(self._account) is AccountState.GATEWAY_DOWN:
            wanted[GATEWAY_DOWN, ""] = {"name": ""}
        self._issues.show(wanted)
