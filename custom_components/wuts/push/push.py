"""Push: the gateway reports what happens at once, so that it is seen before the next look.

`async_setup_push` runs it while an account is loaded; `async_release` and `async_end_push` make the
gateway stop.
"""

import asyncio
from collections.abc import Awaitable, Collection
from typing import Final

from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.network import NoURLAvailableError

from ..account.client import client_of
from ..account.consent import check_confirmed
from ..account.members import devices_of
from ..alerts.issues import (
    ACCOUNT,
    OF_PUSH,
    PUSH_SHARED,
    PUSH_STOPPED,
    PUSH_TAKEN,
    Issues,
    Text,
)
from ..background import keep_running
from ..const import LOGGER
from ..coordinator import WutsConfigEntry
from ..core import WutsClient
from ..core.errors import DeviceNotFoundError, NotVerifiedError, WrongDeviceError, WutsError
from ..core.push_address import PushAddress, host_of
from ..core.verified import heeds_device_id
from ..errors import ConfusedGatewayError, Kind, variant_of
from .address import (
    async_address_of,
    async_forget_cloudhook,
    async_keep_cloudhook,
    async_on_address_change,
    known_address,
)
from .deliveries import async_close, async_hold, async_open
from .log import DeliveryLog, async_forget_log, async_log_of
from .options import CONF_CLOUDHOOK, CONF_PUSH, CONF_WEBHOOK_ID
from .webhooks import put_up, take_down

KINDS_TOLD: Final = frozenset({Kind.IN_DOUBT, Kind.NOT_CONFIRMED})
"""Problems that have a text of their own."""

RETRY_AFTER: Final = 60.0
"""Seconds until a gateway that could not take our webhook is asked again."""

type _Shown = dict[tuple[str, str], Text]


async def async_setup_push(hass: HomeAssistant, entry: WutsConfigEntry) -> None:
    """Take deliveries for as long as the account is loaded, if its options say so."""
    issues = Issues(hass, entry, OF_PUSH)
    if not entry.options.get(CONF_PUSH):
        issues.forget()
        await _async_end(hass, entry)
        return
    log = async_log_of(hass, entry.entry_id)
    await log.read()
    async_open(hass, entry, log)
    _keep_log(hass, entry, log)
    entry.async_on_unload(lambda: async_hold(hass, entry))
    entry.async_on_unload(lambda: issues.show({}))
    subscription = _Subscription(hass, entry, issues)
    entry.async_on_unload(
        async_on_address_change(hass, entry.options, subscription.note_new_address)
    )
    running = keep_running(
        f"{entry.title}: push",
        subscription.run,
        wait=RETRY_AFTER,
        tell=subscription.tell_broken,
    )
    _ = entry.async_create_background_task(hass, running, "wuts push")


@callback
def _keep_log(hass: HomeAssistant, entry: WutsConfigEntry, log: DeliveryLog) -> None:
    async def write(_event: Event) -> None:
        await log.write()

    entry.async_on_unload(log.write)
    entry.async_on_unload(hass.bus.async_listen(EVENT_HOMEASSISTANT_STOP, write))


async def _async_end(hass: HomeAssistant, entry: WutsConfigEntry) -> None:
    """Forget what only push has need of."""
    async_close(hass, entry)
    await async_forget_cloudhook(hass, entry.options)
    if CONF_CLOUDHOOK in entry.options:
        options = {key: one for key, one in entry.options.items() if key != CONF_CLOUDHOOK}
        hass.config_entries.async_update_entry(entry, options=options)


async def async_remove_push(hass: HomeAssistant, entry: WutsConfigEntry) -> None:
    """Forget all of a removed account's push; its webhooks are down by now."""
    async_close(hass, entry)
    async_forget_log(hass, entry.entry_id)
    await async_forget_cloudhook(hass, entry.options)


