"""What an account costs: a process may have thousands, and as many alerts."""

import gc
import timeit
import tracemalloc
from collections.abc import Callable
from random import Random

import pytest

from tests.core.wuts.supervisor.virtual import START
from wuts import WutsClient
from wuts.supervisor import AlertKind, Supervisor, SupervisorSettings
from wuts.supervisor.alerts.episodes import AlertBook, Subject
from wuts.supervisor.controller import Controller
from wuts.supervisor.delivery.outbox import Outbox

ACCOUNTS = 500
KIBIBYTE = 1024


@pytest.mark.slow
async def test_an_account_takes_a_few_kibibytes_until_it_is_listed() -> None:
    """A connection of its own, or only a random generator, would be seen here."""
    async with Supervisor() as supervisor:
        supervisor.add_account("first", WutsClient("token"))
        clients = []
        gc.collect()
        tracemalloc.start()
        for number in range(ACCOUNTS):
            clients.append(WutsClient(f"token-{number}"))
            supervisor.add_account(f"account-{number}", clients[-1])
        gc.collect()
        used, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert used / ACCOUNTS < 5 * KIBIBYTE


def shortest(work: Callable[[], object]) -> float:
    """Return how long it takes when nothing disturbs it."""
    return min(timeit.repeat(work, number=1, repeat=50))


def test_an_account_is_added_as_fast_however_many_alerts_are_open() -> None:
    def cost(alerts: int) -> float:
        controller = Controller(SupervisorSettings(), Random(1), Outbox(), lambda: None)
        for number in range(alerts):
            controller.alerts.begin(Subject(AlertKind.NEEDS_PAIRING, "old", f"d{number}"), START)
        names = iter(f"account-{number}" for number in range(50))
        return shortest(lambda: controller.add_account(next(names), START))

    assert cost(20_000) < 10 * cost(10)


def test_an_alert_ends_as_fast_however_many_ended_just_before() -> None:
    def cost(alerts: int) -> float:
        book = AlertBook(SupervisorSettings(), Random(1))
        subjects = [
            Subject(AlertKind.NEEDS_PAIRING, "home", f"d{number}") for number in range(alerts + 50)
        ]
        for subject in subjects:
            book.begin(subject, START)
        for subject in subjects[50:]:
            book.end(subject, START)
        last = iter(subjects[:50])
        return shortest(lambda: book.end(next(last), START))

    assert cost(20_000) < 10 * cost(10)
