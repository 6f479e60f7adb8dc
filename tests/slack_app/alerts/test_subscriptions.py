"""Channels that people subscribe to alerts, while the app runs and after a restart."""

import json
import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from slack_app.app import running_app
from slack_app.operations.audit import AUDIT_LOGGER
from slack_app.settings import RouteSettings, Settings
from tests.slack_app.alerts.people import Office, an_office, buttons_of
from tests.slack_app.blocks.limits import check
from tests.slack_app.strict_slack import ANA, BOB, OPS, StrictSlack
from tests.slack_app.test_app import TEMPO, said
from wuts.supervisor import AlertKind
from wuts.supervisor.store import MemoryStore
from wuts.supervisor.store.sql import SqlStore
from wuts_simulator import Simulator

SALES, DESK = "C4SALES", "C5DESK"
UNLINKED = "was unlinked by its phone"

type Audit = Callable[[], list[dict[str, str]]]


@pytest.fixture
def audit(caplog: pytest.LogCaptureFixture) -> Audit:
    """The fields of the audit log's lines."""
    caplog.set_level(logging.INFO, AUDIT_LOGGER)
    return lambda: [vars(one)["audit"] for one in caplog.records if one.name == AUDIT_LOGGER]


async def subscribe(office: Office, text: str, channel: str, told: str) -> None:
    await office.slack.command(ANA, f"subscribe {text}", channel)
    await office.shows(f"<@{ANA}> subscribed this channel to {told}.", channel)


