"""Whoever waits for a look: a listing that began after they asked, and what follows from it."""

import asyncio

from ..errors import WutsError
from .account.work_queue import Answer, CallKind
from .device.device import Listing
from .store import StoreOwnedError

type _Waiting = tuple[float, asyncio.Future[None]]
"""When somebody asked, and what tells them."""


class Looks:
    """Those who wait, by account."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[_Waiting]] = {}
        self._answered = asyncio.Event()

    def wait(self, account: str, asked_at: float) -> asyncio.Future[None]:
        """Return what is done once a listing is taken in that began at ``asked_at`` or later.

        It raises what the gateway answered instead, or `StoreOwnedError` where the account is
        no longer looked after here.
        """
        listed = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(account, []).append((asked_at, listed))
        return listed

    async def until_answered(self) -> None:
        """Wait until the next call, whichever it is, has been answered."""
        self._answered.clear()
        await self._answered.wait()

    def taken_in(self, answer: Answer) -> None:
        """Tell those whom an answer that was taken in concerns."""
        self._answered.set()
        call, result = answer.call, answer.result
        if call.kind is not CallKind.LIST or not isinstance(result, Listing | WutsError):
            return
        waiting = self._waiting.pop(call.account, [])
        later = [one for one in waiting if one[0] > call.made_at]
        if later:
            self._waiting[call.account] = later
        for _, listed in (one for one in waiting if one not in later):
            _end(listed, result if isinstance(result, WutsError) else None)

    def abandon(self, account: str) -> None:
        """Let nobody wait for an account that is not looked after here."""
        for _, listed in self._waiting.pop(account, []):
            _end(listed, StoreOwnedError(accounts=[account]))


def _end(listed: asyncio.Future[None], problem: WutsError | None) -> None:
    if listed.done():  # whoever waited has given up
        return
    if problem is None:
        listed.set_result(None)
    else:
        listed.set_exception(problem)
