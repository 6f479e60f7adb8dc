"""What a supervisor knows, while gateways, receivers and stores fail."""

import asyncio
import time
from pathlib import Path

import pytest

from tests.core.wuts.metrics.figures import figure, samples, series
from tests.core.wuts.supervisor.delivery.test_outbox import SlowStore
from tests.core.wuts.supervisor.home import ACCOUNT, PATIENT, QUICK, Home, until
from tests.core.wuts.values import PHONE, TOKEN
from wuts import WutsClient
from wuts.metrics import Metrics
from wuts.metrics.supervised import AT_ONCE
from wuts.supervisor import (
    MuteScope,
    Notification,
    Route,
    Supervisor,
)
from wuts.supervisor.delivery import outbox
from wuts.supervisor.store import Changes, MemoryStore, StoreLockedError, ownership
from wuts.supervisor.store.sql import SqlStore
from wuts_simulator import EndpointName, FaultKind

ONLY_OWNERS = {"wuts_account_owner"}
"""What is shown of an account that another process looks after."""


async def test_devices_and_the_gateway_are_counted_by_their_state(
    metrics: Metrics, home: Home
) -> None:
    home.world.add_device(name="Front desk", state="connected", phone=PHONE)
    home.world.add_device(name="Back office")
    async with home.supervised(sees=2) as supervisor:
        with metrics.watching(supervisor):
            assert figure(metrics, "wuts_devices", account="home", state="connected") == 1
            assert figure(metrics, "wuts_devices", account="home", state="never_paired") == 1
            assert figure(metrics, "wuts_devices", account="home", state="unknown") == 0
            assert figure(metrics, "wuts_account_state", account="home", state="healthy") == 1
            assert figure(metrics, "wuts_account_owner", account="home") == 1
            shown = metrics.text().decode()
    for secret in ("Front desk", PHONE, TOKEN, *home.supervisor.devices(ACCOUNT)):
        assert secret not in shown


async def test_the_last_good_listing_is_told_and_stays_what_it_was_when_the_gateway_fails(
    metrics: Metrics, home: Home
) -> None:
    name = "wuts_account_listed_timestamp_seconds"
    home.add_devices(1)
    begun = time.time()
    home.fault(EndpointName.LIST_DEVICES, FaultKind.HTML)
    async with home.supervised() as supervisor:
        with metrics.watching(supervisor):
            await until(lambda: home.requests(EndpointName.LIST_DEVICES) > 2)
            assert figure(metrics, name, account="home") is None
            home.world.faults.clear()
            await until(lambda: figure(metrics, name, account="home") is not None)
            assert begun <= (figure(metrics, name, account="home") or 0) <= time.time()
            home.fault(EndpointName.LIST_DEVICES, FaultKind.STATUS, status=500)
            requests = home.requests(EndpointName.LIST_DEVICES)
            # One that was under way when the fault came may still count.
            await until(lambda: home.requests(EndpointName.LIST_DEVICES) > requests + 2)
            listed = figure(metrics, name, account="home")
            requests = home.requests(EndpointName.LIST_DEVICES)
            await until(lambda: home.requests(EndpointName.LIST_DEVICES) > requests + 2)
            assert figure(metrics, name, account="home") == listed


async def test_alerts_are_told_apart_by_whether_they_wait_for_somebody(
    metrics: Metrics, home: Home
) -> None:
    def alerts(state: str) -> float | None:
        return figure(metrics, "wuts_alerts", account="home", kind="needs_pairing", state=state)

    def opened() -> float | None:
        return figure(metrics, "wuts_alerts_open", account="home", kind="needs_pairing")

    ids = home.add_devices(3)
    async with home.supervised(sees=3) as supervisor:
        with metrics.watching(supervisor):
            assert (alerts("open"), alerts("acknowledged"), alerts("muted"), opened()) == (0,) * 4
            for device_id in ids:
                home.world.unlink(device_id)
            await until(lambda: alerts("open") == 3)
            first, second, third = supervisor.open_alerts()
            await supervisor.alerts.acknowledge(ACCOUNT, first.id, by="Ana")
            scope = MuteScope(ACCOUNT, device_id=second.device_id)
            await supervisor.alerts.mute(scope, by="Ana", reason="moving")
            assert (alerts("open"), alerts("acknowledged"), alerts("muted")) == (1, 1, 1)
            # Who is muted is not called, whoever has it.
            await supervisor.alerts.acknowledge(ACCOUNT, second.id, by="Ana")
            assert (alerts("acknowledged"), alerts("muted"), opened()) == (1, 1, 3)
            await supervisor.alerts.unmute(scope, by="Ana")
            assert (alerts("open"), alerts("acknowledged"), alerts("muted")) == (1, 2, 0)
            assert third.id not in metrics.text().decode()
            assert "Ana" not in metrics.text().decode()


