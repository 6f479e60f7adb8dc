"""Push: the gateway reports a change at once, so that it is seen before the next look.

`async_setup_push` runs it while an account is loaded; `async_release` and `async_end_push` make the
gateway stop.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Collection, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from aiohttp import StreamReader
from aiohttp.hdrs import METH_POST
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web import PayloadAccessError, Request, RequestPayloadError, Response
from homeassistant.components import webhook
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.network import NoURLAvailableError, get_url

from ..account.client import client_of
from ..account.consent import check_confirmed
from ..account.members import devices_of
from ..alerts.issues import ACCOUNT, OF_PUSH, PUSH_STOPPED, PUSH_TAKEN, Issues, Text
from ..background import keep_running
from ..const import DOMAIN, LOGGER
from ..coordinator import WutsConfigEntry, WutsCoordinator
from ..core.errors import DeviceNotFoundError, NotVerifiedError, WrongDeviceError, WutsError
from ..core.pairing import PAIRINGS
from ..core.webhooks import Delivery, Refusal, WebhookReceiver
from ..errors import ConfusedGatewayError, Kind, variant_of
from .webhooks import SECRET_HEADER, PushAddress, host_of, put_up, take_down

CONF_PUSH: Final = "push"
CONF_SECRET: Final = "push_secret"  # noqa: S105 - the name of one, not one
CONF_WEBHOOK_ID: Final = "webhook_id"

CHUNK = 16 * 1024
"""Bytes of a delivery that are read at a time."""

KINDS_TOLD: Final = frozenset({Kind.IN_DOUBT, Kind.NOT_CONFIRMED})
"""Problems that have a text of their own."""

RETRY_AFTER = 60.0
"""Seconds until a gateway that could not take our webhook is asked again."""


def new_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return an account's options with push turned on.

    The webhook's id and its secret are kept once they are made: the gateway may still have them.
    """
    return {
        CONF_WEBHOOK_ID: webhook.async_generate_id(),
        CONF_SECRET: secrets.token_urlsafe(32),
        **options,
        CONF_PUSH: True,
    }


@callback
def address_of(hass: HomeAssistant, options: Mapping[str, Any]) -> PushAddress:
    """Return where deliveries reach this Home Assistant.

    Raises:
        NoURLAvailableError: It has no external https:// address.
    """
    path = webhook.async_generate_path(options[CONF_WEBHOOK_ID])
    base = get_url(hass, allow_internal=False, require_ssl=True, prefer_external=True)
    return PushAddress(url=base + path, path=path, secret=options[CONF_SECRET])


@callback
def async_setup_push(hass: HomeAssistant, entry: WutsConfigEntry) -> None:
    """Take deliveries for as long as the account is loaded, if its options say so."""
    issues = Issues(hass, entry, OF_PUSH)
    if not entry.options.get(CONF_PUSH):
        issues.forget()
        return
    try:
        address = address_of(hass, entry.options)
    except NoURLAvailableError:
        LOGGER.warning(
            "%s: push needs an external https:// address of Home Assistant; until there is one, "
            "changes are seen at the next look",
            entry.title,
        )
        return
    webhook_id = entry.options[CONF_WEBHOOK_ID]
    receiver = WebhookReceiver(header=SECRET_HEADER, secret=address.secret)
    deliver = partial(_deliver, entry.runtime_data, receiver)
    webhook.async_register(
        hass, DOMAIN, entry.title, webhook_id, deliver, allowed_methods=[METH_POST]
    )
    entry.async_on_unload(lambda: webhook.async_unregister(hass, webhook_id))
    entry.async_on_unload(lambda: issues.show({}))
    subscription = keep_running(
        f"{entry.title}: push",
        partial(_subscribe, hass, entry, address, issues),
        wait=RETRY_AFTER,
        tell=partial(_tell_broken, issues),
    )
    _ = entry.async_create_background_task(hass, subscription, "wuts push")


async def _deliver(
    coordinator: WutsCoordinator,
    receiver: WebhookReceiver,
    _hass: HomeAssistant,
    _webhook_id: str,
    request: Request,
) -> Response:
    """Look at the device that a delivery names, or at all of them.

    What it says is not believed, but it may explain an alert that the gateway's answers open.

    A pairing of the device looks too.
    """
    try:
        delivery = await receiver.receive(request.headers, _chunks(request.content))
    except RequestPayloadError, PayloadAccessError, HttpProcessingError, OSError:
        delivery = Delivery()  # its secret was right
    if isinstance(delivery, Refusal):
        return Response(status=delivery.status)
    coordinator.async_hear(delivery)
    session = PAIRINGS.running(coordinator.client.base_url, delivery.device_id or "")
    if session is not None:
        session.hint(delivery.event or "")
    return Response(status=HTTPStatus.OK)


