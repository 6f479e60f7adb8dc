"""``/webhook``: where a device's events go (WUTS reference, Webhooks)."""

from typing import Any

from wuts_simulator.answers import Answer
from wuts_simulator.codes import make_uuid
from wuts_simulator.contract import EVENTS
from wuts_simulator.webhook_config import WebhookConfig, parse_config

from .call import Call


async def get_webhook(call: Call) -> Answer:
    """Return the device's configuration, or null."""
    webhook = (await call.device()).webhook
    return Answer.of({"success": True, "webhook": webhook.rendered() if webhook else None})


async def set_webhook(call: Call) -> Answer:
    """Replace the device's configuration."""
    device = await call.device()
    device.webhook = _parsed(call, await call.json_object(), device.webhook)
    device.changed(device.webhook.updated_at)
    message = "Webhook configured successfully"
    rendered = device.webhook.rendered()
    return Answer.of({"success": True, "message": message, "webhook": rendered})


async def delete_webhook(call: Call) -> Answer:
    """Delete the device's configuration, if it has one."""
    device = await call.device()
    device.webhook = None
    device.changed(call.world.sessions.calendar())
    return Answer.of({"success": True, "message": "Webhook configuration deleted successfully"})


async def set_user_webhook(call: Call) -> Answer:
    """Give each device that is created for the user from now on a webhook with every event."""
    user = call.user()
    url = (await call.json_object()).get("webhook_url")
    every = {"webhook_url": url, "enabled_events": list(EVENTS)}
    user.webhook = _parsed(call, every, user.webhook)
    return Answer.of(
        {
            "success": True,
            "message": "Webhook URL configured. It will be automatically applied to new devices",
            "data": {
                "webhook_url": user.webhook.url,
                "available_events": list(EVENTS),
                "events_count": len(EVENTS),
            },
        }
    )


async def list_events(call: Call) -> Answer:
    """List the events that a webhook can receive."""
    call.user()
    return Answer.of({"success": True, "events": list(EVENTS)})


def _parsed(call: Call, body: dict[str, Any], old: WebhookConfig | None) -> WebhookConfig:
    new_id, at = make_uuid(call.world.random), call.world.sessions.calendar()
    allow_http = call.settings.allow_http_webhooks
    return parse_config(body, old, new_id, at, allow_http=allow_http)
