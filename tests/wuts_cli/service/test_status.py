"""How the service is: at ``/healthz``, ``/readyz``, and in a line for systemd."""

import json
from pathlib import Path

from tests.wuts_cli.command import until
from wuts.supervisor.store.sql import SqlStore
from wuts_cli.service.listen import Listen
from wuts_cli.service.status import LATEST
from wuts_simulator import Simulator

from .conftest import LISTEN, Run, Running


async def answers(service: Running) -> tuple[int, int, dict[str, object]]:
    """Return what both paths answer, and the words of the first."""
    healthz, said = await service.get("/healthz")
    readyz, _ = await service.get("/readyz")
    return healthz, readyz, json.loads(said)


async def test_it_answers_before_the_store_is_opened(run: Run, tmp_path: Path) -> None:
    store = SqlStore(f"sqlite:///{tmp_path}/store.db")
    async with run(store=store, begins=False) as service:
        assert await answers(service) == (503, 503, {"status": "starting"})
        status, _ = await service.get("/pair/x")
        assert status == 503
        assert not (tmp_path / "store.db").exists()
    await store.close()


async def test_it_is_ok_while_it_supervises(service: Running) -> None:
    await service.supervisor.until_owner("home")
    assert await answers(service) == (200, 200, {"status": "ok"})


async def test_a_gateway_that_is_down_is_no_reason_to_restart(run: Run) -> None:
    async with run(url="http://127.0.0.1:1") as service:
        await until(service.supervisor.open_alerts)
        assert await answers(service) == (200, 200, {"status": "ok"})


async def test_a_second_process_stands_by(run: Run, tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/store.db"
    async with run(store=SqlStore(address)) as first:
        await first.supervisor.until_owner("home")
        async with run(store=SqlStore(address)) as second:
            await second.supervisor.until_decided("home")
            assert await answers(second) == (200, 503, {"status": "standby"})
            assert await answers(first) == (200, 200, {"status": "ok"})


async def test_a_store_that_does_not_work_is_told_and_no_reason_to_restart(
    run: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "missing"
    async with run(store=SqlStore(f"sqlite:///{folder}/store.db")) as service:
        await service.supervisor.until_owner("home")
        healthy = {"status": "ok", "store": "does not work"}
        while (answer := await answers(service)) != (200, 200, healthy):
            assert answer[:2] == (200, 200)
        assert str(tmp_path) not in str(answer), "strangers may ask"


async def test_a_supervision_that_does_not_run_is_found_out(service: Running) -> None:
    await service.supervisor.until_owner("home")
    await until(lambda: service.supervisor._dispatcher.job._planned < float("inf"))
    job = service.supervisor._dispatcher.job.scheduler
    assert job is not None
    job.pause()
    service.supervisor._clock = service.supervisor._dispatcher._clock = lambda: 1e12
    assert service.supervisor.lateness() > LATEST
    assert await answers(service) == (503, 503, {"status": "the supervision does not run"})


async def test_a_supervision_that_has_ended_is_late_for_ever(service: Running) -> None:
    await service.supervisor.stop()
    assert service.supervisor.lateness() == float("inf")
    assert (await answers(service))[0] == 503


async def test_who_shares_accounts_out_may_have_none(run: Run) -> None:
    async with run(shares=True) as service:
        assert await answers(service) == (200, 200, {"status": "ok"})


async def test_a_part_that_keeps_failing_is_named(service: Running) -> None:
    is_broken = True

    async def fail() -> None:
        if is_broken:
            raise ValueError

    background = service.status._background
    background._first_pause = 0.001
    await service.supervisor.until_owner("home")
    background.start("part", fail)
    failing = {"status": "a task keeps failing", "tasks": ["part"]}
    while (answer := await answers(service)) != (503, 503, failing):
        assert answer[0] == 200
    is_broken = False
    while (answer := await answers(service)) != (200, 200, {"status": "ok"}):
        assert answer[2] in ({"status": "ok"}, failing)


async def test_systemd_gets_a_line_without_names(service: Running, sim: Simulator) -> None:
    sim.world.add_device("home", "Front desk", state="connected")
    sim.world.add_device("home", "Back office")
    service.supervisor.wake("home")
    await until(lambda: len(service.supervisor.devices("home")) == 2)
    expected = "Accounts: 1. Devices: 2, 1 of them connected. Open alerts: 0."
    assert service.status.line() == expected


async def test_nothing_else_is_answered_while_it_ends(run: Run) -> None:
    async with run() as service:
        service.status.end()
        assert await answers(service) == (503, 503, {"status": "ending"})
        code, _ = await service.get("/pair/x")
        assert code == 503


def test_where_it_listens_holds_no_secret_in_its_repr() -> None:
    assert isinstance(LISTEN, Listen)
    assert LISTEN.token not in repr(LISTEN)
    assert LISTEN.webhook_secret not in repr(LISTEN)
