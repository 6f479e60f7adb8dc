"""Whether each account's gateway answers and takes the token."""

from collections.abc import AsyncIterator

from slack_app.settings import AccountSettings, Settings
from wuts import WutsClient
from wuts.errors import InvalidTokenError, WutsConfigError, WutsConnectionError, WutsError

from .finding import Finding

_FIXES: tuple[tuple[type[WutsError], str], ...] = (
    (InvalidTokenError, "Replace the account's token."),
    (WutsConfigError, "Correct the account's url and token."),
    (WutsConnectionError, "Correct the account's url, or let this machine reach it."),
)
_OTHERWISE = "Ask those who run the gateway."


async def check_gateways(settings: Settings) -> AsyncIterator[Finding]:
    """Ask each account's gateway for its devices."""
    for name, account in settings.accounts.items():
        yield await _check(f"The gateway of {name}", account)


async def _check(what: str, account: AccountSettings) -> Finding:
    try:
        async with WutsClient(account.token.get_secret_value(), base_url=account.url) as client:
            devices = await client.list_devices()
    except WutsError as error:
        fix = next((text for kind, text in _FIXES if isinstance(error, kind)), _OTHERWISE)
        # The message's own advice is for somebody who has no settings to look at.
        seen, _, _ = error.message.partition(". ")
        return Finding(what, seen.rstrip("."), fix)
    connected = sum(device.connected for device in devices)
    return Finding(what, f"{len(devices)} devices, {connected} of them connected")
