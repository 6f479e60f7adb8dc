"""Calls that take something away, verified by a look afterwards.

No page of the reference says whether ``/logout`` and ``/webhook`` heed ``device_id``, and only the
guide says so of ``/disconnect``. A gateway that ignores it changes another device and still answers
with a success. So ask a person first where `needs_confirmation` says so, and make the call by
these functions: they look at the device afterwards. When one raises `WrongDeviceError` or
`NotVerifiedError`, send nothing else that changes a device until somebody has looked.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import islice

from .client import WutsClient
from .errors import DeviceNotFoundError, NotVerifiedError, WrongDeviceError, WutsError
from .models import Acknowledgement, Webhook
from .webhooks import WebhookConfig

PAUSES = (0.0, 0.5, 1.5)
"""Seconds before each look: a gateway may need a moment until what it did shows."""

MOST_DEVICES = 5
"""How many webhooks are read at most to learn whether the gateway tells devices apart."""

_FOUND = {
    "connected": "the device is still connected",
    "linked": "a phone is still linked to the device",
    "webhook": "the device still has a webhook",
    "no_webhook": "the device has no webhook",
    "other_webhook": "the device has another webhook",
}

ELSEWHERE = "Another device may have been changed: check all devices before you change anything."


async def disconnect(
    client: WutsClient, device_id: str, *, pauses: Sequence[float] = PAUSES
) -> Acknowledgement:
    """End the session, keep the credentials, and see that the device is down.

    Raises:
        DeviceNotConnectedError: It is not connected, or there is no such device.
        WrongDeviceError: An answer named another device.
        NotVerifiedError: The device is still connected, or nobody could look.
    """
    answer = await client.disconnect(device_id)

    async def look() -> str | None:
        return "connected" if (await client.get_status(device_id)).connected else None

    await _verify("disconnect", "disconnected the device", look, pauses)
    return answer


async def logout(
    client: WutsClient, device_id: str, *, pauses: Sequence[float] = PAUSES
) -> Acknowledgement:
    """Unlink the phone, and see that the device has no credentials left.

    Raises:
        DeviceNotFoundError: There is no such device.
        WrongDeviceError: An answer named another device.
        NotVerifiedError: A phone is still linked, or nobody could look.
    """
    answer = await client.logout(device_id)

    async def look() -> str | None:
        return "linked" if (await client.get_status(device_id)).has_credentials else None

    await _verify("logout", "logged the device out", look, pauses)
    return answer


async def delete_device(
    client: WutsClient, device_id: str, *, pauses: Sequence[float] = PAUSES
) -> Acknowledgement:
    """Disconnect a device and mark it offline, and see that it is down; it stays listed.

    Raises:
        DeviceNotFoundError: There is no such device.
        WrongDeviceError: An answer named another device.
        NotVerifiedError: The device is still connected, or nobody could look.
    """
    answer = await client.delete_device(device_id)

    async def look() -> str | None:
        try:
            return "connected" if (await client.get_status(device_id)).connected else None
        except DeviceNotFoundError:
            return None

    await _verify("delete_device", "deleted the device", look, pauses)
    return answer


async def set_webhook(
    client: WutsClient,
    config: WebhookConfig,
    device_id: str,
    *,
    pauses: Sequence[float] = PAUSES,
) -> None:
    """Replace the device's one webhook, and see that it is the one.

    Raises:
        WrongDeviceError: An answer named another device.
        NotVerifiedError: The device has another webhook or none, or nobody could look.
    """
    await client.set_webhook(config, device_id)

    async def look() -> str | None:
        return _difference(await client.get_webhook(device_id), config)

    await _verify("set_webhook", "stored the webhook", look, pauses)


async def delete_webhook(
    client: WutsClient, device_id: str, *, pauses: Sequence[float] = PAUSES
) -> Acknowledgement:
    """Delete the device's one webhook, and see that it is gone.

    Raises:
        WrongDeviceError: An answer named another device.
        NotVerifiedError: The device still has a webhook, or nobody could look.
    """
    answer = await client.delete_webhook(device_id)

    async def look() -> str | None:
        try:
            webhook = await client.get_webhook(device_id)
        except DeviceNotFoundError:  # a gateway may say so of a webhook that is not there
            return None
        return "webhook" if webhook and webhook.webhook_url else None

    await _verify("delete_webhook", "deleted the webhook", look, pauses)
    return answer


def needs_confirmation(device_count: int, *, heeds: bool | None) -> bool:
    """Return whether a person must be asked before ``/logout``, ``/disconnect`` or ``/webhook``.

    Args:
        device_count: How many devices the account has.
        heeds: What `heeds_device_id` said.
    """
    return device_count > 1 and heeds is not True


async def heeds_device_id(client: WutsClient, device_ids: Iterable[str]) -> bool | None:
    """Return whether the gateway tells devices apart where no page says so, without any change.

    The webhooks of a few devices are read and compared.

    Args:
        client: Makes the calls.
        device_ids: The account's devices; a handful of them is asked about.

    Returns:
        True or False, or None if their webhooks do not say: most often there are none.
    """
    webhooks: list[Webhook | None] = []
    for device_id in islice(dict.fromkeys(device_ids), MOST_DEVICES):
        try:
            webhooks.append(await client.get_webhook(device_id))
        except WrongDeviceError:
            return False
        except WutsError:
            continue
        verdict = are_told_apart(webhooks)
        if verdict is not None:
            return verdict
    return None


def are_told_apart(webhooks: Sequence[Webhook | None]) -> bool | None:
    """Return whether the webhooks of several devices are their own; None if that is not known."""
    ids = [webhook.id for webhook in webhooks if webhook and webhook.id]
    if len(set(ids)) < len(ids):
        return False
    differ = len(ids) > 1 or (bool(ids) and None in webhooks)
    return True if differ else None


def _difference(webhook: Webhook | None, config: WebhookConfig) -> str | None:
    """Return what is there instead of ``config``, or None if it is there."""
    if webhook is None or not webhook.webhook_url:
        return "no_webhook"
    is_same = (
        webhook.webhook_url.rstrip("/") == config.url.rstrip("/")
        and set(webhook.enabled_events) == set(config.events)
        and webhook.enabled == config.enabled
    )
    return None if is_same else "other_webhook"


async def _verify(
    action: str, done: str, look: Callable[[], Awaitable[str | None]], pauses: Sequence[float]
) -> None:
    """Look until nothing speaks against it, or raise what the last look found."""
    found: str | None = None
    problem = ""
    for pause in pauses:
        await asyncio.sleep(pause)
        try:
            found = await look()
        except WrongDeviceError:
            raise
        except WutsError as error:
            found, problem = None, error.message
        else:
            if found is None:
                return
    seen = _FOUND[found] if found else f"the device could not be checked: {problem}"
    message = f"The gateway said that it {done}, but {seen.rstrip('.')}. {ELSEWHERE}"
    raise NotVerifiedError(message, action=action, found=found)
