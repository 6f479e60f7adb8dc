"""Reconnect a device now, or end its session."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import WutsConfigEntry, WutsCoordinator
from .core.errors import WutsError
from .entity import WutsEntity, add_entities
from .problems import action_failed

PARALLEL_UPDATES = 1


@dataclass(frozen=True, kw_only=True)
class WutsButtonDescription(ButtonEntityDescription):
    """Describes a button by what it does with a device's id."""

    press_fn: Callable[[WutsCoordinator, str], Awaitable[None]]


DESCRIPTIONS = (
    WutsButtonDescription(
        key="reconnect",
        translation_key="reconnect",
        press_fn=WutsCoordinator.async_reconnect,
    ),
    WutsButtonDescription(
        key="disconnect",
        translation_key="disconnect",
        press_fn=WutsCoordinator.async_disconnect,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant, entry: WutsConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add each device's buttons."""
    add_entities(entry, async_add_entities, WutsButton, DESCRIPTIONS)


class WutsButton(WutsEntity, ButtonEntity):
    """Does something with a device."""

    entity_description: WutsButtonDescription

    @override
    async def async_press(self) -> None:
        """Do it.

        Raises:
            HomeAssistantError: The gateway could not.
        """
        try:
            await self.entity_description.press_fn(self.coordinator, self.device_id)
        except WutsError as error:
            raise action_failed(error) from error
