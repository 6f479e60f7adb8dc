"""One pairing, as a dialog shows it: what is on the screen now, and a wait for what comes next."""

import asyncio
import base64
from enum import StrEnum

from homeassistant.core import HomeAssistant, callback

from .const import OWNER
from .core import WutsClient
from .core.pairing import (
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
        picture: The present QR as a ``data:`` URL, or empty.
        code: The present pair code, or empty.
        outcome: How it ended, or None while it goes on.

    Raises:
        InvalidPhoneNumberError: ``settings`` holds an unusable phone number.
    """

    def __init__(
        self, hass: HomeAssistant, client: WutsClient, device_id: str, settings: PairingSettings
    ) -> None:
        self.stage = Stage.PREPARING
        self.picture = ""
        self.code = ""
        self.outcome: Outcome | None = None
        self._session = PairingSession(client, device_id, owner=OWNER, settings=settings)
        self._changed = asyncio.Event()
        self._runner = hass.async_create_background_task(self._run(), "wuts pairing")

    async def change(self) -> None:
        """Wait until there is something else to show.

        Raises:
            PairingInProgressError: Somebody else is pairing this device.
        """
        await self._changed.wait()
        self._changed.clear()
        if self._runner.done():
            self._runner.result()

    @callback
    def close(self) -> None:
        """End the pairing, wherever it is; nothing of it is left behind."""
        self._runner.cancel()

    async def _run(self) -> None:
        outcome: Outcome | None = None
        try:
            async with self._session as events:
                async for event in events:
                    if isinstance(event, Paired | WrongAccount | Failed):
                        outcome = event
                    else:
                        await self._show(event)
        finally:
            # Told only now that the device is free to be paired again.
            self.outcome = outcome
            self._changed.set()

    async def _show(self, event: PairingEvent) -> None:
        match event:
            case QrReady():
                png = await event.png()
                self.picture = f"data:image/png;base64,{base64.b64encode(png).decode()}"
                self.stage = Stage.QR
            case CodeReady():
                self.code = event.code
                self.stage = Stage.CODE
            case Scanned():
                self.stage = Stage.SCANNED
            case Waiting() if self.stage is Stage.PREPARING:
                self.stage = Stage.WAITING
        self._changed.set()
