"""``/wuts check``: what it says about each number, and how many may be checked in an hour."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial

import pytest

from slack_app.app import RunningApp, Tempo, running_app
from slack_app.settings import Settings
from tests.slack_app.strict_slack import ANA, BOB, StrictSlack
from wuts.supervisor import SupervisorSettings
from wuts.supervisor.store import MemoryStore
from wuts_simulator import EndpointName, Fault, FaultKind, Simulator

TEMPO = Tempo(supervision=SupervisorSettings(interval=3_600, debounce=0.0), interval=0.0)
WHY = "WhatsApp has restricted numbers that looked up many others"
SPENT = "That was the last of the 3 numbers"
NOT_LEFT = "of the 3 numbers per hour are left"


async def test_a_number_without_an_answer_is_unknown_by_itself(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    answered = {"551188880002": True, "5511988880003": None, "5511988880004": "odd"}
    gateway.world.faults.add(
        Fault(
            kind=FaultKind.BODY,
            endpoint=EndpointName.CHECK_CONTACTS,
            status=200,
            body={"success": True, "data": answered},
        )
    )
    async with checking(strict, gateway, settings):
        await strict.command(ANA, "check +5511988880002 +5511988880003 +5511988880004")
        await strict.says("+55 11 98888-0002 is on WhatsApp")
    assert "+55 11 98888-0003: the gateway did not say" in strict.said()
    assert "+55 11 98888-0004: the gateway did not say" in strict.said()


@pytest.mark.parametrize(
    "pasted",
    [
        "+55\N{NO-BREAK SPACE}11\N{NO-BREAK SPACE}98888\N{NON-BREAKING HYPHEN}0002",
        "55\N{NO-BREAK SPACE}11\N{NO-BREAK SPACE}98888\N{EN DASH}0002",
        "\N{LEFT-TO-RIGHT EMBEDDING}+55 11 98888.0002\N{POP DIRECTIONAL FORMATTING}",
        "55/11/98888/0002",
    ],
)
async def test_a_number_may_be_pasted_from_any_page(
    pasted: str, strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    async with checking(strict, gateway, settings):
        await strict.command(ANA, f"check {pasted}")
        await strict.says("+55 11 98888-0002 is on WhatsApp")


async def test_the_budget_is_told_when_it_is_used_up_and_why_once(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    store = MemoryStore()
    limited = settings.model_copy(update={"check_budget": 3, "allow_users": frozenset({ANA, BOB})})
    async with checking(strict, gateway, limited, store):
        await strict.command(ANA, "check 5511988880002 5511988880002 5511988880003")
        await strict.says("+55 11 98888-0003 is not on WhatsApp")
        assert SPENT not in strict.said()
        await strict.command(ANA, "check 5511988880004")
        await strict.says(SPENT)
        for user, reasons in ((ANA, 1), (ANA, 1), (BOB, 2)):
            told = len(strict.private)
            await strict.command(user, "check 5511988880005")
            await strict.until(partial(is_longer, strict.private, told))
            assert f"Only 0 {NOT_LEFT}. You can check these <!date^" in strict.said()
            assert sum(WHY in sent["text"] for sent in strict.private) == reasons
    assert "98888-0005" not in strict.said()
    (kept,) = (await store.entries("slack.check_budget", "home")).values()
    assert "5511" not in kept
    async with checking(strict, gateway, limited, store):
        told = len(strict.private)
        await strict.command(ANA, "check 5511988880006 5511988880007")
        await strict.until(partial(is_longer, strict.private, told))
        assert f"Only 0 {NOT_LEFT}" in str(strict.private[-1])


async def test_more_than_an_hour_allows_is_told_so(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    limited = settings.model_copy(update={"check_budget": 1})
    async with checking(strict, gateway, limited):
        await strict.command(ANA, "check 5511988880002 5511988880003")
        await strict.says("You can check at most 1 numbers per hour, and 1 are left.")


async def test_no_budget_is_no_limit(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    unlimited = settings.model_copy(update={"check_budget": 0})
    numbers = [f"55119{number:08}" for number in range(250)]
    async with checking(strict, gateway, unlimited):
        await strict.command(ANA, f"check {' '.join(numbers[:3])}")
        await strict.says("+55 11 90000-0002")
        await strict.command(ANA, f"check {' '.join(numbers)}")
        await strict.says("+55 11 90000-0200")
    assert WHY not in strict.said()


def is_longer(told: Sequence[object], length: int) -> bool:
    return len(told) > length


@asynccontextmanager
async def checking(
    strict: StrictSlack, gateway: Simulator, settings: Settings, store: MemoryStore | None = None
) -> AsyncIterator[RunningApp]:
    """The app, with a device that can look numbers up."""
    if not gateway.world.registry.devices:
        gateway.world.add_device(name="Good", state="connected")
    async with running_app(settings, store=store, tempo=TEMPO) as app:
        while not any(line.is_connected for line in app.services.accounts.lines()):
            await strict.client.auth_test()
        yield app
