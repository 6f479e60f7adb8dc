"""Buttons that reconnect a device, disconnect it, try it out, or show a QR to pair it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import WutsConfigEntry
from .entity import WutsEntity, add_entities
from .errors import translated_errors
from .messaging.self_test import async_test_device
from .pairing.background import async_pair_in_background
from .pairing.dashboards import wanted

PARALLEL_UPDATES = 1


@dataclass(frozen=True, kw_only=True)
class WutsButtonDescription(ButtonEntityDescription):
    """Describes a button by what it does with its device."""

    press_fn: Callable[[WutsButton], Awaitable[None]]


async def _show_pairing_qr(button: WutsButton) -> None:
    entry = button.coordinator.config_entry
    async_pair_in_background(button.hass, entry, entry.subentries[button.subentry_id])


DESCRIPTIONS = (
    WutsButtonDescription(
        key="reconnect",
        translation_key="reconnect",
        press_fn=lambda button: button.coordinator.async_reconnect(button.device_id),
    ),
    WutsButtonDescription(
        key="disconnect",
        translation_key="disconnect",
        press_fn=lambda button: button.coordinator.async_disconnect(button.device_id),
    ),
    WutsButtonDescription(
        key="show_pairing_qr",
        translation_key="show_pairing_qr",
        entity_category=EntityCategory.CONFIG,
        press_fn=_show_pairing_qr,
    ),
    WutsButtonDescription(
        key="send_test_message",
        translation_key="send_test_message",
        entity_category=EntityCategory.DIAGNOSTIC,
        press_fn=lambda button: async_test_device(
            button.hass, button.coordinator, button.device_id
        ),
    ),
)


async def async_setup_entry(
    hass: HomeAssistant, entry: WutsConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add each device's buttons."""
    add_entities(entry, async_add_entities, WutsButton, wanted(entry, DESCRIPTIONS))


class WutsButton(WutsEntity, ButtonEntity):
    """Does something with a device."""

    entity_description: WutsButtonDescription

    @override
    async def async_press(self) -> None:
        """Do what the button is for.

        Raises:
            HomeAssistantError: It could not be done, or there is nothing to pair.
        """
        with translated_errors():
            await self.entity_description.press_fn(self)
