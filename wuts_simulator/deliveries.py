"""Delivers webhooks over real HTTP, with retries."""

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Self

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, hdrs

from .answers import dump, rfc3339
from .codes import make_uuid
from .contract import EventName
from .device import Device
from .settings import Signed
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

    def deliver(
        self, device: Device, event: EventName, data: Mapping[str, object] | None = None
    ) -> None:
        """Send an event, if the device's webhook wants it."""
        webhook, http = device.webhook, self._http
        if webhook is None or http is None or not webhook.enabled or event not in webhook.events:
            return
        delivery = asyncio.create_task(
            self._deliver(http, webhook, self._body(device, event, data))
        )
        self._tasks.add(delivery)
        delivery.add_done_callback(self._tasks.discard)

    def _body(
        self, device: Device, event: EventName, data: Mapping[str, object] | None
    ) -> dict[str, object]:
        """Return a delivery's body, still without a signature."""
        at = self._world.sessions.calendar()
        return {
            "id": make_uuid(self._world.random),
            "event": event,
            "timestamp": int(at.timestamp()),
            "device_id": device.id,
            "user_id": device.user.id,
            "data": data or {"status": device.session, "timestamp": rfc3339(at)},
        }

    def _signed(self, body: Mapping[str, object], secret: str) -> bytes:
        """Return what is sent: with a secret, the body ends with its signature."""
        if not secret:
            return dump(body)
        whole = self._world.settings.webhook_signs is Signed.BODY
        seal = hmac.new(secret.encode(), dump(body if whole else body["data"]), hashlib.sha256)
        return dump({**body, "signature": f"sha256={seal.hexdigest()}"})

    async def finish(self) -> None:
        """Wait until every delivery has succeeded or was given up."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _deliver(
        self, http: ClientSession, webhook: WebhookConfig, body: Mapping[str, object]
    ) -> None:
        sent = self._signed(body, webhook.secret)
        for attempt in range(webhook.retry_attempts + 1):
            if attempt:
                await asyncio.sleep(self._backoff * 2 ** (attempt - 1))
            async with self._room:
                if await _post(http, webhook, sent):
                    return
        # The address and the headers hold secrets: the device has to be enough.
        _LOG.warning("gave up a webhook: %s of device %s", body["event"], body["device_id"])


async def _post(http: ClientSession, webhook: WebhookConfig, body: bytes) -> bool:
    try:
        async with http.post(
            webhook.url,
            data=body,
            headers={hdrs.CONTENT_TYPE: "application/json"} | dict(webhook.headers),
            timeout=ClientTimeout(total=webhook.timeout),
            allow_redirects=False,
        ) as answer:
            return HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES
    except (ClientError, TimeoutError, ValueError):
        return False
