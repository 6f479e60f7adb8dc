"""What the app needs besides Slack: the gateways, the store, the gateway's webhooks."""

from collections.abc import AsyncIterator, Iterator

from wuts.doctor import Finding as DoctorFinding
from wuts.doctor import FindingCode, Level, run_doctor
from wuts.errors import ErrorCode, WutsError
from wuts.http.aiohttp_transport import aiohttp_transport
from wuts.supervisor.store import StoreError
from wuts.supervisor.store.sql import SqlStore

from ..devices.webhooks import PATH
from ..settings import AccountSettings, Mode, Settings
from .finding import Finding

_FIXES: dict[ErrorCode, str] = {
    ErrorCode.TOKEN_REFUSED: "Replace the account's token.",
    ErrorCode.CONFIGURATION: "Correct the account's url, token and ca_file.",
    **dict.fromkeys(
        (ErrorCode.GATEWAY_UNREACHABLE, ErrorCode.NO_ANSWER),
        "Correct the account's url, or make sure that this machine can reach it.",
    ),
    ErrorCode.NAME_NOT_FOUND: (
        "Its host name was not found. Correct it in the account's url, or correct this "
        "machine's DNS."
    ),
    ErrorCode.CONNECTION_REFUSED: (
        "Nothing is listening at its port. Correct the port in the account's url, start "
        "the gateway, or make sure that this machine can reach it."
    ),
    ErrorCode.CERTIFICATE_UNTRUSTED: (
        "If your own certificate authority signed it, set the account's ca_file to the "
        "authority's certificate."
    ),
    ErrorCode.CERTIFICATE_EXPIRED: (
        "Check this machine's clock, or ask the gateway's operator to renew the certificate."
    ),
    ErrorCode.CERTIFICATE_WRONG_HOST: "Use the certificate's host in the account's url.",
    ErrorCode.TOO_MANY_OPEN_FILES: "Raise the limit of open files (ulimit -n, LimitNOFILE).",
    ErrorCode.UNEXPECTED_ANSWER: "Correct the account's url, or remove the proxy in front of it.",
}
_SHOWN = {Level.WARN, Level.FAIL}
_STORE = "The store"
_TOPIC = "slack.check"
_WEBHOOKS = "The gateway's webhooks"


async def check_gateways(settings: Settings) -> AsyncIterator[Finding]:
    """Ask each account's gateway for its devices, then for all that the doctor asks."""
    for name, account in settings.accounts.items():
        async for finding in _check_gateway(f"The gateway of {name}", account):
            yield finding


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
        yield Finding(_WEBHOOKS, f"accepted at {PATH}")
        return
    fix = "Set mode to http, or remove webhook_secret."
    yield Finding(_WEBHOOKS, "not accepted in Socket Mode, which has no server", fix)


async def _check_gateway(what: str, account: AccountSettings) -> AsyncIterator[Finding]:
    try:
        async with account.client(aiohttp_transport) as client:
            devices = await client.list_devices()
            connected = sum(device.connected for device in devices)
            yield Finding(what, f"{len(devices)} devices, {connected} of them connected")
            if devices.unreadable:
                named = ", ".join(devices.unreadable)
                yield Finding(what, f"rows that cannot be read are left out: {named}", note=True)
            report = await run_doctor(client)
        if report.worst is not Level.FAIL:
            yield Finding(what, "wuts doctor finds nothing to fix")
        for finding in report.findings:
            if finding.level in _SHOWN and finding.code is not FindingCode.READ_NOT_OFFERED:
                yield _of_the_doctor(what, finding)
    except WutsError as error:
        # The message's own advice is for somebody who has no settings to look at.
        seen, _, _ = error.message.partition(". ")
        fix = _FIXES.get(error.code, "Ask the gateway's operator.")
        yield Finding(what, seen.rstrip("."), fix)


def _of_the_doctor(what: str, finding: DoctorFinding) -> Finding:
    """Return a finding of the doctor's; only what failed must be fixed."""
    first, *details = finding.lines()
    seen = first.removeprefix(finding.level.value).strip()
    if finding.level is Level.FAIL:
        return Finding(what, seen.rstrip(".:"), "Tell the gateway's operator.", details=details)
    return Finding(what, seen, note=True, details=details)


def _broken(error: StoreError) -> Finding:
    seen, _, fix = error.message.partition(". ")
    return Finding(_STORE, seen.rstrip("."), fix or "Correct the store's address.")
