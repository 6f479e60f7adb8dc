"""The dispatcher's signals from an account to its entities."""

from .const import DOMAIN


def signal_of_states(account: str, device_id: str) -> str:
    """Return the signal for a device's state changes, which it carries."""
    return f"{DOMAIN}_state_{account}_{device_id}"


def signal_of_alerts(account: str) -> str:
    """Return the signal for what happens to an account's alerts, which it carries."""
    return f"{DOMAIN}_alert_{account}"
