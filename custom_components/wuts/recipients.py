"""The people and groups that an account's user sends messages to."""

from homeassistant.config_entries import ConfigEntry, ConfigSubentry

from .const import SUBENTRY_RECIPIENT


def recipients_of(entry: ConfigEntry) -> list[ConfigSubentry]:
    """Return the recipients that were added to an account."""
    return list(entry.get_subentries_of_type(SUBENTRY_RECIPIENT))
