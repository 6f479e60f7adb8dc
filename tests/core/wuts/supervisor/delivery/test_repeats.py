"""Receivers that forget get it again, and one that fails or hangs stops nothing."""

import asyncio
import logging
from collections.abc import Callable, Iterable

import pytest

from tests.core.wuts.supervisor.delivery.test_receivers import Somebody, notification
from tests.core.wuts.supervisor.home import QUICK, Home, until
from wuts.supervisor import Alert, Notification, Route
from wuts.supervisor.delivery.repeats import Repeats


class Forgetful(Somebody):
    """Gets everything again all the time; fails or hangs."""

    repeat_interval = 0.01

    def __init__(self) -> None:
        super().__init__()
        self.repeated: list[list[Notification]] = []
        self.repeats_fail = False

    async def repeat(self, told: Callable[[], Iterable[Notification]], /) -> None:
        if self.hangs:
            await asyncio.Event().wait()
        self.repeated.append([*told()])
        if self.repeats_fail:
            raise OSError("https://secret.example")


async def test_who_forgets_is_told_again_and_others_are_not(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ana, rui, eva = Forgetful(), Somebody(), Forgetful()
    ana.repeats_fail = eva.hangs = True
    repeats = Repeats({"ana": ana, "rui": rui, "eva": eva}, lambda name: [notification(name)])
    repeats.start()
    await until(lambda: len(ana.repeated) > 3)
    assert ana.repeated[0] == [notification("ana")]
    assert rui.told == []
    ana.repeats_fail = False
    tried = len(ana.repeated)
    await until(lambda: len(ana.repeated) > tried + 2)
    ana.repeats_fail = True
    with caplog.at_level(logging.INFO, "wuts"):
        caplog.clear()
        tried = len(ana.repeated)
        await until(lambda: len(ana.repeated) > tried + 3)
    assert [one.message for one in caplog.records] == [
        "The receiver ana cannot be sent open alerts again (OSError)"
    ]
    assert "secret" not in caplog.text
    await repeats.close()
    tried = len(ana.repeated)
    await asyncio.sleep(0.05)
    assert len(ana.repeated) == tried


async def test_one_whose_work_is_cancelled_by_somebody_else_is_told_again() -> None:
    class Cancelled(Forgetful):
        async def repeat(self, told: Callable[[], Iterable[Notification]], /) -> None:
            await super().repeat(told)
            if len(self.repeated) == 1:
                raise asyncio.CancelledError

    ana = Cancelled()
    repeats = Repeats({"ana": ana}, lambda name: [notification(name)])
    repeats.start()
    await until(lambda: len(ana.repeated) > 2)
    await repeats.close()


async def test_a_supervisor_tells_again_what_is_open_and_nothing_else(home: Home) -> None:
    one, two = home.add_devices(2)
    ana, eva = Forgetful(), Forgetful()
    routes = [Route(receivers=("ana", "eva"), group_wait=0.0, group_interval=0.0)]
    async with home.supervised(QUICK, sees=2, routes=routes, receivers={"ana": ana, "eva": eva}):
        for device_id in (one, two):
            home.world.unlink(device_id)
        await until(lambda: len(ana.told) == 2)
        await until(lambda: {alert.device_id for alert in newest(ana)} == {one, two})
        assert newest(eva) == [], "nobody has told it of anything"
        await home.supervisor.release_account("home")
        tried = len(ana.repeated)
        await until(lambda: len(ana.repeated) > tried + 1)
        assert newest(ana) == [], "it is another process's business"


def newest(receiver: Forgetful) -> list[Alert]:
    return [alert for each in receiver.repeated[-1:] for one in each for alert in one.open_alerts]
