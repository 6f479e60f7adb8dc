"""A thousand phones are unlinked at once: each receiver has one message, which changes."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from tests.core.wuts.supervisor.home import ACCOUNT, PATIENT, Home, until
from tests.core.wuts.supervisor.store.test_alert_actions import Somebody, pair_again, unlink
from wuts.supervisor import News, Notification, Route
from wuts.supervisor.store.sql import SqlStore

LOST = 1_000
GROUP = {"group_wait": 5.0, "group_interval": 1.0}
ROUTES = (
    Route(receivers=("ana",), continues=True, **GROUP),  # type: ignore[arg-type]
    Route(receivers=("rui",), **GROUP),  # type: ignore[arg-type]
)
PATIENCE = 500


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_a_thousand_devices_lost_at_once_are_one_notification_a_receiver_then_updates(
    sqlite_file: Path, home: Home
) -> None:
    address = f"sqlite:///{sqlite_file}"
    devices, people = home.add_devices(LOST), {"ana": Somebody(), "rui": Somebody()}
    phones: dict[str, str] = {}
    supervised = {"routes": ROUTES, "receivers": people, "sees": LOST}
    async with home.supervised(PATIENT, store=SqlStore(address), **supervised) as found:  # type: ignore[arg-type]
        phones = {device_id: unlink(home, device_id) for device_id in devices}
        found.wake(ACCOUNT)
        await until(lambda: all(_open(one.told) == LOST for one in people.values()), PATIENCE)
        await until(lambda: all(one.waiting == 0 for one in found.alerts.receivers().values()))
    before = {name: len(one.told) for name, one in people.items()}
    async with home.supervised(PATIENT, store=SqlStore(address), **supervised) as found:  # type: ignore[arg-type]
        for device_id, phone in phones.items():
            pair_again(home, device_id, phone)
        found.wake(ACCOUNT)
        await until(lambda: all(one.news[-1] is News.RESOLVED for one in people.values()), PATIENCE)
        assert found.open_alerts() == ()
    for name, one in people.items():
        assert len({sent.id for sent in one.told}) == 1
        assert [sent.sequence for sent in one.told] == [*range(1, len(one.told) + 1)]
        gaps = [(after.at - sent.at).total_seconds() for sent, after in pairwise(one.told)]
        assert all(gap >= GROUP["group_interval"] for gap in gaps)
        assert Counter(one.news[: before[name]]) == {News.RAISED: before[name]}
        assert len(one.told) < LOST / 10, "changes are told together"


def _open(told: list[Notification]) -> int:
    return len(told[-1].open_alerts) if told else 0
