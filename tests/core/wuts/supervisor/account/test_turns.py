"""Accounts that wait for room cost nothing, and everybody's turn comes."""

from collections import Counter
from random import Random

from wuts.supervisor import SupervisorSettings
from wuts.supervisor.account.work_queue import Answer, Call, CallKind
from wuts.supervisor.controller import Controller
from wuts.supervisor.delivery.outbox import Outbox
from wuts.supervisor.device.device import Listing, ListingRow

NOW = 1_000_000.0
ACCOUNTS = 200
ROOM = 3


def controller_of_dropped_devices() -> tuple[Controller, list[Call]]:
    """Make a controller whose accounts all have a device that dropped; return what is under way."""
    settings = SupervisorSettings(concurrency=ROOM, debounce=0.0)
    controller = Controller(settings, Random(1), Outbox(), lambda: None)
    for number in range(ACCOUNTS):
        controller.add_account(f"account-{number}", NOW)
    list_all(controller, row(is_connected=True), NOW + 60)
    return controller, list_all(controller, row(is_connected=False), NOW + 120)


def row(*, is_connected: bool) -> ListingRow:
    return ListingRow(
        id="desk",
        name="Desk",
        connected=is_connected,
        linked=True,
        phone_number=None,
        last_seen=None,
    )


def list_all(controller: Controller, device: ListingRow, now: float) -> list[Call]:
    """Answer every account's listing once; return the other calls."""
    listed: set[str] = set()
    others: list[Call] = []
    while len(listed) < ACCOUNTS:
        for call in controller.dispatch(now):
            if call.kind is not CallKind.LIST:
                others.append(call)
                continue
            listed.add(call.account)
            for _ in controller.answer(Answer(call, Listing((device,))), now):
                pass
    return others


def test_while_there_is_no_room_nobody_who_waits_is_asked() -> None:
    controller, under_way = controller_of_dropped_devices()
    assert len(under_way) == ROOM
    waiting = controller._turns.callers.copy()
    assert len(waiting) >= ACCOUNTS - ROOM
    assert controller.dispatch(NOW + 121) == []
    assert controller._turns.callers == waiting


def test_each_account_has_its_turn() -> None:
    controller, under_way = controller_of_dropped_devices()
    called: Counter[str] = Counter()
    while under_way and called.total() < ACCOUNTS:
        assert len(under_way) <= ROOM
        called.update(call.account for call in under_way)
        for call in under_way:
            for _ in controller.answer(Answer(call, None), NOW + 121):
                pass
        under_way = controller.dispatch(NOW + 121)
    assert called.keys() == controller.accounts.keys()
