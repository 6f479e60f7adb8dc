"""A pairing that runs in the background, for the dialog, the button and the image to show."""

import asyncio
import base64
import io
from dataclasses import replace

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.dispatcher import async_dispatcher_connect, async_dispatcher_send
from homeassistant.util.hass_dict import HassKey
from PIL import Image

from ..account.members import devices_of
from ..alerts.questions import async_keep_question
from ..const import CONF_DEVICE_ID, DOMAIN, LOGGER, OWNER, SUBENTRY_DEVICE
from ..core import WutsClient
from ..core.errors import WutsError
from ..core.page import PairingLink
from ..core.pairing import (
    PAIRINGS,
    Failed,
    FailureReason,
    PairingSession,
    PairingSettings,
    PairingView,
    Stage,
    Stalled,
    Waiting,
)
from ..core.supervisor import DeviceState
from ..errors import AccountGoneError, DeviceRemovedError, LinkExpiredError

WIDTH = 304
"""Pixels of a QR in a dialog, so that a phone's screen shows it whole, standing or lying.

A text of Home Assistant cannot say how large a picture is to be shown.
"""

type _Key = tuple[str, str]
"""An account and a device."""

_OPEN: HassKey[dict[_Key, PairingDialog]] = HassKey(f"{DOMAIN}_pairings")


@callback
def async_dialog_of(hass: HomeAssistant, entry_id: str, device_id: str) -> PairingDialog | None:
    """Return the running pairing of an account's device, or None."""
    return hass.data.get(_OPEN, {}).get((entry_id, device_id))


def check_is_free(client: WutsClient, device_id: str) -> None:
    """Make sure that nobody is pairing a device.

    Raises:
        ServiceValidationError: Somebody is.
    """
    owner = PAIRINGS.owner(client.base_url, device_id)
    if owner is not None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="pairing_in_progress",
            translation_placeholders={"owner": owner},
        )


def is_paused_and_linked(entry: ConfigEntry, device_id: str) -> bool:
    """Return whether a device is left alone although it could be connected without its phone."""
    if entry.state is not ConfigEntryState.LOADED:
        return False
    device = entry.runtime_data.data.get(device_id)
    return device is not None and device.state is DeviceState.PAUSED and device.linked


def signal_of(entry_id: str, device_id: str) -> str:
    """Return the dispatcher's signal for a change of a device's pairing, which it carries."""
    return f"{DOMAIN}_pairing_{entry_id}_{device_id}"


