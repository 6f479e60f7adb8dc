"""The client: one method for each call of the gateway's contract."""

from pathlib import Path
from typing import NoReturn, Self

import httpx

from .errors import UnexpectedAnswerError
from .http import endpoints
from .http.endpoints import Request
from .http.envelopes import (
    AcknowledgementEnvelope,
    CreatedEnvelope,
    DataEnvelope,
    DevicesEnvelope,
    WebhookEnvelope,
    WebhookEventsEnvelope,
)
from .http.observer import OnCall
from .http.pool import MakeTransport
from .http.transport import Transport
from .inputs import check_name
from .messaging import Messaging
from .models import (
    Acknowledgement,
    ConnectResult,
    Device,
    DeviceList,
    PairCode,
    QrCode,
    QrStatus,
    SessionStatus,
    Webhook,
)
from .phone import normalize_phone_number
from .qr import check_qr
from .webhooks import WebhookConfig

DEFAULT_BASE_URL = "https://api.wuts.com.br"


class WutsClient(Messaging):
    """A typed client of one gateway and one token.

    It never retries: you decide. Besides the errors it lists, every method may raise
    `WutsConnectionError`, `WutsTimeoutError`, `InvalidTokenError`, `ForbiddenError`,
    `GatewayBusyError`, `RateLimitedError`, `GatewayError`, `RequestRefusedError` and
    `UnexpectedAnswerError`, and `InvalidInputError` for a malformed device id. All derive from
    `WutsError`; nothing else escapes.

    Where ``device_id`` may be None the gateway picks a device from the token; with several devices
    always pass it (WUTS guide, Devices).

    Args:
        token: The account's token.
        base_url: The gateway's address. Plain ``http://`` is for this machine only.
        http: An HTTP client to use, which stays open; None to open one.
        allow_insecure_http: Allow plain ``http://`` to another machine.
        ca_file: Certificates in PEM form of authorities to trust besides the usual ones, for a
            gateway behind an authority of your own. It has no effect on ``http``.
        http_transport: Makes what carries the requests, such as
            `wuts.http.aiohttp_transport.aiohttp_transport`; None for httpx's own. It has no effect
            on ``http``, nor where the environment names a proxy.
        on_call: Called after each call, such as `wuts.metrics.Metrics.on_call`: which it was, the
            `ErrorCode` it ended with or None, and its seconds. What it raises harms no call.

    Raises:
        WutsConfigError: The token, the address or the CA file is not usable.
    """

    def __init__(  # noqa: PLR0913 - all but the token are named by the caller
        self,
        token: str,
        *,
        base_url: str = DEFAULT_BASE_URL,
        http: httpx.AsyncClient | None = None,
        allow_insecure_http: bool = False,
        ca_file: Path | None = None,
        http_transport: MakeTransport | None = None,
        on_call: OnCall | None = None,
    ) -> None:
        self._transport = Transport(
            token,
            base_url=base_url,
            http=http,
            allow_insecure_http=allow_insecure_http,
            ca_file=ca_file,
            http_transport=http_transport,
            on_call=on_call,
        )

    @property
    def transport(self) -> Transport:
        """What sends the requests, for callers that need the raw answer, such as the doctor."""
        return self._transport

    @property
    def base_url(self) -> str:
        """The gateway's address, without a trailing slash."""
        return self._transport.base_url

    def __repr__(self) -> str:
        """Name the gateway, never the token."""
        return f"{type(self).__name__}(base_url={self.base_url!r})"

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled: the token would be written down.

        Raises:
            TypeError: Always.
        """
        raise TypeError("A WutsClient holds a token and cannot be pickled")

    async def __aenter__(self) -> Self:
        """Return the client itself."""
        return self

    async def __aexit__(self, *_exc: object) -> None:
        """Close what the client opened."""
        await self.aclose()

    async def aclose(self) -> None:
        """Close the HTTP client if this one made it."""
        await self._transport.aclose()

    async def list_devices(self) -> DeviceList:
        """Return every device of the account, in one request (WUTS reference, List devices).

        A row that cannot be read is left out, and named in ``unreadable``. Of several rows with one
        id the last counts.
        """
        request = Request(endpoints.LIST_DEVICES)
        answer = await self._transport.ask(request, DevicesEnvelope)
        devices = {device.id: device for device in answer.devices}
        return DeviceList(devices.values(), dict.fromkeys(answer.unreadable))

    async def create_device(self, name: str) -> Device:
        """Create a device slot, to be paired next (WUTS guide, Creating a device).

        Raises:
            InvalidInputError: The name is empty or too long; nothing was sent.
        """
        request = Request(endpoints.CREATE_DEVICE, body={"name": check_name(name)})
        device = (await self._transport.ask(request, CreatedEnvelope)).created()
        if device is None:
            raise UnexpectedAnswerError
        return device

    async def delete_device(self, device_id: str) -> Acknowledgement:
        """Disconnect a device and mark it offline; it stays listed (WUTS reference, Delete device).

        Raises:
            DeviceNotFoundError: There is no such device.
        """
        request = Request(endpoints.DELETE_DEVICE, device_id)
        answer = await self._transport.ask(request, AcknowledgementEnvelope)
        return Acknowledgement(message=answer.message, device_id=device_id)

    async def get_qr(self, device_id: str | None = None, *, refresh: bool = False) -> QrCode:
        """Return a QR to scan (WUTS guide, Getting a QR code). May take up to 120 s.

        Args:
            device_id: The device to pair.
            refresh: Ask for a new code; otherwise the gateway may repeat the current one.

        Raises:
            AlreadyConnectedError: There is nothing to pair.
            QrNotReadyError: WhatsApp gave none in time; ask again.
            DeviceNotFoundError: There is no such device.
        """
        params = {"refresh": "true"} if refresh else {"cached": "true"}
        request = Request(endpoints.GET_QR, device_id, params=params)
        content, answer = await self._transport.ask_whole(request, DataEnvelope[QrCode])
        return check_qr(content.data.model_copy(update={"answered_at": answer.answered_at}))

    async def get_qr_status(self, device_id: str) -> QrStatus:
        """Return whether the device's QR is still alive (WUTS reference, QR status).

        Raises:
            DeviceNotFoundError: There is no such device.
        """
        request = Request(endpoints.GET_QR_STATUS, device_id)
        return (await self._transport.ask(request, DataEnvelope[QrStatus])).data

    async def request_pair_code(
        self,
        phone: str,
        device_id: str | None = None,
        *,
        refresh: bool = False,
        reuse_cache: bool | None = None,
    ) -> PairCode:
        """Return a code to type on the phone (WUTS reference, Pair code). May take up to 120 s.

        Args:
            phone: The phone's number with country code.
            device_id: The device to pair.
            refresh: Ask for a new code; otherwise a repeat within 300 s returns the same one.
            reuse_cache: Sent as ``reuse_cache`` when given.

        Raises:
            InvalidPhoneNumberError: The number is not usable; checked before anything is sent.
            AlreadyConnectedError: There is nothing to pair.
            AlreadyPairedError: Credentials are stored; use `connect`.
            QrNotReadyError: WhatsApp gave none in time; ask again.
            DeviceNotFoundError: There is no such device.
        """
        body: dict[str, object] = {"phone": normalize_phone_number(phone)}
        if device_id is not None:
            body["device_id"] = device_id
        if reuse_cache is not None:
            body["reuse_cache"] = reuse_cache
        request = Request(
            endpoints.CREATE_PAIR_CODE,
            device_id,
            body=body,
            params={"refresh": "true"} if refresh else {},
            headers={"X-WUTS-Refresh-Paircode": "true"} if refresh else {},
        )
        return (await self._transport.ask(request, DataEnvelope[PairCode])).data

    async def get_status(self, device_id: str | None = None) -> SessionStatus:
        """Return the live state of one device (WUTS reference, Status).

        Raises:
            DeviceNotFoundError: There is no such device.
        """
        request = Request(endpoints.GET_STATUS, device_id)
        return (await self._transport.ask(request, DataEnvelope[SessionStatus])).data

    async def connect(self, device_id: str | None = None) -> ConnectResult:
        """Reconnect with the stored credentials (WUTS guide, Reconnect after a restart).

        Raises:
            GatewayBusyError: The reconnect failed for now; try again with a backoff.
            DeviceNotFoundError: There is no such device.
        """
        request = Request(endpoints.CONNECT, device_id)
        return (await self._transport.ask(request, DataEnvelope[ConnectResult])).data

    async def disconnect(self, device_id: str | None = None) -> Acknowledgement:
        """End the session and keep the credentials (WUTS reference, Disconnect).

        Raises:
            DeviceNotConnectedError: It is not connected, or there is no such device.
        """
        request = Request(endpoints.DISCONNECT, device_id)
        return (await self._transport.ask(request, DataEnvelope[Acknowledgement])).data

    async def logout(self, device_id: str | None = None) -> Acknowledgement:
        """Unlink the phone; the device must be paired again (WUTS reference, Logout).

        A gateway may ignore ``device_id`` here: see `wuts.verified.logout`.

        Raises:
            DeviceNotFoundError: There is no such device.
        """
        request = Request(endpoints.LOGOUT, device_id)
        return (await self._transport.ask(request, DataEnvelope[Acknowledgement])).data

    async def get_webhook(self, device_id: str | None = None) -> Webhook | None:
        """Return the device's webhook, or None when there is none (WUTS reference, Webhooks)."""
        request = Request(endpoints.GET_WEBHOOK, device_id)
        return (await self._transport.ask(request, WebhookEnvelope)).webhook

    async def set_webhook(
        self, config: WebhookConfig, device_id: str | None = None
    ) -> Webhook | None:
        """Replace the device's one webhook, whoever owns it (WUTS reference, Webhooks).

        Returns what the gateway stored, or None when it does not say.
        """
        request = Request(endpoints.SET_WEBHOOK, device_id, body=config.body())
        return (await self._transport.ask(request, WebhookEnvelope)).webhook

    async def delete_webhook(self, device_id: str | None = None) -> Acknowledgement:
        """Delete the device's one webhook, whoever owns it (WUTS reference, Webhooks)."""
        request = Request(endpoints.DELETE_WEBHOOK, device_id)
        answer = await self._transport.ask(request, AcknowledgementEnvelope)
        return Acknowledgement(message=answer.message, device_id=device_id)

    async def list_webhook_events(self) -> tuple[str, ...]:
        """Return the events a webhook can ask for (WUTS reference, Webhooks)."""
        request = Request(endpoints.LIST_WEBHOOK_EVENTS)
        return (await self._transport.ask(request, WebhookEventsEnvelope)).events
