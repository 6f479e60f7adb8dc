"""What the app needs beside Slack: the gateways, the store, the gateway's webhooks."""

from collections.abc import AsyncIterator, Iterator

from wuts import WutsClient
from wuts.errors import InvalidTokenError, WutsConfigError, WutsConnectionError, WutsError
from wuts.supervisor.store import StoreError
from wuts.supervisor.store.sql import SqlStore

from ..devices.webhooks import PATH
from ..settings import AccountSettings, Mode, Settings
from .finding import Finding

_FIXES: tuple[tuple[type[WutsError], str], ...] = (
    (InvalidTokenError, "Replace the account's token."),
    (WutsConfigError, "Correct the account's url and token."),
    (WutsConnectionError, "Correct the account's url, or let this machine reach it."),
)
_STORE = "The store"
_TOPIC = "slack.check"
_WEBHOOKS = "The gateway's webhooks"


async def check_gateways(settings: Settings) -> AsyncIterator[Finding]:
    """Ask each account's gateway for its devices."""
    for name, account in settings.accounts.items():
        yield await _check_gateway(f"The gateway of {name}", account)


async def check_store(settings: Settings) -> AsyncIterator[Finding]:
    """Write something into the store, and take it out again."""
    try:
        store = SqlStore(settings.store.get_secret_value())
    except StoreError as error:
        yield _broken(error)
        return
    try:
        await store.put(_TOPIC, "check", "")
        await store.delete(_TOPIC, "check")
    except StoreError as error:
        yield _broken(error)
    else:
        yield Finding(_STORE, "can be written")
    finally:
        await store.close()


def check_webhooks(settings: Settings) -> Iterator[Finding]:
    """See whether webhooks would be taken."""
    if not settings.webhook_secret:
        return
    if settings.mode is Mode.HTTP:
        yield Finding(_WEBHOOKS, f"taken at {PATH}")
        return
    fix = "Set mode to http, or take webhook_secret out."
    yield Finding(_WEBHOOKS, "not taken in Socket Mode, which has no server", fix)


async def _check_gateway(what: str, account: AccountSettings) -> Finding:
    try:
        async with WutsClient(account.token.get_secret_value(), base_url=account.url) as client:
            devices = await client.list_devices()
    except WutsError as error:
        fixes = (text for kind, text in _FIXES if isinstance(error, kind))
        # The message's own advice is for somebody who has no settings to look at.
        seen, _, _ = error.message.partition(". ")
        return Finding(what, seen.rstrip("."), next(fixes, "Ask those who run the gateway."))
    connected = sum(device.connected for device in devices)
    return Finding(what, f"{len(devices)} devices, {connected} of them connected")


def _broken(error: StoreError) -> Finding:
    seen, _, fix = error.message.partition(". ")
    return Finding(_STORE, seen.rstrip("."), fix or "Correct its address.")