class PairingDialog:
    """Runs one pairing in the background until its dialog is closed.

    Attributes:
        entry: The device's account.
        device_id: The device.
        view: What to show now.
        link: The page that shows it too, or None. The pairing begins when it is opened.
        png: The present QR for a dashboard, or None.
        picture: The same for a dialog, as a ``data:`` URL, or empty.
        replaced: Whether another dialog took over the device; then there is no outcome.
        error: What ended it without an outcome, or None.

    Raises:
        InvalidPhoneNumberError: ``settings`` holds an unusable phone number.
    """

    def __init__(  # noqa: PLR0913 - it hands most of it on
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        client: WutsClient,
        device_id: str,
        *,
        settings: PairingSettings,
        link: PairingLink | None = None,
    ) -> None:
        self.view = PairingView(owner=OWNER)
        self.link = link
        self.png: bytes | None = None
        self.picture = ""
        self.replaced = False
        self.error: Exception | None = None
        self._client = client
        self._settings = settings
        self._session: PairingSession | None = None
        self._changed = asyncio.Event()
        self._hass = hass
        self.entry = entry
        self.device_id = device_id
        self._account = dict(entry.data)
        self._was_added = self._is_added
        # It begins at once, and reports its first view before it is known as a task.
        self._runner: asyncio.Task[None] | None = None
        self._runner = hass.async_create_background_task(self._run(), "wuts pairing")
        stop = async_dispatcher_connect(
            hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._take_change_of_account
        )
        self._runner.add_done_callback(lambda _: stop())

    @property
    def is_over(self) -> bool:
        """Whether nothing more will be shown."""
        return self._runner is not None and self._runner.done()

    @property
    def is_taken(self) -> bool:
        """Whether a phone took the QR or code."""
        return self.view.stage in {Stage.SCANNED, Stage.STALLED}

    @property
    def reason(self) -> str | None:
        """The code of what is wrong: why nothing follows a scan, answers, or was linked."""
        match self.view.outcome or self.view.stalled or self.view.waiting:
            case Failed(code=code) | Stalled(code=code) | Waiting(code=code):
                return code.value
        return None

    async def change(self) -> None:
        """Wait until there is something else to show."""
        await self._changed.wait()

    @callback
    def close(self) -> None:
        """End the pairing, whatever its stage."""
        if self._runner is not None:
            self._runner.cancel()

    async def async_replace(self) -> None:
        """End the pairing in favor of a newer dialog for the same device."""
        self.replaced = True
        self.close()
        if self._runner is not None:
            await asyncio.wait([self._runner])

    async def _run(self) -> None:
        view = self.view
        try:
            async with await self._begin() as session:
                self._hass.data.setdefault(_OPEN, {})[self._key] = self
                async for view in session.views():
                    if self.link is not None:
                        self.link.show(view)
                    if view.outcome is None:
                        await self._draw(view)
                        self._notify()
        except WutsError as error:
            self.error = error
        except Exception as error:  # noqa: BLE001 - nobody else sees it, and the picture must go
            self.error = error
            LOGGER.exception("The pairing of a device of %s failed unexpectedly", self.entry.title)
        finally:
            # The outcome is shown only now that the device is free to be paired again.
            self.png, self.picture, self.view = None, "", view
            if self.link is not None:
                self.link.end(self.error.code if isinstance(self.error, WutsError) else None)
            if async_dialog_of(self._hass, *self._key) is self:
                del self._hass.data[_OPEN][self._key]
            self._keep_question()
            self._hass.loop.call_soon(self._notify)

    async def _begin(self) -> PairingSession:
        """Return what pairs, once somebody looks.

        Raises:
            LinkExpiredError: Nobody has opened the link.
        """
        settings = self._settings
        if self.link is not None:
            if not await self.link.opened():
                raise LinkExpiredError
            settings = replace(settings, deadline=self.link.seconds_left)
        self._session = PairingSession(self._client, self.device_id, owner=OWNER, settings=settings)
        return self._session

    async def _draw(self, view: PairingView) -> None:
        png, picture = await view.png(), self.picture
        if png != self.png:
            picture = await self._hass.async_add_executor_job(_picture_of, png)
        self.png, self.picture, self.view = png, picture, view

    def _keep_question(self) -> None:
        for subentry in self.entry.get_subentries_of_type(SUBENTRY_DEVICE):
            if subentry.data[CONF_DEVICE_ID] == self.device_id:
                async_keep_question(self._hass, self.entry, subentry, self.view)

    @property
    def _is_added(self) -> bool:
        return self.device_id in devices_of(self.entry)

    @callback
    def _take_change_of_account(self, change: ConfigEntryChange, entry: ConfigEntry) -> None:
        """End the pairing when what it relies on is gone."""
        if entry.entry_id != self.entry.entry_id:
            return
        was_added, self._was_added = self._was_added, self._is_added
        if change is ConfigEntryChange.REMOVED:
            self._end(FailureReason.ACCOUNT_REMOVED)
        elif dict(entry.data) != self._account:
            self._end(FailureReason.ACCOUNT_CHANGED)
        elif was_added and not self._was_added:
            self.error = DeviceRemovedError()
            self.close()

    def _end(self, reason: FailureReason) -> None:
        if self._session is not None:
            self._session.end(reason)
            return
        self.error = AccountGoneError(reason)
        self.close()

    @property
    def _key(self) -> _Key:
        return self.entry.entry_id, self.device_id

    @callback
    def _notify(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
        async_dispatcher_send(self._hass, signal_of(*self._key), self)


def _picture_of(png: bytes | None) -> str:
    """Return a QR for a dialog, as a ``data:`` URL; takes milliseconds."""
    if png is None:
        return ""
    small = io.BytesIO()
    with Image.open(io.BytesIO(png)) as image:
        drawn = image.convert("L").resize((WIDTH, WIDTH), Image.Resampling.LANCZOS)
        drawn.quantize(8).save(small, "PNG")
    return f"data:image/png;base64,{base64.b64encode(small.getvalue()).decode()}"
