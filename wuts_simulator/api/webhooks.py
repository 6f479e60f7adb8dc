"""``/webhook``: where a device's events go (WUTS reference, Webhooks)."""

from wuts_simulator.answers import Answer
from wuts_simulator.codes import make_uuid
from wuts_simulator.contract import EventName
from wuts_simulator.webhook_config import parse_config, violations_of

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
    webhook_id = device.webhook.id if device.webhook else make_uuid(call.world.random)
    device.webhook = parse_config(body, webhook_id)
    device.changed(call.world.sessions.calendar())
    return Answer.of({"success": True, "webhook": device.webhook.rendered()})


async def list_events(call: Call) -> Answer:
    """List the events that a webhook can receive."""
    call.user()
    return Answer.of({"success": True, "events": list(EventName)})