@pytest.mark.slow
async def test_a_channel_gets_what_it_is_subscribed_to_beside_the_settings_channel(
    strict: StrictSlack, gateway: Simulator, settings: Settings, audit: Audit
) -> None:
    async with an_office(strict, gateway, settings) as office:
        first, second, third = await office.connected(3)
        await subscribe(office, "", SALES, "all alerts")
        await subscribe(office, "desk 1", DESK, "the alerts of *Desk 1*")
        await office.unlinked(first, second)
        for channel in (OPS, SALES):
            await office.shows("*Desk 0*", channel)
            await office.shows("*Desk 1* was", channel)
        await office.shows("*Desk 1* was", DESK)
        assert not any("Desk 0" in text for text in office.texts(DESK))
        await strict.command(ANA, "unsubscribe", SALES)
        await office.shows(f"<@{ANA}> unsubscribed this channel from all alerts.", SALES)
        office.paired(first)
        await office.shows("Resolved <", SALES)  # what it was shown is shown to its end
        await office.unlinked(third)
        await office.shows("*Desk 2* was")
        assert not any("Desk 2" in text for text in office.texts(SALES))
    assert [(one["deed"], one["to"], one["device"]) for one in audit()] == [
        ("subscribe", SALES, ""),
        ("subscribe", DESK, second),
        ("unsubscribe", SALES, ""),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("account home", "the alerts of the account *home*"),
        ("--kind needs_pairing", "all alerts: only “must be paired again”"),
        ("kind needs-pairing account home", "the alerts of the account *home*: only “must be"),
        ("Desk 0 kind needs_pairing", "the alerts of *Desk 0*: only “must be paired again”"),
    ],
)
async def test_an_account_a_kind_and_a_device_of_a_kind(
    text: str, told: str, strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    async with an_office(strict, gateway, settings) as office:
        [device_id] = await office.connected()
        await strict.command(ANA, f"subscribe {text}", SALES)
        await office.shows(told, SALES)
        await office.unlinked(device_id)
        await office.shows(UNLINKED, SALES)
        await strict.command(ANA, f"unsubscribe {text}", SALES)
        await office.shows(f"unsubscribed this channel from {told}", SALES)


async def test_what_there_is_not_is_said_with_what_there_is(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    async with an_office(strict, gateway, settings) as office:
        for text, answer in (
            (
                "subscribe kind party",
                "There is no such kind of alert. Choose one of these: `needs_pairing`,",
            ),
            (
                "subscribe account office",
                "There is no account with that name. Choose one of these: `home`",
            ),
            ("subscribe nobody", "There is no device named *nobody*."),
            ("unsubscribe", "`/wuts subscriptions` lists the subscriptions."),
        ):
            await strict.command(ANA, text, SALES)
            await strict.says(answer)
        await subscribe(office, "", SALES, "all alerts")
        await strict.command(ANA, "subscribe", SALES)
        await strict.says("This channel already gets all alerts.")
        assert len(office.messages(SALES)) == 1


@pytest.mark.parametrize("text", ["subscribe", "unsubscribe", "subscriptions"])
async def test_who_may_not_use_the_app_changes_nothing(
    text: str, strict: StrictSlack, gateway: Simulator, settings: Settings, audit: Audit
) -> None:
    async with an_office(strict, gateway, settings) as office:
        await subscribe(office, "", SALES, "all alerts")
        await strict.command(BOB, text, SALES)
        await strict.says("You don't have permission to do that")
        assert len(office.app.services.subscriptions.all()) == 1
    assert [one["outcome"] for one in audit()] == ["done", "refused"]


async def test_a_channel_that_the_app_is_not_in_is_not_subscribed(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    strict.refusing[SALES] = "not_in_channel"
    async with an_office(strict, gateway, settings) as office:
        await strict.command(ANA, "subscribe", SALES)
        await strict.says("I can't write here (not_in_channel). Invite me first")
        strict.refusing[SALES] = "is_archived"
        await strict.command(ANA, "subscribe", SALES)
        await strict.says("That channel is archived.")
        strict.refusing[SALES] = "fatal_error"
        await strict.command(ANA, "subscribe", SALES)
        await strict.says("Slack is not responding as it should (fatal_error)")
        assert office.app.services.subscriptions.all() == []
        await office.app.services.subscriptions.restore()
        assert office.app.services.subscriptions.all() == []


async def test_the_list_names_all_and_ends_one_from_anywhere(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    kinds = frozenset({AlertKind.OFFLINE})
    route = RouteSettings(
        channel=DESK,
        kinds=kinds,
        accounts=frozenset({"home"}),
        escalate_after=900,
        escalate_mention="S1",
    )
    settings = settings.model_copy(update={"routes": (route,)})
    async with an_office(strict, gateway, settings) as office:
        await subscribe(office, "kind offline", SALES, "all alerts: only “offline”")
        strict.refusing[SALES] = "is_archived"
        await strict.command(ANA, "subscriptions")
        await strict.says("Who gets alerts")
        shown = strict.private[-1]
        check(shown["blocks"])
        text = json.dumps(shown, ensure_ascii=False)
        assert f"<#{SALES}> · all alerts: only “offline” · by <@{ANA}>, <!date" in text
        assert (
            f"<#{DESK}> · the alerts of the account *home*: only “offline” · from the settings · "
            f"then <#{DESK}>, if nobody takes it for 15 min"
        ) in text
        assert f"<#{OPS}> · all alerts · from the settings" in text
        await strict.click(ANA, buttons_of(shown)["unsubscribe"])
        await strict.says(f"<#{SALES}> no longer gets all alerts: only “offline”.")
        await office.until(lambda: office.app.services.subscriptions.all() == [])


@pytest.mark.slow
async def test_a_restart_keeps_subscriptions_and_goes_on_with_each_message(
    strict: StrictSlack, gateway: Simulator, settings: Settings, tmp_path: Path
) -> None:
    address = f"sqlite:///{tmp_path / 'store.db'}"
    async with an_office(strict, gateway, settings, store=SqlStore(address)) as office:
        first, second = await office.connected(2)
        await subscribe(office, "", SALES, "all alerts")
        await office.unlinked(first)
        for channel in (OPS, SALES):
            await office.shows("*Desk 0*", channel)
        await strict.click(ANA, office.button("*Desk 0*", "alert_take"))
        for channel in (OPS, SALES):
            await office.shows("Ana Souza acknowledged this", channel)
    async with an_office(strict, gateway, settings, store=SqlStore(address)) as office:
        await office.unlinked(second)
        for channel in (OPS, SALES):
            await office.shows("*Desk 1*", channel)
        office.paired(first)
        for channel in (OPS, SALES):
            over = await office.shows("Resolved <", channel)
            assert "Desk 0" in over["text"]
            assert sum("Desk 0" in text for text in office.texts(channel)) == 1
        await strict.command(ANA, "unsubscribe", SALES)
        await office.shows("unsubscribed this channel", SALES)
    async with an_office(strict, gateway, settings, store=SqlStore(address)) as office:
        office.paired(second)
        for channel in (OPS, SALES):
            await office.until(partial(are_resolved, office, channel))
        assert office.app.services.subscriptions.all() == []


def are_resolved(office: Office, channel: str) -> bool:
    return sum("Resolved <" in str(sent) for sent in office.messages(channel)) == 2


async def test_who_wants_a_devices_alerts_hears_that_its_gateway_is_down(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    async with an_office(strict, gateway, settings) as office:
        await office.connected()
        await subscribe(office, "Desk 0", SALES, "the alerts of *Desk 0*")
        await subscribe(
            office, "Desk 0 kind offline", DESK, "the alerts of *Desk 0*: only “offline”"
        )
        gateway.world.break_for(3_600)
        await office.shows("The gateway of *home* is down", SALES)
        await office.shows("The gateway of *home* is down", OPS)
        assert not any("is down" in text for text in office.texts(DESK))


async def test_a_subscription_to_all_accounts_outlives_the_first_of_them(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    store, [home] = MemoryStore(), settings.accounts.values()
    both = settings.model_copy(update={"accounts": {"elder": home, "home": home}})
    async with running_app(both, store=store, tempo=TEMPO):
        await strict.command(ANA, "subscribe", SALES)
        await strict.until(lambda: "subscribed this channel" in said(strict, SALES))
    async with an_office(strict, gateway, settings, store=store) as office:
        [device_id] = await office.connected()
        await office.unlinked(device_id)
        await office.shows(UNLINKED, SALES)
