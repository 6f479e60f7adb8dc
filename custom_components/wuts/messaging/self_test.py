"""A test message to a device's own number, and its result."""

from homeassistant.components import persistent_notification
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.translation import async_get_translations

from ..alerts.details import plain
from ..const import DOMAIN
from ..coordinator import WutsCoordinator


async def async_test_device(
    hass: HomeAssistant, coordinator: WutsCoordinator, device_id: str
) -> None:
    """Have a device send a message to itself, and tell people that it did.

    The device is asked how it is: what the last listing said may be over.

    Raises:
        HomeAssistantError: The device is down, or nobody tells its number; nothing was sent.
        WutsError: The gateway refused, or does not answer.
    """
    finding = f"{DOMAIN}_test_{coordinator.config_entry.entry_id}_{device_id}"
    persistent_notification.async_dismiss(hass, finding)
    number = await _own_number(coordinator, device_id)
    name = coordinator.members.names[device_id]
    text = (await _text(hass, "message")).format(name=name)
    await coordinator.client.send_text(number, text, device_id)
    told = (await _text(hass, "sent")).format(name=plain(name))
    title = await _text(hass, "title")
    persistent_notification.async_create(hass, told, title, finding)


async def _own_number(coordinator: WutsCoordinator, device_id: str) -> str:
    status = await coordinator.client.get_status(device_id)
    number = status.phone_number or coordinator.listed_number(device_id)
    if status.ready and number is not None:
        return number
    key = "own_number_unknown" if status.ready else "device_not_ready"
    raise HomeAssistantError(translation_domain=DOMAIN, translation_key=key)


async def _text(hass: HomeAssistant, key: str) -> str:
    """Return a text in the home's language: neither a message nor a notification has a reader."""
    texts = await async_get_translations(hass, hass.config.language, "selector", [DOMAIN])
    return texts[f"component.{DOMAIN}.selector.self_test.options.{key}"]
