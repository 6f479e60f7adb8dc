"""An account that is taken out of the settings: its alerts end where people see them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from slack_app.alerts.former_accounts import TOPIC
from slack_app.settings import AccountSettings, Settings
from tests.slack_app.alerts.people import Office, an_office
from tests.slack_app.strict_slack import OPS, StrictSlack
from wuts.supervisor.store.sql import SqlStore
from wuts_simulator import Settings as GatewaySettings
from wuts_simulator import Simulator
from wuts_simulator.pytest_plugin import StartGateway

pytestmark = pytest.mark.slow

UNLINKED = "was unlinked by its phone"
TAKEN_OUT = "*office* was removed from this app's settings"
OFFICE_TOKEN = "office-token-8888"


@dataclass(frozen=True)
class Past:
    """An app that has two accounts, of which one is to be taken out."""

    strict: StrictSlack
    gateway: Simulator
    second: Simulator
    one: Settings
    two: Settings
    address: str

    @asynccontextmanager
    async def with_both(self) -> AsyncIterator[Office]:
        store = SqlStore(self.address)
        async with an_office(self.strict, self.gateway, self.two, store=store) as office:
            yield office

    @asynccontextmanager
    async def with_one(self) -> AsyncIterator[tuple[Office, SqlStore]]:
        store = SqlStore(self.address)
        async with an_office(self.strict, self.gateway, self.one, store=store) as office:
            yield office, store

    async def alert(self) -> str:
        """Run it until it has told of an alert of that account; return the message's name."""
        async with self.with_both() as office:
            device = self.second.world.add_device(
                name="Front desk", state="connected", phone="5511912340001"
            )
            supervisor = office.app.services.supervisor
            devices = supervisor.devices("office")
            supervisor.wake("office")
            await office.until(
                lambda: device.id in devices and devices[device.id].state == "connected"
            )
            self.second.world.unlink(device.id)
            supervisor.wake("office")
            ts = str((await office.shows(UNLINKED))["ts"])
            # What Slack has taken is not written down yet.
            await office.until(lambda: supervisor.alerts.receivers()[OPS].waiting == 0)
            return ts


@pytest.fixture
def past(
    strict: StrictSlack,
    gateway: Simulator,
    start_wuts_gateway: StartGateway,
    settings: Settings,
    tmp_path: Path,
) -> Past:
    second = start_wuts_gateway(
        GatewaySettings(tokens=(("home", OFFICE_TOKEN),), connecting_for=0.0)
    )
    office = AccountSettings(token=SecretStr(OFFICE_TOKEN), url=second.url)
    two = settings.model_copy(update={"accounts": {**settings.accounts, "office": office}})
    return Past(strict, gateway, second, settings, two, f"sqlite:///{tmp_path / 'store.db'}")


async def test_its_message_says_so_and_nobody_is_reminded(past: Past) -> None:
    ts = await past.alert()
    async with past.with_one() as (office, store):
        assert (await office.shows(TAKEN_OUT))["ts"] == ts
        while "office" in await store.entries(TOPIC):
            await past.strict.client.auth_test()
        assert len(office.messages()) == 1
        assert "actions" not in str(office.messages())
        assert office.alerts() == ()


async def test_one_that_comes_back_is_shown_as_it_is_then(past: Past) -> None:
    await past.alert()
    async with past.with_one() as (office, store):
        await office.shows(TAKEN_OUT)
        while "office" in await store.entries(TOPIC):
            await past.strict.client.auth_test()
    async with past.with_both() as office:
        await office.until(lambda: TAKEN_OUT not in str(office.messages()))
        assert UNLINKED in office.texts()[0]
        assert "actions" in str(office.messages())
        assert len(office.messages()) == 1


async def test_where_slack_does_not_take_it_at_first_it_is_tried_again(
    past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("slack_app.alerts.former_accounts.FIRST_PAUSE", 0.1)
    await past.alert()
    past.strict.page["chat.update"] = [(503, "text/plain", "down")] * 7
    async with past.with_one() as (office, _):
        await office.shows(TAKEN_OUT)
    assert past.strict.page["chat.update"] == []


async def test_one_whose_channel_takes_nothing_keeps_nobody_waiting(past: Past) -> None:
    await past.alert()
    past.strict.refusing[OPS] = "is_archived"
    async with past.with_one() as (_, store):
        while "office" in await store.entries(TOPIC):
            await past.strict.client.auth_test()
    assert ("chat.update", "is_archived") in past.strict.refusals


async def test_another_workspaces_account_in_the_same_store_is_left_alone(
    past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    await past.alert()
    others = {"user": "wuts", "user_id": "U9BOT", "bot_id": "B9", "team": "O", "team_id": "T9"}
    monkeypatch.setattr("tests.slack_app.strict_slack.WHO", others)
    async with past.with_one() as (office, store):
        while "T9" not in str(await store.entries(TOPIC)):
            await past.strict.client.auth_test()
        await office.until(lambda: past.strict.count("auth.test") > 50)
        assert TAKEN_OUT not in past.strict.said()
