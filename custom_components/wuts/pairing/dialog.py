"""A pairing that runs in the background, for the dialog, the button and the image to show."""

import asyncio
import base64

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.util.hass_dict import HassKey

from ..const import CONF_DEVICE_ID, DOMAIN, LOGGER, OWNER, SUBENTRY_DEVICE
from ..core import WutsClient
from ..core.errors import WutsError
from ..core.pairing import PAIRINGS, PairingSession, PairingSettings, PairingView
from ..core.qr import render_png_async
from ..questions import async_keep_question

MODULE_PIXELS = 5
"""Pixels per module in a dialog: the QR is 325 wide then, so that a phone's screen shows it whole,
lying or standing."""

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


def signal_of(entry_id: str, device_id: str) -> str:
    """Return the dispatcher's signal for a change of a device's pairing."""
    return f"{DOMAIN}_pairing_{entry_id}_{device_id}"


class PairingDialog:
    """Runs one pairing in the background until its dialog is closed.

    Attributes:
        view: What to show now.
        png: The present QR for a dashboard, or None.
        picture: The present QR for a dialog, as a ``data:`` URL, or empty.
        replaced: Whether another dialog took over the device; then there is no outcome.
        error: What ended it without an outcome, or None.

    Raises:
        InvalidPhoneNumberError: ``settings`` holds an unusable phone number.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        client: WutsClient,
        device_id: str,
        settings: PairingSettings,
    ) -> None:
        self.view = PairingView(owner=OWNER)
        self.png: bytes | None = None
        self.picture = ""
        self.replaced = False
        self.error: Exception | None = None
        self._session = PairingSession(client, device_id, owner=OWNER, settings=settings)
        self._changed = asyncio.Event()
        self._hass = hass
        self._entry = entry
        self._device_id = device_id
        self._runner = hass.async_create_background_task(self._run(), "wuts pairing")

    @property
    def is_over(self) -> bool:
        """Whether nothing more will be shown."""
        return self._runner.done()

    async def change(self) -> None:
        """Wait until there is something else to show."""
        await self._changed.wait()

    @callback
    def close(self) -> None:
        """End the pairing, whatever its stage."""
        self._runner.cancel()

    async def async_replace(self) -> None:
        """End the pairing in favor of a newer dialog for the same device."""
        self.replaced = True
        self._runner.cancel()
        await asyncio.wait([self._runner])

    async def _run(self) -> None:
        view = self.view
        try:
            async with self._session as session:
                self._hass.data.setdefault(_OPEN, {})[self._key] = self
                async for view in session.views():
                    if view.outcome is None:
                        await self._draw(view)
                        self._notify()
        except WutsError as error:
            self.error = error
        except Exception as error:  # noqa: BLE001 - nobody else sees it, and the picture must go
            self.error = error
            LOGGER.exception("The pairing of a device of %s broke", self._entry.title)
        finally:
            # The outcome is shown only now that the device is free to be paired again.
            self.png, self.picture, self.view = None, "", view
            if async_dialog_of(self._hass, *self._key) is self:
                del self._hass.data[_OPEN][self._key]
            self._keep_question()
            self._hass.loop.call_soon(self._notify)

    async def _draw(self, view: PairingView) -> None:
        png, picture = await view.png(), None
        if view.qr_payload is not None:
            picture = await render_png_async(view.qr_payload, module_pixels=MODULE_PIXELS)
        self.png, self.picture, self.view = png, _data_url(picture or png), view

    def _keep_question(self) -> None:
        for subentry in self._entry.get_subentries_of_type(SUBENTRY_DEVICE):
            if subentry.data[CONF_DEVICE_ID] == self._device_id:
                async_keep_question(self._hass, subentry, self.view)

    @property
    def _key(self) -> _Key:
        return self._entry.entry_id, self._device_id

    @callback
    def _notify(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
        async_dispatcher_send(self._hass, signal_of(*self._key))


def _data_url(png: bytes | None) -> str:
    return "" if png is None else f"data:image/png;base64,{base64.b64encode(png).decode()}"
