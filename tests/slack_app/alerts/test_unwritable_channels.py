"""A channel that takes no alert: whoever can fix it hears, metrics and ``/healthz`` show it."""

import json
from pathlib import Path

import pytest
from aiohttp import ClientSession

from slack_app.settings import Settings
from tests.slack_app.alerts.people import Office, an_office, buttons_of
from tests.slack_app.strict_slack import ANA, BOB, OPS, StrictSlack
from wuts.supervisor.store.sql import SqlStore
from wuts_simulator import Simulator

SALES = "C4SALES"
UNLINKED = "was unlinked by its phone"


async def told(office: Office, path: str, status: int = 200) -> str:
    url = f"http://127.0.0.1:{office.app.monitor_port}/{path}"
    async with ClientSession() as http, http.get(url) as answer:
        assert answer.status == status
        return await answer.text()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("is_archived", "it is archived. Unarchive it"),
        ("not_in_channel", "I am not in it. Write `/invite @WUTS` there."),
        ("channel_not_found", "it no longer exists"),
        ("missing_scope", "this app lacks a permission"),
        ("restricted_action", "the workspace does not let me (restricted_action)"),
        ("invalid_blocks", "Slack says invalid_blocks"),
    ],
)
@pytest.mark.slow
async def test_the_channel_of_the_settings_is_told_to_an_admin(
    code: str, words: str, strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    async with an_office(strict, gateway, settings) as office:
        [device_id] = await office.connected()
        strict.refusing[OPS] = code
        await office.unlinked(device_id)
        complaint = await office.shows(f"I can't post alerts in <#{OPS}>: ", f"D{ANA}")
        assert words in json.dumps(complaint)
        assert office.messages(f"D{BOB}") == []
        health = json.loads(await told(office, "healthz", 503))
        assert health == {"status": "a channel takes no alerts", "unwritable_channels": {OPS: code}}
        metric = f'wuts_slack_alerts_refused_total{{channel="{OPS}",error="{code}"}}'
        assert metric in await told(office, "metrics")
        del strict.refusing[OPS]
        await office.shows(UNLINKED)
        assert json.loads(await told(office, "healthz")) == {"status": "ok"}
        assert len(office.messages(f"D{ANA}")) == 1


async def test_a_subscribed_channel_is_told_to_who_subscribed_it_who_can_end_it(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    lists = {"allow_users": frozenset({ANA, BOB})}
    async with an_office(strict, gateway, settings.model_copy(update=lists)) as office:
        [device_id] = await office.connected()
        await strict.command(BOB, "subscribe", SALES)
        await office.shows("subscribed this channel", SALES)
        strict.refusing[SALES] = "is_archived"
        await office.unlinked(device_id)
        complaint = await office.shows(f"I can't post alerts in <#{SALES}>", f"D{BOB}")
        assert office.messages(f"D{ANA}") == []
        await office.shows(UNLINKED)  # one that fails holds up nobody
        await strict.click(BOB, buttons_of(complaint)["unsubscribe"])
        await office.until(lambda: office.app.services.subscriptions.all() == [])
        assert json.loads(await told(office, "healthz")) == {"status": "ok"}


@pytest.mark.slow
async def test_a_channel_that_nobody_wants_any_more_is_given_up_when_it_takes_nothing(
    strict: StrictSlack, gateway: Simulator, settings: Settings, tmp_path: Path
) -> None:
    address = f"sqlite:///{tmp_path / 'store.db'}"
    async with an_office(strict, gateway, settings, store=SqlStore(address)) as office:
        [device_id] = await office.connected()
        await strict.command(ANA, "subscribe", SALES)
        await office.shows("subscribed this channel", SALES)
        await office.unlinked(device_id)
        await office.shows(UNLINKED, SALES)
        await strict.command(ANA, "unsubscribe", SALES)
        await office.shows("unsubscribed this channel", SALES)
    async with an_office(strict, gateway, settings, store=SqlStore(address)) as office:
        receivers = office.app.services.supervisor.alerts.receivers
        assert set(receivers()) == {OPS, SALES}
        strict.refusing[SALES] = "is_archived"
        office.paired(device_id)
        await office.shows("Resolved <")
        await office.until(lambda: set(receivers()) == {OPS})
        assert json.loads(await told(office, "healthz")) == {"status": "ok"}
        assert office.messages(f"D{ANA}") == []


@pytest.mark.slow
async def test_where_the_subscriber_is_gone_somebody_in_charge_is_told(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    async with an_office(strict, gateway, settings) as office:
        [device_id] = await office.connected()
        strict.admins[BOB] = True
        await strict.command(BOB, "subscribe", SALES)
        await office.shows("subscribed this channel", SALES)
        strict.facts[BOB] = {**strict.facts[BOB], "deleted": True}
        office.app.services.users._known._entries.clear()
        strict.refusing[SALES] = "is_archived"
        await office.unlinked(device_id)
        await office.shows(f"I can't post alerts in <#{SALES}>", f"D{ANA}")
        assert office.messages(f"D{BOB}") == []


async def test_a_passing_trouble_is_no_channel_that_cannot_be_written(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    async with an_office(strict, gateway, settings) as office:
        [device_id] = await office.connected()
        strict.refusing[OPS] = "internal_error"
        await office.unlinked(device_id)
        await strict.until(lambda: ("chat.postMessage", "internal_error") in strict.refusals)
        assert json.loads(await told(office, "healthz")) == {"status": "ok"}
        del strict.refusing[OPS]
        await office.shows(UNLINKED)
        assert office.messages(f"D{ANA}") == []