class _Subscription:
    """Our webhooks for the devices of one account, and the issues about them.

    Args:
        hass: Home Assistant.
        entry: The account.
        issues: Those of push.
    """

    def __init__(self, hass: HomeAssistant, entry: WutsConfigEntry, issues: Issues) -> None:
        self._hass = hass
        self._entry = entry
        self._issues = issues
        self._client: WutsClient = entry.runtime_data.client
        self._moved = asyncio.Event()
        self._shown: _Shown = {}

    @callback
    def note_new_address(self) -> None:
        """Note that Home Assistant may be reached elsewhere."""
        self._moved.set()

    async def run(self) -> None:
        """Put our webhooks up, and say why where that is not possible.

        What the gateway may have done to another device ends that. While it answers about other
        devices, that is waited for.
        """
        is_told = False
        while True:
            try:
                return await self._put_up_all()
            except WutsError as error:
                self._show_stopped(variant_of(PUSH_STOPPED, error, KINDS_TOLD))
                if not is_told:
                    is_told = True
                    LOGGER.warning("%s: push is not set up: %s", self._entry.title, error.message)
                if not isinstance(error, ConfusedGatewayError):
                    return None
            await asyncio.sleep(RETRY_AFTER)

    async def tell_broken(self) -> None:
        """Show that push was given up for now."""
        self._show_stopped(PUSH_STOPPED)

    def _show_stopped(self, text: str) -> None:
        self._issues.show({(PUSH_STOPPED, ACCOUNT): Text({}, text)})

    async def _put_up_all(self) -> None:
        """Put our webhook up for each device, also for those that are added later.

        It is tried again where the gateway could not take it, and moved where our address moves.

        Raises:
            NotConfirmedError: A person has to agree first, in the account's options.
            ConfusedGatewayError: The gateway answers about other devices; nothing was sent.
            WrongDeviceError: The gateway answered about another device.
            NotVerifiedError: What it was told to store is not there.
        """
        members = self._entry.runtime_data.members
        address: PushAddress | None = None
        done: set[str] = set()
        while True:
            self._moved.clear()
            present = await self._address()
            if present is None:
                await self._moved.wait()
                continue
            done = set() if present != address else done & devices_of(self._entry).keys()
            address = present
            self._forget_removed()
            failed = await self._put_up_missing(address, done)
            if failed:
                await asyncio.sleep(RETRY_AFTER)
            elif devices_of(self._entry).keys() == done and not self._moved.is_set():
                await _first_of(members.until_changed(), self._moved.wait())

    async def _address(self) -> PushAddress | None:
        try:
            address = await async_address_of(self._hass, self._entry.options)
        except NoURLAvailableError:
            LOGGER.warning(
                "%s: push needs an external https:// URL for Home Assistant, or Home "
                "Assistant Cloud. Until then, changes show at the next poll",
                self._entry.title,
            )
            return None
        async_keep_cloudhook(self._hass, self._entry, address)
        return address

    def _forget_removed(self) -> None:
        names = devices_of(self._entry)
        kept = {key: words for key, words in self._shown.items() if key[1] in {ACCOUNT, *names}}
        if kept != self._shown:
            self._shown = kept
            self._issues.show(kept)

    async def _put_up_missing(self, address: PushAddress, done: set[str]) -> bool:
        """Put our webhook up where it is not yet; tell whether that failed somewhere."""
        names = devices_of(self._entry)
        missing = [one for one in names if one not in done]
        if not missing:
            return False
        listed = self._entry.runtime_data.listed_ids | names.keys()
        await check_confirmed(self._client, listed, self._entry.options)
        failed = False
        for device_id in missing:
            try:
                stranger = await put_up(self._hass, self._entry, self._client, device_id, address)
            except NotVerifiedError, WrongDeviceError, ConfusedGatewayError:
                raise
            except WutsError as error:
                LOGGER.debug("The gateway did not accept a webhook: %s", error.message)
                failed = True
                continue
            done.add(device_id)
            if stranger is not None:
                words = {"name": names[device_id], "host": host_of(stranger)}
                self._shown[PUSH_TAKEN, device_id] = Text(words)
            self._issues.show(self._shown, {ACCOUNT, device_id})
        if not failed and len(done) > 1:
            await self._tell_if_shared(done)
        return failed

    async def _tell_if_shared(self, device_ids: Collection[str]) -> None:
        """Say that the gateway keeps one webhook for several devices, if it does."""
        self._shown.pop((PUSH_SHARED, ACCOUNT), None)
        if await heeds_device_id(self._client, device_ids) is False:
            self._shown[PUSH_SHARED, ACCOUNT] = Text({"count": str(len(device_ids))})
        self._issues.show(self._shown)


async def _first_of(*waits: Awaitable[object]) -> None:
    """Wait for the first of several things."""
    tasks = [asyncio.ensure_future(one) for one in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def async_release(
    hass: HomeAssistant, entry: WutsConfigEntry, device_ids: Collection[str]
) -> None:
    """Take our webhook down from some devices, where it is up.

    Raises:
        WutsError: The gateway could not do it for all of them.
    """
    if CONF_WEBHOOK_ID not in entry.options:
        return
    client = await client_of(hass, entry.data)
    address = known_address(entry.options)
    for device_id in device_ids:
        try:
            await take_down(hass, entry, client, device_id, address)
        except DeviceNotFoundError:
            LOGGER.debug("A device that is gone has no webhook to take down")


async def async_end_push(
    hass: HomeAssistant, entry: WutsConfigEntry, device_ids: Collection[str]
) -> None:
    """Take our webhook down from removed devices, as far as the gateway answers.

    Nobody can be asked now: a gateway that may confuse devices is left as it is. So is a webhook
    that is that of devices which stay, too.
    """
    if not device_ids or CONF_WEBHOOK_ID not in entry.options:
        return
    try:
        client = await client_of(hass, entry.data)
        listed = [device.id for device in await client.list_devices()]
        await check_confirmed(client, listed, entry.options)
        staying = devices_of(entry).keys() - set(device_ids)
        if staying and await heeds_device_id(client, [*device_ids, *staying]) is False:
            LOGGER.debug("The webhook is that of other devices too, and stays")
            return
        await async_release(hass, entry, device_ids)
    except WutsError as error:
        LOGGER.warning(
            "%s: the gateway still delivers to a webhook that no longer exists: %s",
            entry.title,
            error.message,
        )
