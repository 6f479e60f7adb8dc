"""The budget of checked numbers is an account's own, and no restart gives it back."""

import pytest

from slack_app.operations.records import Records, in_name
from slack_app.people.check_budgets import CheckBudgets
from tests.slack_app.late_store import LateStore
from wuts.errors import CheckBudgetUsedUpError
from wuts.supervisor.store import MemoryStore


async def test_each_account_has_a_budget_of_its_own() -> None:
    budgets = budgets_in(MemoryStore())
    await budgets.restore()
    assert await budgets.spend("home", 3)
    assert not await budgets.spend("office", 2)
    with pytest.raises(CheckBudgetUsedUpError):
        await budgets.spend("home", 1)
    assert await budgets.spend("office", 1)


async def test_a_store_that_works_late_gives_nothing_back() -> None:
    store = LateStore()
    store.is_down = False
    await budgets_in(store).spend("home", 2)
    store.is_down = True
    budgets = budgets_in(store)
    await budgets.restore()
    await budgets.spend("home", 1)
    store.is_down = False
    with pytest.raises(CheckBudgetUsedUpError):
        await budgets.spend("home", 1)


async def test_a_store_that_works_late_is_not_written_before_it_is_read() -> None:
    store = LateStore()
    store.is_down = False
    await budgets_in(store).spend("home", 2)
    store.is_down = True
    budgets = budgets_in(store)
    await budgets.restore()
    store.is_down = False
    await budgets.spend("office", 1)
    await budgets.spend("home", 1)
    after = budgets_in(store)
    await after.restore()
    with pytest.raises(CheckBudgetUsedUpError):
        await after.spend("home", 1)


def budgets_in(store: MemoryStore) -> CheckBudgets:
    return CheckBudgets(3, Records(store, "check_budget", ["home", "office"], in_name))