@pytest.mark.slow
async def test_a_receiver_that_fails_shows_what_waits_for_it(metrics: Metrics, home: Home) -> None:
    works = False

    async def mail(_notification: Notification) -> None:
        if not works:
            raise ConnectionError("smtp://user:secret@mail.example")

    [device_id] = home.add_devices(1)
    route = Route(receivers=("mail",), group_wait=0.0)
    async with home.supervised(sees=1, routes=[route], receivers={"mail": mail}) as supervisor:
        with metrics.watching(supervisor):
            assert figure(metrics, "wuts_notifications_undelivered", receiver="mail") == 0
            assert figure(metrics, "wuts_receiver_consecutive_failures", receiver="mail") == 0
            home.world.unlink(device_id)
            await until(
                lambda: figure(metrics, "wuts_receiver_consecutive_failures", receiver="mail") == 1
            )
            assert figure(metrics, "wuts_notifications_undelivered", receiver="mail") == 1
            assert "secret" not in metrics.text().decode()
            works = True
            await until(
                lambda: figure(metrics, "wuts_notifications_undelivered", receiver="mail") == 0
            )
            assert figure(metrics, "wuts_receiver_consecutive_failures", receiver="mail") == 0


class LockedStore(MemoryStore):
    """A store that cannot be written while it is locked."""

    locked = False

    async def save(self, changes: Changes) -> None:
        if self.locked:
            raise StoreLockedError
        await super().save(changes)


async def test_a_store_that_fails_is_down_and_falls_behind_until_all_is_saved(
    metrics: Metrics, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "RETRY_AFTER", 0.02)
    home.add_devices(2)
    store = LockedStore()
    store.locked = True
    async with home.supervised(store=store, sees=2) as supervisor:
        with metrics.watching(supervisor):
            await until(lambda: figure(metrics, "wuts_store_up") == 0)
            await until(lambda: (figure(metrics, "wuts_store_behind_seconds") or 0) > 0.1)
            assert (figure(metrics, "wuts_store_unsaved_records") or 0) >= 2
            store.locked = False
            await until(lambda: figure(metrics, "wuts_store_up") == 1)
            await until(lambda: figure(metrics, "wuts_store_behind_seconds") == 0)
            # What came while it was saved is saved with the next.
            await until(lambda: figure(metrics, "wuts_store_unsaved_records") == 0)


async def test_a_store_that_hangs_is_up_but_falls_behind(metrics: Metrics, home: Home) -> None:
    home.add_devices(2)
    store = SlowStore()
    async with home.supervised(PATIENT, store=store, sees=2) as supervisor:
        with metrics.watching(supervisor):
            await store.begun.wait()
            assert figure(metrics, "wuts_store_up") == 1
            assert (figure(metrics, "wuts_store_unsaved_records") or 0) >= 2
            behind = figure(metrics, "wuts_store_behind_seconds") or 0
            await until(lambda: (figure(metrics, "wuts_store_behind_seconds") or 0) > behind)
            store.let.set()
            await until(lambda: figure(metrics, "wuts_store_behind_seconds") == 0)
            # What came while it was saved is saved with the next.
            await until(lambda: figure(metrics, "wuts_store_unsaved_records") == 0)


async def test_who_waits_for_an_account_shows_that_it_is_not_the_owner_and_no_zeros(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ownership, "EVERY", 0.02)
    home.add_devices(2)
    address = f"sqlite:///{tmp_path}/wuts.db"
    first, second = (Metrics(program="test", version="1", accounts=["home"]) for _ in range(2))
    waiter = Supervisor(QUICK, store=SqlStore(address))
    async with waiter:
        async with home.supervised(store=SqlStore(address), sees=2) as owner:
            waiter.add_account(ACCOUNT, home.new_client())
            await waiter.until_decided(ACCOUNT)
            with first.watching(owner), second.watching(waiter):
                assert figure(first, "wuts_account_owner", account="home") == 1
                assert figure(second, "wuts_account_owner", account="home") == 0
                assert series(second, account="home") == ONLY_OWNERS
                assert "wuts_devices" in series(first, account="home")
        with second.watching(waiter):
            await waiter.until_owner(ACCOUNT)
            assert figure(second, "wuts_account_owner", account="home") == 1
            await until(
                lambda: figure(second, "wuts_devices", account="home", state="connected") == 2
            )


async def test_an_account_that_leaves_takes_its_series_along(home: Home) -> None:
    [device_id] = home.add_devices(1)
    names = {"home", "shop"}
    metrics = Metrics(program="test", version="1", accounts=names)
    async with home.supervised(sees=1) as supervisor:
        supervisor.subscribe(metrics.on_event)
        with metrics.watching(supervisor):
            # Another process has the shop.
            assert series(metrics, account="shop") == ONLY_OWNERS
            home.world.drop(device_id)
            attempts = "wuts_connect_attempts_total"
            await until(
                lambda: figure(metrics, attempts, account="home", outcome="reconnected") == 1
            )
            await supervisor.remove_account(ACCOUNT)
            assert series(metrics, account="home") == {*ONLY_OWNERS, attempts}
            names.remove("home")
            assert series(metrics, account="home") == set()
            names.add("home")
            supervisor.add_account(ACCOUNT, home.new_client())
            await until(lambda: figure(metrics, "wuts_account_owner", account="home") == 1)
            assert figure(metrics, attempts, account="home", outcome="reconnected") == 0


