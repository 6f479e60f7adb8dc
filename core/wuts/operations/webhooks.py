"""Takes the gateway's webhooks: a hint that something changed, never more."""

import asyncio
from collections.abc import Callable, Container
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from ..supervisor import Supervisor
from ..webhooks import Delivery, Refusal, WebhookReceiver

PATH = "/wuts/webhook/{account}"
HEADER = "X-WUTS-Secret"

LONGEST_WAIT = 10.0
"""Seconds that a delivery's body may take."""

type OnEvent = Callable[[str, str, str], None]


def webhook_routes(
    secret: str,
    accounts: Container[str],
    supervisor: Supervisor,
    *,
    on_event: OnEvent = lambda _account, _device_id, _event: None,
    count: Callable[[str], None] = lambda _outcome: None,
) -> list[web.RouteDef]:
    """Return what takes webhooks, for each account at its own path; nothing without a secret.

    Each must send the secret in the header ``X-WUTS-Secret``. Nothing that the body says is
    believed: the supervisor asks the gateway itself. If another process looks after the account,
    that one is asked to.

    Args:
        secret: What the gateway sends; empty for none.
        accounts: Their names.
        supervisor: Is woken, and gets what may explain an alert.
        on_event: Gets each delivery's account, device and event, if it names them.
        count: Called for each delivery: ``taken`` or ``refused``.
    """
    if not secret:
        return []
    receiver = WebhookReceiver(header=HEADER, secret=secret)
    return [web.post(PATH, _Taker(receiver, accounts, supervisor, on_event, count).take)]


@dataclass(frozen=True, slots=True)
class _Taker:
    receiver: WebhookReceiver
    accounts: Container[str]
    supervisor: Supervisor
    on_event: OnEvent
    count: Callable[[str], None]

    async def take(self, request: web.Request) -> web.Response:
        if self.receiver.check(request.headers) is Refusal.WRONG_SECRET:
            return self._refuse(HTTPStatus.UNAUTHORIZED, "The secret is missing or wrong.")
        account = request.match_info["account"]
        if account not in self.accounts:
            return self._refuse(HTTPStatus.NOT_FOUND, "There is no such account.")
        delivery = await self._receive(request)
        if delivery is None:
            return self._refuse(HTTPStatus.REQUEST_TIMEOUT, "That takes too long.")
        if isinstance(delivery, Refusal):
            return self._refuse(delivery.status, "That is too large.")
        self.supervisor.wake_anywhere(account)
        device_id, event = delivery.device_id, delivery.event
        if device_id is not None and event is not None:
            self.supervisor.alerts.hint(account, device_id, event, delivery.data)
            self.on_event(account, device_id, event)
        self.count("taken")
        return web.Response(status=HTTPStatus.NO_CONTENT)

    async def _receive(self, request: web.Request) -> Delivery | Refusal | None:
        """Return what comes, or None if it takes too long."""
        try:
            async with asyncio.timeout(LONGEST_WAIT):
                return await self.receiver.receive(request.headers, request.content.iter_any())
        except TimeoutError:
            return None

    def _refuse(self, status: HTTPStatus, text: str) -> web.Response:
        self.count("refused")
        answer = web.Response(status=status, text=text)
        # The rest of the body is not read.
        answer.force_close()
        return answer
