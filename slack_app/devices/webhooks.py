"""The gateway's webhooks: a hint that something changed, never more. HTTP mode only."""

from collections.abc import Callable

from aiohttp import web
from pydantic import SecretStr

from wuts import Refusal, WebhookReceiver
from wuts.metrics import WebhookResult
from wuts.supervisor import Supervisor

from ..operations.metrics import Metrics
from .accounts import Accounts
from .device import DeviceRef

PATH = "/wuts/webhook/{account}"
HEADER = "X-WUTS-Secret"


def webhook_routes(
    secret: SecretStr,
    accounts: Accounts,
    supervisor: Supervisor,
    metrics: Metrics,
    hint: Callable[[DeviceRef, str], None],
) -> list[web.RouteDef]:
    """Return what takes webhooks, for each account at its own path; nothing without a secret.

    Each must send the secret in the header ``X-WUTS-Secret``. Nothing that the body says is
    believed: the supervisor, and whoever pairs the device (``hint``), ask the gateway themselves.
    """
    if not secret:
        return []
    receiver = WebhookReceiver(header=HEADER, secret=secret.get_secret_value())

    def refuse(status: int, text: str) -> web.Response:
        metrics.webhook(WebhookResult.REFUSED)
        answer = web.Response(status=status, text=text)
        # The rest of the body is not read.
        answer.force_close()
        return answer

    async def take(request: web.Request) -> web.Response:
        if receiver.check(request.headers) is Refusal.WRONG_SECRET:
            return refuse(401, "The secret is missing or wrong.")
        account = request.match_info["account"]
        if account not in accounts.names:
            return refuse(404, "There is no such account.")
        delivery = await receiver.receive(request.headers, request.content.iter_any())
        if isinstance(delivery, Refusal):
            return refuse(413, "That is too large.")
        supervisor.wake(account)
        if delivery.device_id is not None and delivery.event is not None:
            supervisor.alerts.hint(account, delivery.device_id, delivery.event, delivery.data)
            hint(DeviceRef(account, delivery.device_id), delivery.event)
        metrics.webhook(WebhookResult.TAKEN)
        return web.Response(status=204)

    return [web.post(PATH, take)]
