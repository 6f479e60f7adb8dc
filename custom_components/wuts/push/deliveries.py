"""Takes what the gateway delivers: hints about sessions, and messages.

The webhook answers for as long as the account is set up with push, loaded or not: Home Assistant
says yes to a delivery that nobody takes, and the gateway would not repeat it.
"""

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Final

from aiohttp import StreamReader
from aiohttp.hdrs import METH_POST
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web import PayloadAccessError, Request, RequestPayloadError, Response
from homeassistant.components import webhook
from homeassistant.components.webhook import HandlerType
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send

from ..const import DOMAIN
from ..coordinator import WutsConfigEntry, WutsCoordinator
from ..core.incoming import MESSAGE_RECEIVED, IncomingMessage
from ..core.pairing import PAIRINGS
from ..core.webhooks import (
    LONGEST_DELIVERY,
    LONGEST_MESSAGE_DELIVERY,
    Delivery,
    Refusal,
    WebhookReceiver,
)
from ..signals import SIGNAL_OF_MESSAGES, Received, signal_of_messages
from .log import DeliveryLog, Outcome
from .options import CONF_SECRET, CONF_WEBHOOK_ID, signing_secret_of, wants_messages
from .webhooks import SECRET_HEADER

CHUNK: Final = 16 * 1024
"""Bytes of a delivery that are read at a time."""


@callback
def async_open(hass: HomeAssistant, entry: WutsConfigEntry, log: DeliveryLog) -> None:
    """Take the deliveries to an account."""
    _register(hass, entry, _Taker(entry, log).take)


@callback
def async_hold(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Have the gateway repeat what it delivers to an account that is not loaded."""
    if CONF_WEBHOOK_ID in entry.options:
        _register(hass, entry, _not_now)


@callback
def async_close(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Stop taking deliveries."""
    if CONF_WEBHOOK_ID in entry.options:
        webhook.async_unregister(hass, entry.options[CONF_WEBHOOK_ID])


@callback
def _register(hass: HomeAssistant, entry: ConfigEntry, handler: HandlerType) -> None:
    webhook_id = entry.options[CONF_WEBHOOK_ID]
    webhook.async_unregister(hass, webhook_id)
    webhook.async_register(
        hass, DOMAIN, entry.title, webhook_id, handler, allowed_methods=[METH_POST]
    )


async def _not_now(_hass: HomeAssistant, _webhook_id: str, _request: Request) -> Response:
    return Response(status=HTTPStatus.SERVICE_UNAVAILABLE)


class _Taker:
    """Takes the deliveries to one loaded account."""

    def __init__(self, entry: WutsConfigEntry, log: DeliveryLog) -> None:
        self._entry = entry
        self._coordinator: WutsCoordinator = entry.runtime_data
        self._log = log
        self._wants_messages = wants_messages(entry.options)
        self._receiver = WebhookReceiver(
            header=SECRET_HEADER,
            secret=entry.options[CONF_SECRET],
            signing_secret=signing_secret_of(entry.options),
            max_bytes=LONGEST_MESSAGE_DELIVERY if self._wants_messages else LONGEST_DELIVERY,
        )

    async def take(self, hass: HomeAssistant, _webhook_id: str, request: Request) -> Response:
        """Take one delivery; the diagnostics show the counts."""
        try:
            delivery = await self._receiver.receive(request.headers, _chunks(request.content))
        except RequestPayloadError, PayloadAccessError, HttpProcessingError, OSError:
            delivery = Delivery()  # its secret was right
        if isinstance(delivery, Refusal):
            self._log.outcomes[Outcome(delivery.value)] += 1
            return Response(status=delivery.status)
        if not self._is_ready():
            self._log.outcomes[Outcome.NOT_READY] += 1
            return Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        if delivery.signature is not None:
            self._log.signatures[delivery.signature] += 1
        self._log.outcomes[self._tell(hass, delivery)] += 1
        return Response(status=HTTPStatus.OK)

    def _is_ready(self) -> bool:
        """Return whether the account is still loaded, and its automations hear what happens."""
        if self._entry.state is not ConfigEntryState.LOADED:
            return False
        return self._entry.runtime_data is self._coordinator

    @callback
    def _tell(self, hass: HomeAssistant, delivery: Delivery) -> Outcome:
        if self._log.repeats.is_repeat(delivery):
            return Outcome.REPEAT
        if delivery.event == MESSAGE_RECEIVED:
            return self._tell_message(hass, delivery)
        # What it says is not believed, but it may explain an alert that the answers open.
        self._coordinator.async_hear(delivery)
        device_id = delivery.device_id or ""
        session = PAIRINGS.running(self._coordinator.client.base_url, device_id)
        if session is not None:
            session.hint(delivery.event or "")
        return Outcome.HINT

    @callback
    def _tell_message(self, hass: HomeAssistant, delivery: Delivery) -> Outcome:
        if not self._wants_messages:
            return Outcome.NOT_WANTED
        device_id = delivery.device_id or ""
        if device_id not in self._coordinator.members.names:
            return Outcome.NOT_OURS
        device = self._coordinator.data.get(device_id)
        message = IncomingMessage.of(delivery, device.phone_number if device else None)
        if message is None:
            return Outcome.NOT_A_MESSAGE
        self._log.remember(message)
        account = self._entry.entry_id
        # The entity first: an automation that the message runs may look at it.
        async_dispatcher_send(hass, signal_of_messages(account, device_id), message)
        async_dispatcher_send(hass, SIGNAL_OF_MESSAGES, Received(self._entry, message))
        return Outcome.MESSAGE


async def _chunks(stream: StreamReader) -> AsyncIterator[bytes]:
    """Read a body as Home Assistant's own relay lets it be read too."""
    while chunk := await stream.read(CHUNK):
        yield chunk
