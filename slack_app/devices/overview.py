"""Gathers what a status message is made of."""

import asyncio
from collections.abc import Sequence

from wuts.errors import WutsError, WutsTimeoutError

from ..blocks.status import Overview
from ..messages import Words
from ..slack.errors import problem
from .accounts import Accounts

PATIENCE = 5.0
"""Seconds to wait for the gateways' numbers; a status without them is better than none."""


def known(accounts: Accounts, notes: Sequence[str] = ()) -> Overview:
    """Return all devices as they are known now; ``notes`` are what else must be said."""
    return Overview(
        lines=accounts.lines(),
        gateways=accounts.unwell(),
        notes=notes,
        several_accounts=len(accounts.names) > 1,
    )


async def gather(accounts: Accounts, words: Words) -> Overview:
    """Return the same, after a look at the gateways for the devices' numbers."""
    troubled = {account for account, _ in accounts.unwell()}
    asked = [name for name in accounts.names if name not in troubled]
    errors = await asyncio.gather(*(_look(accounts, name) for name in asked))
    notes = [
        words.numbers_unavailable.format(account=name, problem=problem(error, words))
        for name, error in zip(asked, errors, strict=True)
        if error is not None
    ]
    return known(accounts, notes)


async def _look(accounts: Accounts, name: str) -> WutsError | None:
    try:
        async with asyncio.timeout(PATIENCE):
            await accounts.look(name)
    except TimeoutError:
        return WutsTimeoutError()
    except WutsError as error:
        return error
    return None
