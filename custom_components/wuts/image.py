"""The QR of a running pairing, for a dashboard on a tablet on the wall."""

from datetime import datetime
from typing import override

from aiohttp.web import HTTPNotFound
from homeassistant.components.image import ImageEntity, ImageEntityDescription
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.http import current_request
from homeassistant.util import dt as dt_util

from .coordinator import WutsConfigEntry, WutsCoordinator
from .entity import WutsEntity, add_entities
from .pairing.dashboards import wanted
from .pairing.dialog import PairingDialog, async_dialog_of, signal_of

PARALLEL_UPDATES = 0

PICTURES = "/api/image_proxy/"
"""Where Home Assistant shows images."""

DESCRIPTIONS = (ImageEntityDescription(key="pairing_qr", translation_key="pairing_qr"),)


async def async_setup_entry(
    hass: HomeAssistant, entry: WutsConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add each device's image."""
    add_entities(entry, async_add_entities, WutsImage, wanted(entry, DESCRIPTIONS))


class WutsImage(WutsEntity, ImageEntity):
    """The QR that a dialog or the button asked for; unavailable while there is none."""

    _attr_content_type = "image/png"
    _shown_at: datetime | None = None
    _png: bytes | None = None

    def __init__(
        self,
        coordinator: WutsCoordinator,
        subentry: ConfigSubentry,
        description: ImageEntityDescription,
    ) -> None:
        ImageEntity.__init__(self, coordinator.hass)
        WutsEntity.__init__(self, coordinator, subentry, description)
        self._look(coordinator.hass)

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(
            async_dispatcher_connect(self.hass, signal_of(*self.key), self._take_change)
        )

    @property
    @override
    def available(self) -> bool:
        return self._png is not None

    @property
    @override
    def entity_picture(self) -> str | None:
        """Where the QR is; without one, Home Assistant would record a new address every while."""
        return super().entity_picture if self.available else None

    @override
    async def async_image(self) -> bytes | None:
        """Return the QR as a PNG, black on white with its quiet zone, or None.

        Raises:
            HTTPNotFound: There is none, and a browser asks for it: of None, Home Assistant makes
                an error of its own.
        """
        request = current_request.get()
        if self._png is None and request is not None and request.path.startswith(PICTURES):
            raise HTTPNotFound
        return self._png

    @callback
    def _take_change(self, _dialog: PairingDialog) -> None:
        if self._look(self.hass):
            self.async_write_ha_state()

    def _look(self, hass: HomeAssistant) -> bool:
        """Take over the present QR; tell whether it is another."""
        dialog = async_dialog_of(hass, *self.key)
        png = None if dialog is None else dialog.png
        if png == self._png:
            return False
        self._png = png
        self._attr_image_last_updated = dt_util.utcnow()
        # The address of one QR must not show the next.
        self.async_update_token()
        return True