async def _chunks(stream: StreamReader) -> AsyncIterator[bytes]:
    """Read a body as Home Assistant's own relay lets it be read too."""
    while chunk := await stream.read(CHUNK):
        yield chunk


async def _subscribe(
    hass: HomeAssistant, entry: WutsConfigEntry, address: PushAddress, issues: Issues
) -> None:
    """Put our webhooks up, and say why where that is not possible.

    What the gateway may have done to another device ends that. While it answers about other
    devices, that is waited for.
    """
    is_told = False
    while True:
        try:
            return await _put_up_all(hass, entry, address, issues)
        except WutsError as error:
            _show_stopped(issues, variant_of(PUSH_STOPPED, error, KINDS_TOLD))
            if not is_told:
                is_told = True
                LOGGER.warning("%s: push is not set up: %s", entry.title, error.message)
            if not isinstance(error, ConfusedGatewayError):
                return None
        await asyncio.sleep(RETRY_AFTER)


async def _tell_broken(issues: Issues) -> None:
    _show_stopped(issues, PUSH_STOPPED)


def _show_stopped(issues: Issues, text: str) -> None:
    issues.show({(PUSH_STOPPED, ACCOUNT): Text({}, text)})


async def _put_up_all(
    hass: HomeAssistant, entry: WutsConfigEntry, address: PushAddress, issues: Issues
) -> None:
    """Put our webhook up for each device, also for those that are added later.

    It is tried again where the gateway could not take it.

    Raises:
        NotConfirmedError: A person has to agree first, in the account's options.
        ConfusedGatewayError: The gateway answers about other devices; nothing was sent.
        WrongDeviceError: The gateway answered about another device.
        NotVerifiedError: What it was told to store is not there.
    """
    coordinator = entry.runtime_data
    done: set[str] = set()
    taken: dict[tuple[str, str], Text] = {}
    while True:
        names = devices_of(entry)
        done &= names.keys()
        if any(device_id not in names for _, device_id in taken):
            taken = {key: words for key, words in taken.items() if key[1] in names}
            issues.show(taken)
        if names.keys() - done:
            listed = coordinator.listed_ids | names.keys()
            await check_confirmed(coordinator.client, listed, entry.options)
        failed = False
        for device_id in sorted(names.keys() - done, key=[*names].index):
            try:
                stranger = await put_up(hass, entry, coordinator.client, device_id, address)
            except NotVerifiedError, WrongDeviceError, ConfusedGatewayError:
                raise
            except WutsError as error:
                LOGGER.debug("The gateway took no webhook: %s", error.message)
                failed = True
                continue
            done.add(device_id)
            if stranger is not None:
                words = {"name": names[device_id], "host": host_of(stranger)}
                taken[PUSH_TAKEN, device_id] = Text(words)
            issues.show(taken, {ACCOUNT, device_id})
        if failed:
            await asyncio.sleep(RETRY_AFTER)
        elif devices_of(entry).keys() == done:
            await coordinator.members.until_changed()


async def async_release(
    hass: HomeAssistant, entry: WutsConfigEntry, device_ids: Collection[str]
) -> None:
    """Take our webhook down from some devices, where it is up.

    Raises:
        WutsError: The gateway could not do it for all of them.
    """
    webhook_id = entry.options.get(CONF_WEBHOOK_ID)
    if webhook_id is None:
        return
    client = await client_of(hass, entry.data)
    path = webhook.async_generate_path(webhook_id)
    for device_id in device_ids:
        try:
            await take_down(hass, entry, client, device_id, path)
        except DeviceNotFoundError:
            LOGGER.debug("A device that is gone has no webhook to take down")


async def async_end_push(
    hass: HomeAssistant, entry: WutsConfigEntry, device_ids: Collection[str]
) -> None:
    """Take our webhook down from removed devices, as far as the gateway answers.

    Nobody can be asked now: a gateway that may confuse devices is left as it is.
    """
    if not device_ids or CONF_WEBHOOK_ID not in entry.options:
        return
    try:
        client = await client_of(hass, entry.data)
        listed = [device.id for device in await client.list_devices()]
        await check_confirmed(client, listed, entry.options)
        await async_release(hass, entry, device_ids)
    except WutsError as error:
        LOGGER.warning(
            "%s: the gateway goes on to deliver to a webhook that is no more: %s",
            entry.title,
            error.message,
        )
