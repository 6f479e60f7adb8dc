"""One pairing, as a dialog shows it: what is on the screen now, and a wait for what comes next.

Whoever else shows it finds it by `async_dialog_of`, and hears of it by the signal `signal_of`.
"""

import asyncio
import base64
from enum import StrEnum

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN, OWNER
from ..core import WutsClient
from ..core.pairing import (
    PAIRINGS,
    CodeReady,
    Failed,
    Outcome,
    Paired,
    PairingEvent,
    PairingSession,
    PairingSettings,
    QrReady,
    Scanned,
    Waiting,
    WrongAccount,
)

_OPEN: HassKey[dict[str, PairingDialog]] = HassKey(f"{DOMAIN}_pairings")


@callback
def async_dialog_of(hass: HomeAssistant, device_id: str) -> PairingDialog | None:
    """Return the pairing of a device that goes on now, or None."""
    return hass.data.get(_OPEN, {}).get(device_id)


def check_is_free(client: WutsClient, device_id: str) -> None:
    """See to it that nobody is pairing a device.

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
    """Return the dispatcher's signal that a device's pairing shows something else, or has ended."""
    return f"{DOMAIN}_pairing_{device_id}"


class Stage(StrEnum):
    """What the dialog says; each has a text of its own."""

    PREPARING = "preparing"
    WAITING = "waiting"
    QR = "qr"
    CODE = "code"
    SCANNED = "scanned"


class PairingDialog:
    """Runs one pairing in the background for as long as its dialog is open.

    Args:
        hass: Home Assistant.
        client: Makes the calls.
        device_id: The device to pair.
        settings: Method and times.

    Attributes:
        stage: What to say now.
        png: The present QR, or None.
        code: The present pair code, or empty.
        outcome: How it ended, or None while it goes on.
        replaced: Whether another dialog has gone on with the device; then there is no outcome.

    Raises:
        InvalidPhoneNumberError: ``settings`` holds an unusable phone number.
    """

    def __init__(
        self, hass: HomeAssistant, client: WutsClient, device_id: str, settings: PairingSettings
    ) -> None:
        self.stage = Stage.PREPARING
        self.png: bytes | None = None
        self.code = ""
        self.outcome: Outcome | None = None
        self.replaced = False
        self._session = PairingSession(client, device_id, owner=OWNER, settings=settings)
        self._changed = asyncio.Event()
        self._hass = hass
        self._device_id = device_id
        self._runner = hass.async_create_background_task(self._run(), "wuts pairing")

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
        """End the pairing, wherever it is; nothing of it is left behind."""
        self._runner.cancel()

    async def async_replace(self) -> None:
        """End the pairing, since somebody has opened another dialog for the device."""
        self.replaced = True
        self._runner.cancel()
        await asyncio.wait([self._runner])

    async def _run(self) -> None:
        outcome: Outcome | None = None
        try:
            async with self._session as events:
                self._hass.data.setdefault(_OPEN, {})[self._device_id] = self
                async for event in events:
                    if isinstance(event, Paired | WrongAccount | Failed):
                        outcome = event
                    else:
                        await self._show(event)
        finally:
            # Told only now that the device is free to be paired again.
            self.outcome = outcome
            if async_dialog_of(self._hass, self._device_id) is self:
                del self._hass.data[_OPEN][self._device_id]
            self._tell()

    async def _show(self, event: PairingEvent) -> None:
        match event:
            case QrReady():
                self.png = await event.png()
                self.stage = Stage.QR
            case CodeReady():
                self.code = event.code
                self.stage = Stage.CODE
            case Scanned():
                self.png = None
                self.stage = Stage.SCANNED
            case Waiting() if self.stage is Stage.PREPARING:
                self.stage = Stage.WAITING
        self._tell()

    @callback
    def _tell(self) -> None:
        self._changed.set()
        async_dispatcher_send(self._hass, signal_of(self._device_id))
