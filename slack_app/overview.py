"""Gathers what a status message is made of."""

import asyncio

from core.errors import WutsError, WutsTimeoutError

from .accounts import Accounts
from .blocks.status import Overview
from .messages import Words
from .problems import problem

PATIENCE = 5.0
"""Seconds to wait for the gateways' numbers; a status without them is better than none."""


async def gather(accounts: Accounts, words: Words) -> Overview:
    """Return all devices as they are known now, with their numbers where the gateways tell them."""
    names = accounts.names
    unwell = accounts.unwell()
    troubled = {account for account, _ in unwell}
    asked = [name for name in names if name not in troubled]
    errors = await asyncio.gather(*(_look(accounts, name) for name in asked))
    return Overview(
        lines=accounts.lines(),
        gateways=unwell,
        notes=[
            words.numbers_unavailable.format(account=name, problem=problem(error, words))
            for name, error in zip(asked, errors, strict=True)
            if error is not None
        ],
        several_accounts=len(names) > 1,
    )


async def _look(accounts: Accounts, name: str) -> WutsError | None:
    try:
        async with asyncio.timeout(PATIENCE):
            await accounts.look(name)
    except TimeoutError:
        return WutsTimeoutError()
    except WutsError as error:
        return error
    return None
