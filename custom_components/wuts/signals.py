"""The dispatcher's signals from an account to its entities and triggers."""

from dataclasses import dataclass
from typing import Final

from homeassistant.config_entries import ConfigEntry

from .const import DOMAIN
from .core.incoming import IncomingMessage

SIGNAL_OF_MESSAGES: Final = f"{DOMAIN}_messages"
"""The signal for every message that reached a device of ours; it carries a `Received`."""


@dataclass(frozen=True, slots=True)
class Received:
    """A message, and the account whose device it reached."""

    entry: ConfigEntry
    message: IncomingMessage


def signal_of_states(account: str, device_id: str) -> str:
    """Return the signal for a device's state changes, which it carries."""
    return f"{DOMAIN}_state_{account}_{device_id}"


def signal_of_messages(account: str, device_id: str) -> str:
    """Return the signal for messages that reached a device, which it carries."""
    return f"{DOMAIN}_message_{account}_{device_id}"


def signal_of_alerts(account: str) -> str:
    """Return the signal for what happens to an account's alerts, which it carries."""
    return f"{DOMAIN}_alert_{account}"
