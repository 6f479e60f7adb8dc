"""Delivers webhooks over real HTTP, with retries."""

import asyncio
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Self

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar

from .answers import rfc3339
from .contract import EventName
from .device import Device
from .webhook_config import WebhookConfig
from .world import World

_LOG = logging.getLogger(__name__)
_AT_ONCE = 32


class Deliveries:
    """Sends each event to the device's webhook. A task exists only while a delivery is under way.

    Args:
        world: Whose events are sent.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._backoff = world.settings.webhook_backoff
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._http: ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Start to deliver."""
        self._http = ClientSession(cookie_jar=DummyCookieJar())
        self._world.sessions.hooks.on_event = self.deliver
        return self

    async def __aexit__(self, *_exc: object) -> None:
        """Give up deliveries under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        http, self._http = self._http, None
        if http is not None:
            await http.close()

    def deliver(self, device: Device, event: EventName) -> None:
        """Send an event, if the device's webhook wants it."""
        webhook, http = device.webhook, self._http
        if webhook is None or http is None or not webhook.enabled or event not in webhook.events:
            return
        body = {
            "event": event,
            "device_id": device.id,
            "timestamp": rfc3339(self._world.sessions.calendar()),
        }
        delivery = asyncio.create_task(self._deliver(http, webhook, body))
        self._tasks.add(delivery)
        delivery.add_done_callback(self._tasks.discard)

    async def finish(self) -> None:
        """Wait until every delivery has succeeded or was given up."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _deliver(
        self, http: ClientSession, webhook: WebhookConfig, body: Mapping[str, object]
    ) -> None:
        for attempt in range(webhook.retry_attempts + 1):
            if attempt:
                await asyncio.sleep(self._backoff * 2 ** (attempt - 1))
            async with self._room:
                if await _post(http, webhook, body):
                    return
        # The address and the headers hold secrets: the device has to be enough.
        _LOG.warning("gave up a webhook: %s of device %s", body["event"], body["device_id"])


async def _post(http: ClientSession, webhook: WebhookConfig, body: Mapping[str, object]) -> bool:
    try:
        async with http.post(
            webhook.url,
            json=body,
            headers=webhook.headers,
            timeout=ClientTimeout(total=webhook.timeout),
            allow_redirects=False,
        ) as answer:
            return HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES
    except (ClientError, TimeoutError, ValueError):
        return False
