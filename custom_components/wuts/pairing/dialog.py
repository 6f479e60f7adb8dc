"""A pairing that runs in the background, for the dialog, the button and the image to show."""

import asyncio
import base64

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN, OWNER
from ..core import WutsClient
from ..core.pairing import PAIRINGS, PairingSession, PairingSettings, PairingView

_OPEN: HassKey[dict[str, PairingDialog]] = HassKey(f"{DOMAIN}_pairings")


@callback
def async_dialog_of(hass: HomeAssistant, device_id: str) -> PairingDialog | None:
    """Return the running pairing of a device, or None."""
    return hass.data.get(_OPEN, {}).get(device_id)


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


def signal_of(device_id: str) -> str:
    """Return the dispatcher's signal for a change of a device's pairing."""
    return f"{DOMAIN}_pairing_{device_id}"


class PairingDialog:
    """Runs one pairing in the background until its dialog is closed.

    Attributes:
        view: What to show now.
        png: The present QR, or None.
        replaced: Whether another dialog took over the device; then there is no outcome.

    Raises:
        InvalidPhoneNumberError: ``settings`` holds an unusable phone number.
    """

    def __init__(
        self, hass: HomeAssistant, client: WutsClient, device_id: str, settings: PairingSettings
    ) -> None:
        self.view = PairingView(owner=OWNER)
        self.png: bytes | None = None
        self.replaced = False
        self._session = PairingSession(client, device_id, owner=OWNER, settings=settings)
        self._changed = asyncio.Event()
        self._hass = hass
        self._device_id = device_id
        self._runner = hass.async_create_background_task(self._run(), "wuts pairing")

    @property
    def is_over(self) -> bool:
        """Whether nothing more will be shown."""
        return self.view.outcome is not None or self.replaced

    @property
    def picture(self) -> str:
        """The present QR as a ``data:`` URL, or empty."""
        if self.png is None:
            return ""
        return f"data:image/png;base64,{base64.b64encode(self.png).decode()}"

    async def change(self) -> None:
        """Wait until there is something else to show.

        Raises:
            PairingInProgressError: Somebody else is pairing this device.
        """
        await self._changed.wait()
        self._changed.clear()
        if self._runner.done() and not self.replaced:
            self._runner.result()

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
                self._hass.data.setdefault(_OPEN, {})[self._device_id] = self
                async for view in session.views():
                    if view.outcome is None:
                        self.png, self.view = await view.png(), view
                        self._notify()
        finally:
            # The outcome is shown only now that the device is free to be paired again.
            self.png, self.view = None, view
            if async_dialog_of(self._hass, self._device_id) is self:
                del self._hass.data[_OPEN][self._device_id]
            self._notify()

    @callback
    def _notify(self) -> None:
        self._changed.set()
        async_dispatcher_send(self._hass, signal_of(self._device_id))
