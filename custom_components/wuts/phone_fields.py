"""What a field for a phone number offers: the country code of the home, and an example."""

from homeassistant.core import HomeAssistant

from .core.phone_numbers import calling_code, example_number


def code_offered(hass: HomeAssistant) -> str:
    """Return what a number begins with in the home's country, to be typed on; or nothing."""
    code = calling_code(hass.config.country)
    return "" if code is None else f"+{code} "


def example_for(hass: HomeAssistant) -> str:
    """Return a number as people write it in the home's country."""
    return example_number(hass.config.country)
