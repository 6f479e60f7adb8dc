"""Starts a pairing for somebody who asked for it, wherever they asked."""

from wuts.inputs import check_name

from ..blocks.parts import shown_name
from ..blocks.status import Line
from ..operations.audit import AuditOutcome, Deed, audit
from ..services import Services
from .middleware import ByDirectMessage, Visit


async def start_pairing(
    services: Services, visit: Visit, line: Line, phone: str | None = None
) -> None:
    """Start to pair a device in the person's direct messages, and tell them so.

    Raises:
        WutsError: It cannot begin; somebody else is pairing it, or the number is not usable.
        SlackApiError: Slack opens no direct messages with them.
    """
    await services.pairings.start(line, visit.user_id, visit.words, phone)
    if isinstance(visit.answer, ByDirectMessage):
        # They are told in the very place where the pairing goes on.
        return
    name = shown_name(line.device.name, line.device.id)
    await visit.say(visit.words.pairing_sent.format(device=name))


async def create_and_pair(
    services: Services, visit: Visit, account: str, name: str, phone: str | None = None
) -> None:
    """Create a device, then do as `start_pairing`.

    Raises:
        WutsError: It cannot be created, or its pairing cannot begin.
        SlackApiError: Slack opens no direct messages with them.
    """
    client = services.accounts.client(account)
    if client is None:
        await visit.say(visit.words.problem_other)
        return
    device = await client.create_device(check_name(name))
    audit(visit.user_id, Deed.CREATE, AuditOutcome.DONE, account=account, device_id=device.id)
    services.supervisor.wake(account)
    line = services.accounts.note_fresh(account, device)
    await start_pairing(services, visit, line, phone)


async def unlink_and_pair(services: Services, visit: Visit, line: Line) -> None:
    """Unlink the phone that a device has, then do as `start_pairing`.

    Raises:
        WutsError: It cannot be unlinked, or its pairing cannot begin.
        SlackApiError: Slack opens no direct messages with them.
    """
    client = services.accounts.client(line.account)
    if client is None:
        await visit.say(visit.words.problem_other)
        return
    await client.logout(line.device.id)
    names = {"account": line.account, "device_id": line.device.id}
    audit(visit.user_id, Deed.UNLINK, AuditOutcome.DONE, **names)
    services.supervisor.wake(line.account, line.device.id)
    await start_pairing(services, visit, line)
