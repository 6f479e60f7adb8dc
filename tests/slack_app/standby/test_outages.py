"""The store's database is away for longer than the lease: another app may have taken over."""

import pytest

from slack_app.messages import EN
from slack_app.slack.owners_only import KEPT_BACK
from tests.core.wuts.supervisor.store.postgresql_server import PostgresqlServer
from tests.slack_app.standby.lives import Duo, living
from tests.slack_app.strict_slack import ANA, OPS
from tests.slack_app.test_app import said
from wuts.clock import steady_time
from wuts.supervisor import DeviceState

LEASE = 3.0
"""Seconds; a busy machine may let a process wait for a second, and the server must not mind."""

pytestmark = pytest.mark.slow


async def test_nothing_is_posted_meanwhile_people_are_answered_and_each_alert_comes_once(
    duo: Duo, postgresql: PostgresqlServer
) -> None:
    address = await postgresql.new_database()
    device = duo.gateway.world.add_device(name="Front desk", state="connected")
    async with living(duo.first, address, LEASE) as one:
        app = await one.at_work()
        while not app.services.supervisor.devices("home"):
            await one.health()
        postgresql.kill()
        try:
            gone_at = steady_time()
            while steady_time() < gone_at + LEASE:
                await one.health()
            before = len(duo.slack.called_by("first"))
            duo.gateway.world.unlink(device.id)
            await duo.slack.command(ANA, "reconnect Front desk")
            await duo.slack.command(ANA, "pair Front desk")
            await duo.slack.says(EN.problem_store)
            await duo.slack.command(ANA, "status")
            await duo.slack.says("0 of 1 connected")
            await duo.slack.says(EN.store_down)
            devices = app.services.supervisor.devices("home")
            while devices[device.id].state is not DeviceState.NEEDS_PAIRING:
                await one.health()
            assert not KEPT_BACK & set(duo.slack.called_by("first")[before:])
            assert await one.health() == (200, '{"status": "ok"}')
            assert "wuts_store_up 0.0" in await one.figures()
        finally:
            postgresql.start()
        await duo.slack.until(lambda: "was unlinked by its phone" in said(duo.slack, OPS))
        assert await one.health() == (200, '{"status": "ok"}')
    shown = [str(sent) for (channel, _), sent in duo.slack.messages.items() if channel == OPS]
    assert sum("was unlinked by its phone" in text for text in shown) == 1
    assert sum("is offline" in text for text in shown) <= 1
