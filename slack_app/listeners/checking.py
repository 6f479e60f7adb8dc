"""Which numbers are on WhatsApp: ``/wuts check``, and *Check this number* on a message."""

from collections.abc import Sequence

from wuts.errors import CheckBudgetUsedUpError
from wuts.phone_numbers import read_numbers, shown_number

from ..blocks.choices import which_number
from ..blocks.errors import error_text
from ..blocks.numbers import split_numbers
from ..messages.numbers_in_text import numbers_in
from ..messages.parser import Invocation
from ..operations.audit import AuditAction
from .context import CommandContext

_BETWEEN = ","


async def check(asked: CommandContext, said: Invocation) -> None:
    """Tell of the numbers that somebody typed."""
    await _check(asked, read_numbers(split_numbers(said.argument), asked.country))


async def check_message(asked: CommandContext) -> None:
    """Tell of the number in a message; if there are several, ask which: *Check this number*."""
    message = asked.body.get("message") or {}
    found = numbers_in(str(message.get("text") or ""), asked.country)
    if len(found) == 1:
        await _check(asked, found)
        return
    if not found:
        await asked.say(asked.strings.no_number_there)
        return
    keep = asked.services.typed_numbers.keep
    keys = {shown_number(one): keep(asked.user_id, one) for one in found}
    everything = keep(asked.user_id, _BETWEEN.join(found))
    await asked.answer(which_number(keys, everything, asked.strings))


async def check_chosen(asked: CommandContext) -> None:
    """Tell of the number that somebody chose, or of all: *Check* and *Check all*."""
    kept = asked.services.typed_numbers.find(asked.user_id, asked.value)
    if kept is None:
        await asked.say(asked.strings.number_forgotten)
    else:
        await _check(asked, kept.split(_BETWEEN))


async def _check(asked: CommandContext, numbers: Sequence[str]) -> None:
    """Return which numbers are on WhatsApp; a connected device looks."""
    accounts, strings = asked.services.accounts, asked.strings
    digits = list(dict.fromkeys(numbers))
    line = next((line for line in accounts.lines() if line.is_connected), None)
    client = accounts.client(line.account) if line is not None else None
    if line is None or client is None:
        await asked.say(strings.check_needs_device)
        return
    budgets = asked.services.check_budgets
    try:
        is_used_up = await budgets.spend(line.account, len(digits))
    except CheckBudgetUsedUpError as error:
        reasons = [strings.budget_reason] if budgets.is_new_to(asked.user_id) else []
        await asked.say(" ".join([error_text(error, strings), *reasons]))
        return
    found = (await client.check_contacts(digits, line.id)).results
    asked.audit(AuditAction.CHECK, line.ref, count=str(len(digits)))
    answers = {
        True: f":white_check_mark: {strings.on_whatsapp}",
        False: f":x: {strings.not_on_whatsapp}",
        None: f":grey_question: {strings.perhaps_on_whatsapp}",
    }
    lines = [answers[found.get(one)].format(number=shown_number(one)) for one in digits]
    if is_used_up:
        lines.append(strings.budget_spent.format(limit=budgets.limit))
    await asked.say("\n".join(lines))
