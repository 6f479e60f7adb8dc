"""Keeps a person from taking away what may be another device's: forbids it, or asks first."""

from wuts import verified

from ..blocks.choices import Doubt, ask_first
from ..blocks.names import Action
from ..blocks.parts import shown_name
from ..devices.device import Line
from ..operations.audit import AuditAction, AuditOutcome
from ..people.confirmations import KEPT_FOR, Confirmation
from .context import CommandContext


async def is_blocked(asked: CommandContext, line: Line, action: AuditAction) -> bool:
    """Return whether nothing may change as the gateway mixes devices up; say so to the person.

    Args:
        asked: Who asks.
        line: The device.
        action: ``UNLINK``, ``DISCONNECT`` or ``DELETE``.
    """
    if not asked.services.accounts.is_answered_wrongly(line.account):
        return False
    asked.audit(action, line.ref, AuditOutcome.FAILED)
    name = shown_name(line.name, line.id)
    await asked.say(asked.strings.of(action, "blocked").format(device=name, account=line.account))
    return True


async def is_asked(
    asked: CommandContext, line: Line, action: AuditAction, does: Action, *, always: bool = False
) -> bool:
    """Ask whether to do it, and tell whether that is so; the answer is a click on the button.

    Args:
        asked: Who asks; nobody else may answer.
        line: The device.
        action: ``UNLINK``, ``DISCONNECT`` or ``DELETE``.
        does: The button that does it.
        always: Whether to ask although the gateway surely means the same device.

    Raises:
        WutsError: The gateway doesn't say which devices there are.
    """
    doubt = await _doubt(asked, line)
    if doubt is None and not always:
        return False
    # The listing may have told another number.
    line = asked.services.accounts.line(line.ref) or line
    asking = Confirmation(
        user_id=asked.user_id, action=does, device=str(line.ref), number=line.number
    )
    key = asked.services.confirmations.ask(asking)
    minutes = round(KEPT_FOR / 60)
    question = ask_first(
        action, line, does, key, minutes=minutes, strings=asked.strings, doubt=doubt
    )
    await asked.answer(question)
    return True


async def is_confirmed(asked: CommandContext, line: Line) -> bool:
    """Return whether the click answers an open question; otherwise say so to the person.

    It is not if somebody else was asked, or another phone is linked by now.
    """
    strings = asked.strings
    key, action = "".join(asked.value.split(" ")[2:3]), asked.body["actions"][0]["action_id"]
    question = asked.services.confirmations.take(key, asked.user_id, action, str(line.ref))
    if question is None:
        await asked.say(strings.confirm_over)
        return False
    if question.number != line.number:
        name = shown_name(line.name, line.id)
        await asked.say(strings.confirm_other_phone.format(device=name))
        return False
    return True


async def dismiss(asked: CommandContext) -> None:
    """Change nothing: *Cancel*."""
    asked.services.confirmations.forget(asked.value, asked.user_id)
    await asked.say(asked.strings.confirm_dismissed)


async def _doubt(asked: CommandContext, line: Line) -> Doubt | None:
    """Return why the gateway may mean another device, or None.

    Raises:
        WutsError: The gateway doesn't say which devices there are.
    """
    accounts = asked.services.accounts
    client = accounts.client(line.account)
    listed = [device.id for device in await accounts.refresh(line.account)]
    # A listing may lack some.
    known = [one.id for one in accounts.lines() if one.account == line.account]
    ids = list(dict.fromkeys([line.id, *listed, *known]))
    heeds = None
    if client is not None and len(ids) > 1:
        heeds = await verified.heeds_device_id(client, ids)
    if not verified.needs_confirmation(len(ids), heeds=heeds):
        return None
    return Doubt(count=len(ids), heeds=heeds)
