"""What people do about a pairing, by a command, a button or a modal."""

from wuts import find_device
from wuts.errors import UnknownDeviceError

from ..blocks.modals import pair_modal, phone_modal
from ..blocks.names import Action
from ..blocks.numbers import masked
from ..blocks.pairing import kept, sent_link
from ..blocks.parts import shown_name
from ..blocks.phone_question import asked_again
from ..devices.device import Line
from ..operations.audit import AuditAction, AuditOutcome
from ..pairing.pairing import Asked, PairingAction
from .consent import is_asked, is_blocked, is_confirmed
from .context import CommandContext, device_of
from .creating import create_device
from .removals import unlink_phone


async def start_pairing(asked: CommandContext, line: Line, phone: str | None = None) -> None:
    """Start to pair a device in the person's direct messages, and tell them so.

    Raises:
        WutsError: It cannot begin; somebody else is pairing it, or the number is not usable.
        SlackApiError: Slack opens no direct messages with them.
    """
    await asked.services.pairings.start(line, asked.user_id, asked.strings, phone)
    # Who is answered by direct message sees the pairing there anyway.
    if not asked.is_answered_directly:
        name = shown_name(line.name, line.id)
        await asked.say(asked.strings.pairing_sent.format(device=name))


async def start_by_link(asked: CommandContext, line: Line) -> None:
    """Start to pair a device on a page; show the person, and nobody else, the link to pass on.

    Raises:
        WutsError: It cannot begin; somebody else is pairing it.
        SlackApiError: Slack opens no direct messages with them.
    """
    pairings = asked.services.pairings
    sent = await pairings.start(line, asked.user_id, asked.strings, by_link=True)
    if sent is not None:
        await asked.answer(sent_link(sent.url, sent.until, asked.strings))


async def create_and_pair(
    asked: CommandContext, account: str, name: str, phone: str | None = None
) -> None:
    """Create a device, then do as `start_pairing`.

    Raises:
        WutsError: It cannot be created, or its pairing cannot begin.
        SlackApiError: Slack opens no direct messages with them.
    """
    line = await create_device(asked, account, name)
    if line is not None:
        await start_pairing(asked, line, phone)


async def create_offered(asked: CommandContext) -> None:
    """Do as `create_and_pair`, unless an earlier click did: *Create and pair*."""
    account, key, name = asked.value.split(" ", 2)
    phone = asked.services.typed_numbers.find(asked.user_id, key)
    of_account = [line for line in asked.services.accounts.lines() if line.account == account]
    try:
        made = find_device(of_account, name)
    except UnknownDeviceError:
        await create_and_pair(asked, account, name, phone)
    else:
        await start_pairing(asked, made, phone)


async def pair(asked: CommandContext, line: Line) -> None:
    """Start to pair a device: *Pair*, *Pair now* and *Start again*.

    A phone's key behind the device asks for a pair code.
    """
    key = asked.value.split(" ")[2:]
    phone = asked.services.typed_numbers.find(asked.user_id, key[0]) if key else None
    await start_pairing(asked, line, phone)


async def unlink_and_pair(asked: CommandContext, line: Line) -> None:
    """Unlink the wrong phone, and pair again: *Unlink and start again*, whose dialog has asked.

    Where the gateway may unlink another device's phone instead, say so and ask first.
    """
    if await is_blocked(asked, line, AuditAction.UNLINK):
        return
    if not await is_asked(asked, line, AuditAction.UNLINK, Action.UNLINK_ANYWAY):
        await _unlink_and_pair(asked, line)


async def unlink_anyway(asked: CommandContext, line: Line) -> None:
    """Unlink the phone, as somebody has confirmed, and pair again: *Unlink anyway*.

    Raises:
        WutsError: It was not unlinked, or nobody knows; no pairing begins.
        SlackApiError: Slack opens no direct messages with them.
    """
    if await is_blocked(asked, line, AuditAction.UNLINK) or not await is_confirmed(asked, line):
        return
    await _unlink_and_pair(asked, line)


async def _unlink_and_pair(asked: CommandContext, line: Line) -> None:
    if await unlink_phone(asked, line):
        await start_pairing(asked, line)


async def keep_phone(asked: CommandContext) -> None:
    """Keep the phone that the question was about, and say so in its place: *Keep this phone*.

    Ask again where another phone is linked by now.
    """
    services, strings = asked.services, asked.strings
    line = await services.accounts.look_up(device_of(asked.bolt))
    if line is None:
        await asked.say(strings.problem_device_gone)
        return
    ref, number = line.ref, line.device.linked_number
    question_id = "".join(asked.value.split(" ")[2:3])
    if await services.supervisor.keep_phone(ref.account, ref.device_id, question_id):
        asked.audit(AuditAction.KEEP, ref)
        text = strings.unchecked_kept.format(user=asked.user_id)
        if number is not None:
            text = strings.wrong_account_kept.format(number=masked(number), user=asked.user_id)
        await asked.replace(kept(shown_name(line.name, ref.device_id), text, strings))
    elif line.question is None:
        await asked.say(strings.question_over)
    else:
        await asked.answer(asked_again(line, strings))


async def open_pair_modal(asked: CommandContext) -> None:
    """Ask what to pair and how: *Pair a device* in the App Home."""
    await asked.open_modal(pair_modal(asked.services.accounts.names, asked.strings))


async def open_phone_modal(asked: CommandContext) -> None:
    """Ask for the phone's number: *Use a pair code*."""
    await asked.open_modal(phone_modal(asked.value, asked.strings))


async def new_code(asked: CommandContext) -> None:
    """Show a fresh code: *New code*."""
    await ask_pairing(asked, asked.value, PairingAction.NEW_CODE)


async def send_link(asked: CommandContext) -> None:
    """Show the pairing on a page as well: *Send a link*."""
    sent = asked.services.pairings.send_link(asked.value, asked.user_id)
    if sent is None:
        await asked.say(asked.strings.pairing_over)
    else:
        await asked.answer(sent_link(sent.url, sent.until, asked.strings))


async def cancel(asked: CommandContext) -> None:
    """End the pairing: *Cancel*."""
    await ask_pairing(asked, asked.value, PairingAction.CANCEL)


async def ask_pairing(asked: CommandContext, pairing_id: str, action: Asked) -> None:
    """Hand an action to a running pairing, or say that it is over."""
    ref = asked.services.pairings.ask(pairing_id, asked.user_id, action)
    if ref is None:
        await asked.say(asked.strings.pairing_over)
    elif action is not PairingAction.CANCEL:  # whose end is a line of its own
        asked.audit(AuditAction.PAIR, ref, AuditOutcome.NEW_CODE)
