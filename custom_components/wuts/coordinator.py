"""An account: its client, its supervisor, and what entities show of both.

Each entry has a supervisor of its own. Accounts share no budget of calls, an unloaded entry takes
everything along, and what must survive a restart is one file per account.
"""

from collections.abc import Collection
from typing import override

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import Event as HomeAssistantEvent
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, HomeAssistantError
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed

from .account.changes import check_answers
from .account.client import Listing
from .account.consent import check_confirmed
from .account.members import Members
from .account.refusal import async_end_reauth
from .account.storage import SupervisorStore
from .alerts.ignored import IgnoredRepairs
from .alerts.questions import async_ask_about_phones, async_withdraw_questions
from .alerts.state_issues import StateIssues
from .const import DOMAIN, LOGGER, SUBENTRY_RECIPIENT
from .core import WutsClient
from .core.errors import ForbiddenError, InvalidTokenError, WutsError
from .core.models import DeviceList
from .core.supervisor import (
    AccountChanged,
    AccountState,
    Alert,
    AlertKind,
    AlertStatus,
    AlertUpdated,
    DeviceState,
    Event,
    Reason,
    StateChanged,
    Supervisor,
    SupervisorSettings,
)
from .core.webhooks import Delivery
from .errors import key_of
from .models import WutsDevice, device_of
from .pairing.phones import Phones
from .signals import signal_of_alerts, signal_of_states

SETTINGS = SupervisorSettings()
"""How often to look, and how patiently to reconnect."""

type WutsConfigEntry = ConfigEntry[WutsCoordinator]


def recipients_of(entry: ConfigEntry) -> list[ConfigSubentry]:
    """Return the recipients that were added to an account."""
    return list(entry.get_subentries_of_type(SUBENTRY_RECIPIENT))


