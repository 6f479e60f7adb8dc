"""Accounts take turns to make calls, within the budget of all."""

from collections import OrderedDict
from collections.abc import Mapping

from .account import Account
from .work_queue import Budget, Call


class Turns:
    """Which accounts may have calls to make: first come, first served.

    An account that must wait for room costs nothing, however many do.

    Args:
        budget: How many calls all accounts may make.

    Attributes:
        callers: The names of accounts that may have calls about devices to make.
        listers: The same for listings.
    """

    def __init__(self, budget: Budget) -> None:
        self.callers: OrderedDict[str, None] = OrderedDict()
        self.listers: OrderedDict[str, None] = OrderedDict()
        self._budget = budget

    def add(self, name: str) -> None:
        """Let an account take its turn, after those that wait already."""
        self.callers.setdefault(name)
        self.listers.setdefault(name)

    def drop(self, name: str) -> None:
        """Forget an account."""
        self.callers.pop(name, None)
        self.listers.pop(name, None)

    def take(self, accounts: Mapping[str, Account], now: float) -> list[Call]:
        """Return the calls to make now; they count as begun."""
        calls: list[Call] = []
        while (room := self._budget.room) > 0 and self.callers:
            name, _ = self.callers.popitem(last=False)
            calls += self._begun(accounts[name].take_calls(now, room))
            if accounts[name].wants_calls(now):
                self.callers[name] = None
        while self._budget.listing_room > 0 and self.listers:
            name, _ = self.listers.popitem(last=False)
            if accounts[name].wants_listing(now):
                calls += self._begun([accounts[name].take_listing(now)])
        return calls

    def _begun(self, calls: list[Call]) -> list[Call]:
        for call in calls:
            self._budget.begin(call)
        return calls
