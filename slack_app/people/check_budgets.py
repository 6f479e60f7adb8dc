"""How many numbers people may check in an hour, by account; a restart does not forget it."""

from dataclasses import replace
from datetime import UTC, datetime

from wuts.check_budget import CheckBudget

from ..operations.records import Records

_SPENT = "spent"


class CheckBudgets:
    """Each account's budget.

    Args:
        limit: Numbers an hour and account; 0 for no limit.
        records: What was spent, by account. It holds no number.
    """

    def __init__(self, limit: int, records: Records) -> None:
        self.limit = limit
        self._records = records
        self._budgets: dict[str, CheckBudget] = {}
        self._unsaved: set[str] = set()
        self._is_restored = False
        self._told: set[str] = set()

    async def restore(self) -> None:
        """Take in what an earlier run spent; while the store does not say, `spend` asks again."""
        if self._is_restored:
            return
        records = await self._records.read()
        if records is None or self._is_restored:
            return
        self._is_restored = True
        for account, record in records.items():
            left = CheckBudget.from_text(record.get(_SPENT), limit=self.limit)
            now = self._of(account)
            self._budgets[account] = replace(now, spent=tuple(sorted(left.spent + now.spent)))

    async def spend(self, account: str, count: int) -> bool:
        """Note that ``count`` numbers are looked up, before they are.

        Returns:
            Whether these were the last of the hour.

        Raises:
            CheckBudgetUsedUpError: So many are not left.
        """
        await self.restore()
        now = datetime.now(UTC)
        budget = self._budgets[account] = self._of(account).spend(count, now)
        if self.limit:
            self._unsaved.add(account)
            await self._save()
        return budget.left(now) == 0

    def is_new_to(self, user_id: str) -> bool:
        """Return whether a person has yet to hear why there is a budget; they hear it once."""
        is_new = user_id not in self._told
        self._told.add(user_id)
        return is_new

    async def _save(self) -> None:
        """Write what was spent, but not before the rest is read, or it would take its place."""
        for account in list(self._unsaved) if self._is_restored else []:
            record = {_SPENT: self._of(account).as_text()}
            if await self._records.save(account, record):
                self._unsaved.discard(account)

    def _of(self, account: str) -> CheckBudget:
        return self._budgets.get(account, CheckBudget(limit=self.limit))
