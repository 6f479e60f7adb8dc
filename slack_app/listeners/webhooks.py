"""The app's own webhooks: ``/wuts webhooks``, and what a person decides about them."""

from ..blocks.webhooks import webhook_message
from ..devices.device import DeviceRef
from ..messages.parser import Invocation
from ..operations.audit import AuditAction, AuditOutcome
from .context import CommandContext, device_of


async def show_webhooks(asked: CommandContext, said: Invocation) -> None:  # noqa: ARG001
    """Show which devices report to the app, and ask what a person must decide."""
    registration = asked.services.registration
    if not registration.is_possible:
        await asked.say(asked.strings.webhooks_off)
        return
    overview = asked.services.accounts.overview()
    await asked.answer(webhook_message(registration.states, overview, asked.strings))


async def agree(asked: CommandContext) -> None:
    """Register although the gateway may mix devices up: *Register*."""
    registration, account = asked.services.registration, asked.value
    if account not in registration.states:
        await asked.say(asked.strings.problem_settings)
        return
    await registration.agree(account, asked.user_id)
    asked.audit(AuditAction.WEBHOOK, DeviceRef(account, ""))
    await asked.say(asked.strings.webhooks_begun.format(account=account))


async def replace(asked: CommandContext) -> None:
    """Put the app's webhook in the place of the one that was asked about: *Replace*."""
    ref = device_of(asked.bolt)
    key = "".join(asked.value.split(" ")[2:3])
    if await asked.services.registration.replace(ref, key):
        asked.audit(AuditAction.WEBHOOK, ref)
        await asked.say(asked.strings.webhook_replaced)
        return
    asked.audit(AuditAction.WEBHOOK, ref, AuditOutcome.FAILED)
    await asked.say(asked.strings.webhook_not_replaced)