class WutsCoordinator(DataUpdateCoordinator[dict[str, WutsDevice]]):
    """Mirrors what the supervisor knows of an account's devices, without requests of its own.

    Attributes:
        client: The account's client.
        members: Its devices and recipients in Home Assistant.
        supervisor: Keeps the devices connected.
        phones: Knows which phone each should have.
    """

    config_entry: WutsConfigEntry

    def __init__(self, hass: HomeAssistant, entry: WutsConfigEntry, client: WutsClient) -> None:
        """Prepare an account; `async_start` begins its supervision."""
        super().__init__(hass, LOGGER, config_entry=entry, name=entry.title, update_interval=None)
        self.members = Members(hass, entry)
        self.client = client
        store = SupervisorStore(hass, entry.entry_id, self.members.names.keys())
        self.supervisor = Supervisor(SETTINGS, store=store)
        self.phones = Phones(hass, entry, self.supervisor)
        self._issues = StateIssues(hass, entry, self.supervisor)
        self._ignored = IgnoredRepairs(hass, entry, self.supervisor)
        self._account = entry.entry_id
        self._listing = DeviceList()
        self._changes: list[StateChanged | Alert | AlertUpdated] = []
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
            self._keep(await self.client.list_devices())
        except WutsError as error:
            refused = isinstance(error, InvalidTokenError | ForbiddenError)
            kind = ConfigEntryAuthFailed if refused else UpdateFailed
            key = key_of(error, listing=True)
            raise kind(translation_domain=DOMAIN, translation_key=key) from error
        return self._devices()

    async def async_start(self) -> None:
        """Begin to keep the account's devices connected."""
        self.supervisor.subscribe(self._take_event)
        await self.supervisor.start()
        self.supervisor.add_account(self._account, self.client, select=self._take_listing)
        self._supervised = True
        await self.phones.expect_what_was_expected(self.members.names)
        self.data = self._devices()

    async def async_stop(self, _event: HomeAssistantEvent | None = None) -> None:
        """End the supervision; what must survive is saved."""
        self._supervised = False
        self._ignored.stop()
        await self.supervisor.stop()
        self._issues.end()

    async def async_take_changes(self) -> None:
        """Take in which devices and recipients were added, renamed and removed."""
        added = await self.members.async_take_changes(self.supervisor)
        if added:
            await self.phones.expect_what_was_expected(added)
            await self._list_added(added)
        self.data = self._devices()
        self.members.async_show()
        self.async_update_listeners()
        self._show_issues()

    async def _list_added(self, device_ids: Collection[str]) -> None:
        """Read what a new device is before it is shown; the supervisor looks in any case."""
        self.supervisor.wake(self._account)
        if self.listed_ids.issuperset(device_ids):
            return
        try:
            self._keep(await self.client.list_devices())
        except WutsError as error:
            LOGGER.debug("A new device is shown once it is listed: %s", error.message)

    @property
    def listed_ids(self) -> set[str]:
        """The ids of all devices in the account's last listing, added here or not."""
        return {device.id for device in self._listing}

    def listed_number(self, device_id: str) -> str | None:
        """Return a device's number from the account's last listing, or None."""
        return next((one.phone_number for one in self._listing if one.id == device_id), None)

    # What entities and actions ask

    def check_sends(self, device_id: str) -> None:
        """Make sure that a device is not known to be down.

        Raises:
            HomeAssistantError: It is, or its gateway is.
        """
        device = self.data.get(device_id)
        key = None if self.last_update_success else "gateway_down"
        if key is None and (device is None or not device.connected):
            key = "device_not_ready"
        if key is not None:
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key=key)

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
            ConfusedGatewayError: The gateway answers about other devices; nothing was sent.
            NotConfirmedError: The gateway may disconnect another device, and nobody has agreed.
            WutsError: The gateway could not do it.
        """
        entry = self.config_entry
        await check_answers(self.hass, entry, device_id)
        await check_confirmed(self.client, self.listed_ids, entry.options)
        await self.supervisor.disconnect(self._account, device_id)
        self.supervisor.wake(self._account)

    @callback
    def async_look(self, device_id: str | None = None) -> None:
        """Look at a device now, or at all of them if it is not one of ours."""
        if self._supervised:
            known = device_id if device_id in self.members.names else None
            self.supervisor.wake(self._account, known)

    @callback
    def async_hear(self, delivery: Delivery) -> None:
        """Look at what a webhook names; what it says may explain an alert, and nothing more."""
        device_id, event = delivery.device_id, delivery.event
        if self._supervised and device_id in self.members.names and event is not None:
            self.supervisor.alerts.hint(self._account, device_id, event, delivery.data)
        self.async_look(device_id)

    @callback
    def async_alert_of(self, device_id: str, kind: AlertKind) -> Alert | None:
        """Return a device's open alert of a kind, if there is one."""
        alerts = self.supervisor.open_alerts()
        return next((one for one in alerts if (one.device_id, one.kind) == (device_id, kind)), None)

    @callback
    def async_note_wrong_answer(self, device_id: str) -> None:
        """Note that the gateway answered about another device than it was asked to change."""
        self.supervisor.answered_wrong(self._account, device_id)

    # What the supervisor reports

    @callback
    def _take_listing(self, listing: DeviceList) -> Listing:
        """Keep a listing, and leave the supervisor the devices that were added here."""
        self._keep(listing)
        self._answering = True
        self._publish_soon()
        return self.members.watched(listing)

    @callback
    def _keep(self, listing: DeviceList) -> None:
        self._listing = listing
        self.members.take_listing(listing)

    async def _take_event(self, event: Event) -> None:
        match event:
            case StateChanged() | Alert() | AlertUpdated():
                self._withdraw_question(event)
                self._changes.append(event)
                self._publish_soon()
            case AccountChanged(old=AccountState.TOKEN_REFUSED, new=AccountState.HEALTHY):
                async_end_reauth(self.hass, self.config_entry)
                self._publish_soon()
            case AccountChanged(new=AccountState.HEALTHY) | AccountChanged(reason=Reason.MASS_DROP):
                self._publish_soon()
            case AccountChanged(new=state):
                self._take_outage(state)

    @callback
    def _withdraw_question(self, event: Event) -> None:
        match event:
            case Alert(
                kind=AlertKind.WRONG_PHONE | AlertKind.PHONE_UNCHECKED,
                status=AlertStatus.RESOLVED,
                device_id=str(device_id),
            ):
                async_withdraw_questions(self.hass, device_id)

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
            match change:
                case StateChanged(device_id=device_id):
                    signal = signal_of_states(self._account, device_id)
                    async_dispatcher_send(self.hass, signal, change)
                case Alert() | AlertUpdated():
                    self._ignored.take(change)
                    async_dispatcher_send(self.hass, signal_of_alerts(self._account), change)

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
        self._ignored.start()

    def _devices(self) -> dict[str, WutsDevice]:
        listed = {device.id: device for device in self._listing}
        watched = self.supervisor.devices(self._account) if self._supervised else {}
        shown = self.data or {}
        found = (
            device_of(one, listed.get(one), watched.get(one), self._number(one), shown.get(one))
            for one in self.members.names
        )
        return {device.id: device for device in found if device is not None}

    def _number(self, device_id: str) -> str | None:
        """Return the number that a device was last known to have."""
        shown = (self.data or {}).get(device_id)
        if shown is not None and shown.phone_number:
            return shown.phone_number
        return self.phones.kept_number(device_id)

    @callback
    def _show_issues(self) -> None:
        watched = self.supervisor.devices(self._account)
        async_ask_about_phones(self.hass, self.config_entry, watched)
        gone = self.members.gone(self.data.keys(), SETTINGS.gone_after)
        self._issues.show(self.data.values(), gone)
