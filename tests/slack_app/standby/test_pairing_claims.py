"""Who pairs a device is known across processes: the app here, the command there."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from slack_app.app import RunningApp, running_app
from slack_app.settings import Settings
from tests.core.wuts.supervisor.store.postgresql_server import PostgresqlServer
from tests.core.wuts.supervisor.store.sessions import end_sessions
from tests.slack_app.conftest import GATEWAY_TOKEN
from tests.slack_app.strict_slack import ANA, StrictSlack
from tests.slack_app.test_app import TEMPO, shows_a_picture
from tests.wuts_cli.command import Wuts, next_event
from wuts.pairing import PairingInProgressError
from wuts.supervisor.store.pairing_claims import StoreClaims
from wuts.supervisor.store.sql import SqlStore
from wuts_simulator import Simulator

LONG = 300.0
"""Seconds of a lease that no test waits for."""

SHORT = 6.0
"""Seconds of a lease with which a process looks again while somebody waits for that."""


@pytest.fixture
def wuts(gateway: Simulator) -> Wuts:
    return Wuts(gateway.url, GATEWAY_TOKEN)


@asynccontextmanager
async def running(
    settings: Settings, address: str, lease: float = LONG
) -> AsyncIterator[RunningApp]:
    store = SqlStore(address, lease=lease)
    async with running_app(settings, store=store, tempo=TEMPO) as app:
        yield app
    await store.close()


@pytest.mark.slow
async def test_a_command_is_told_who_pairs_in_slack_and_since_when(
    strict: StrictSlack, gateway: Simulator, settings: Settings, address: str, wuts: Wuts
) -> None:
    device = gateway.world.add_device(name="Front desk")
    strict.facts[ANA] = {"profile": {"display_name": "Ana"}}
    async with running(settings, address):
        await strict.command(ANA, "pair Front desk")
        await strict.until(lambda: shows_a_picture(strict))
        second = await wuts("pair", device.id, "--json", "--store", address)
        assert second.code == 1
        assert second.error.startswith("Ana (Slack) has been pairing this device since ")
        await strict.until(lambda: shows_a_picture(strict))  # between two codes there is none
        await strict.click(ANA, strict.buttons("pairing_cancel")["pairing_cancel"])
        await strict.says("Cancelled.")
        async with wuts.started("pair", device.id, "--json", "--store", address) as third:
            assert (await next_event(third))["event"] == "qr"


@pytest.mark.slow
async def test_a_person_in_slack_is_told_who_pairs_on_a_command_line(
    strict: StrictSlack, gateway: Simulator, settings: Settings, address: str, wuts: Wuts
) -> None:
    device = gateway.world.add_device(name="Front desk")
    async with (
        running(settings, address),
        wuts.started("pair", device.id, "--json", "--store", address) as first,
    ):
        assert (await next_event(first))["event"] == "qr"
        await strict.command(ANA, "pair Front desk")
        await strict.says("wuts pair on ")
        assert "is already pairing this device, since <!date^" in strict.said()
        assert strict.files.contents == {}
        first.kill()
        await first.wait()
        # The server may not have read the end of the connection yet.
        while "I sent you a direct message" not in await answer_to(strict, "pair Front desk"):
            pass
        await strict.until(lambda: shows_a_picture(strict))


async def test_a_name_from_elsewhere_is_shown_as_it_is(
    strict: StrictSlack, gateway: Simulator, settings: Settings, tmp_path: Path
) -> None:
    address = f"sqlite:///{tmp_path}/store.db"
    device = gateway.world.add_device(name="Front desk")
    async with (
        running(settings, address),
        StoreClaims(address).hold(gateway.url, device.id, "<!channel> & <@U1ANA>"),
    ):
        await strict.command(ANA, "pair Front desk")
        await strict.says("&lt;!channel&gt; &amp; &lt;@U1ANA&gt; is already pairing this device")


@pytest.mark.slow
async def test_a_pairing_that_another_process_took_over_says_so(
    strict: StrictSlack, gateway: Simulator, settings: Settings, postgresql: PostgresqlServer
) -> None:
    address = await postgresql.new_database()
    device = gateway.world.add_device(name="Front desk")
    async with running(settings, address, SHORT):
        await strict.command(ANA, "pair Front desk")
        await strict.until(lambda: shows_a_picture(strict))
        async with AsyncExitStack() as stack:
            while not await takes_over(stack, address, gateway.url, device.id):
                pass
            await strict.says("Somebody else is pairing this device. Wait until they are done.")
        await strict.until(lambda: not strict.files.names)


async def takes_over(stack: AsyncExitStack, address: str, url: str, device_id: str) -> bool:
    """Hold a device that the app holds, if that is faster than the app."""
    administrator = await asyncpg.connect(address)
    # As a server does with the sessions of a process that it cannot hear.
    await end_sessions(administrator)
    await administrator.close()
    try:
        await stack.enter_async_context(StoreClaims(address).hold(url, device_id, "Bia"))
    except PairingInProgressError:
        return False
    return True


async def test_a_store_that_fails_keeps_nobody_from_pairing(
    strict: StrictSlack, gateway: Simulator, settings: Settings, tmp_path: Path
) -> None:
    gateway.world.add_device(name="Front desk")
    async with running(settings, f"sqlite:///{tmp_path}/store.db"):
        (tmp_path / "store.db.pairings.lock").mkdir()
        await strict.command(ANA, "pair Front desk")
        await strict.until(lambda: shows_a_picture(strict))


async def answer_to(strict: StrictSlack, command: str) -> str:
    told = len(strict.private)
    await strict.command(ANA, command)
    await strict.until(lambda: len(strict.private) > told)
    return str(strict.private[-1]["text"])
