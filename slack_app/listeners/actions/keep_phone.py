"""*Keep this phone*, when another one was linked than the expected one."""

from slack_app.blocks.names import Action
from slack_app.blocks.numbers import masked
from slack_app.blocks.pairing import kept
from slack_app.blocks.parts import shown_name
from slack_app.listeners.middleware import Visit
from slack_app.operations.audit import AuditOutcome, Deed, Errand
from slack_app.services import Services

from .click import Button, Click


async def handle(services: Services, visit: Visit, click: Click) -> None:
    """Say in place of the question that the phone stays."""
    accounts, ref = services.accounts, click.ref
    if accounts.client(ref.account) is None:
        await visit.say(visit.words.problem_device_gone)
        return
    # The gateway's listing tells which phone it is, and is what the next one is held to.
    await accounts.look(ref.account)
    line = accounts.line(ref)
    if line is None:
        await visit.say(visit.words.problem_device_gone)
        return
    Errand(Deed.KEEP, ref).audit(visit.user_id, AuditOutcome.DONE)
    number = masked(line.number) if line.number else visit.words.no_number
    text = visit.words.wrong_account_kept.format(number=number, user=visit.user_id)
    await click.replace(kept(shown_name(line.device.name, ref.device_id), text, visit.words))


BUTTON = Button(action=Action.KEEP.value, deed=Deed.KEEP, handle=handle, names_device=True)
