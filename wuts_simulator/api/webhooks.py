"""``/webhook``: where a device's events go (WUTS reference, Webhooks)."""

from wuts_simulator.answers import Answer
from wuts_simulator.codes import make_uuid
from wuts_simulator.contract import EVENTS
from wuts_simulator.webhook_config import parse_config, url_violations, violations_of

from .call import Call, invalid


async def get_webhook(call: Call) -> Answer:
    """Return the device's configuration, or null."""
    webhook = (await call.device()).webhook
    return Answer.of({"success": True, "webhook": webhook.rendered() if webhook else None})


async def set_webhook(call: Call) -> Answer:
    """Replace the device's configuration."""
    device = await call.device()
    body = await call.json_object()
    violations = violations_of(body, allow_http=call.settings.allow_http_webhooks)
    if violations:
        raise invalid(*violations)
    at = call.world.sessions.calendar()
    device.webhook = parse_config(body, device.webhook, make_uuid(call.world.random), at)
    device.changed(at)
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
    body = await call.json_object()
    violations = url_violations(body, allow_http=call.settings.allow_http_webhooks)
    if violations:
        raise invalid(*violations)
    every = {"webhook_url": body["webhook_url"], "enabled_events": list(EVENTS)}
    at = call.world.sessions.calendar()
    user.webhook = parse_config(every, user.webhook, make_uuid(call.world.random), at)
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
