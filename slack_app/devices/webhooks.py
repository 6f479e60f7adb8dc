"""The gateway's webhooks, as Slack's HTTP mode takes them."""

from collections.abc import Callable

from aiohttp import web

from wuts.metrics import WebhookResult
from wuts.operations import webhooks
from wuts.operations.webhooks import HEADER, PATH
from wuts.supervisor import Supervisor

from ..operations.metrics import Metrics
from ..settings import Mode, Settings
from .accounts import Accounts
from .device import DeviceRef

__all__ = ["HEADER", "PATH", "webhook_routes"]


def webhook_routes(
    settings: Settings,
    accounts: Accounts,
    supervisor: Supervisor,
    metrics: Metrics,
    hint: Callable[[DeviceRef, str], None],
) -> list[web.RouteDef]:
    """Return what takes webhooks; whoever pairs a device gets its events (``hint``).

    In Socket Mode there is a server only if browsers and gateways have an address for it.
    """
    if settings.mode is Mode.SOCKET and not settings.public_url:
        return []
    return webhooks.webhook_routes(
        settings.webhook_secret.get_secret_value(),
        accounts.names,
        supervisor,
        on_event=lambda account, device_id, event: hint(DeviceRef(account, device_id), event),
        count=lambda outcome: metrics.webhook(WebhookResult(outcome)),
    )