async def test_a_program_that_supervises_nothing_yet_shows_whose_accounts_they_are_not(
    metrics: Metrics, home: Home
) -> None:
    assert figure(metrics, "wuts_account_owner", account="home") == 0
    assert series(metrics, account="home") == ONLY_OWNERS
    assert figure(metrics, "wuts_store_up") is None
    async with home.supervised() as supervisor:
        with metrics.watching(supervisor):
            assert figure(metrics, "wuts_account_owner", account="home") == 1
    assert figure(metrics, "wuts_account_owner", account="home") == 0
    # What was counted stays: the program may look after the account again.
    assert series(metrics, account="home") == {*ONLY_OWNERS, "wuts_connect_attempts_total"}


async def test_accounts_and_devices_make_no_series_without_a_bound(home: Home) -> None:
    """What grows with devices, alerts and answers are the numbers, not the lines."""
    names = ["home"]
    metrics = Metrics(program="test", version="1", accounts=names)
    home.add_devices(1)
    async with home.supervised(sees=1) as supervisor:
        with metrics.watching(supervisor):
            listed = "wuts_account_listed_timestamp_seconds"  # absent until the first listing
            await until(lambda: figure(metrics, listed, account="home") is not None)
            few = len(samples(metrics))
            many = home.add_devices(50)
            await until(lambda: len(home.settled()) == 51)
            for device_id in many:
                home.world.unlink(device_id)
            await until(
                lambda: (
                    figure(metrics, "wuts_alerts_open", account="home", kind="needs_pairing") == 50
                )
            )
            assert len(samples(metrics)) == few
            of_account = [one for one in samples(metrics) if one.labels.get("account") == "home"]
            # The page on metrics says so.
            assert len(of_account) == 60


async def test_the_figures_tell_of_a_call_of_the_supervisors_own(
    metrics: Metrics, home: Home
) -> None:
    home.add_devices(1)
    client = WutsClient(TOKEN, base_url=home.sim.url, on_call=metrics.on_call)
    home.clients.append(client)
    async with home.supervised(client=client, sees=1) as supervisor:
        with metrics.watching(supervisor):
            requests = "wuts_gateway_requests_total"
            assert (figure(metrics, requests, endpoint="GET /devices", code="ok") or 0) >= 1


async def test_a_listing_is_not_good_while_it_names_another_account(
    home: Home, tmp_path: Path
) -> None:
    """The store holds another account under this name: what the token opens is not watched."""
    home.world.add_tenant("other", "wuts_tok_other_token")
    home.world.add_devices("other", 1, state="connected")
    home.add_devices(1)
    address = f"sqlite:///{tmp_path}/wuts.db"
    async with home.supervised(store=SqlStore(address), sees=1):
        pass
    metrics = Metrics(program="test", version="1", accounts=["home"])
    client = home.new_client("wuts_tok_other_token")
    async with home.supervised(store=SqlStore(address), client=client) as supervisor:
        with metrics.watching(supervisor):
            await until(lambda: figure(metrics, "wuts_account_owner", account="home") == 0)
            assert series(metrics, account="home") <= {*ONLY_OWNERS, "wuts_connect_attempts_total"}


async def test_many_accounts_are_counted_in_slices_between_which_others_have_their_turn() -> None:
    names = [f"account-{number}" for number in range(4 * AT_ONCE)]
    metrics = Metrics(program="test", version="1", accounts=names)
    turns: list[int] = []

    async def somebody_else() -> None:
        while True:
            turns.append(len(turns))
            await asyncio.sleep(0)

    other = asyncio.create_task(somebody_else())
    page = await metrics.read()
    other.cancel()
    assert len(turns) >= 4
    assert page == metrics.text()
    assert page.count(b"# TYPE wuts_account_owner gauge\n") == 1
    assert page.count(b"\nwuts_account_owner{") == len(names)


async def test_an_account_may_leave_while_somebody_reads(home: Home) -> None:
    names = {"home": None, **{f"account-{number}": None for number in range(2 * AT_ONCE)}}
    metrics = Metrics(program="test", version="1", accounts=names.keys())
    home.add_devices(1)
    async with home.supervised(sees=1) as supervisor:
        with metrics.watching(supervisor):
            reading = asyncio.create_task(metrics.read())
            await asyncio.sleep(0)
            await supervisor.remove_account(ACCOUNT)
            del names["home"]
            assert b'wuts_account_owner{account="account-1"} 0.0\n' in await reading
            assert b'account="home"' not in await metrics.read()
