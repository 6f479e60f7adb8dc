"""What people do about alerts, in a Slack as strict as the real one and on a simulated gateway."""

import json
import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest

from slack_app.blocks.parts import escape
from slack_app.devices.device import DeviceRef
from slack_app.operations.audit import AUDIT_LOGGER
from slack_app.settings import RouteSettings, Settings
from tests.slack_app.alerts.people import NIGHT, WAITING, Office, an_office, buttons_of
from tests.slack_app.blocks.limits import check, check_window
from tests.slack_app.strict_slack import ANA, BOB, OPS, StrictSlack
from wuts.supervisor import AlertKind, MuteScope
from wuts_simulator import Simulator

UNLINKED = "was unlinked by its phone"


@pytest.fixture
async def office(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> AsyncIterator[Office]:
    async with an_office(strict, gateway, settings) as found:
        yield found


@pytest.fixture
def audit(caplog: pytest.LogCaptureFixture) -> Callable[[], list[dict[str, str]]]:
    """The fields of the audit log's lines."""
    caplog.set_level(logging.INFO, AUDIT_LOGGER)
    return lambda: [vars(one)["audit"] for one in caplog.records if one.name == AUDIT_LOGGER]


async def test_who_takes_an_alert_is_shown_to_all_and_nobody_else_need_take_it(
    office: Office, audit: Callable[[], list[dict[str, str]]]
) -> None:
    [device_id] = await office.connected()
    await office.unlinked(device_id)
    first = await office.shows(UNLINKED)
    assert set(buttons_of(first)) == {"pair", "alert_take", "alert_mute"}
    take = office.button(UNLINKED, "alert_take")
    await office.slack.click(ANA, take)
    taken = await office.shows("Ana Souza acknowledged this <!date")
    assert taken["ts"] == first["ts"]
    assert set(buttons_of(taken)) == {"pair", "alert_mute"}
    [alert] = office.alerts()
    assert alert.acknowledged_by == "Ana Souza (Slack)"
    assert audit() == [
        {
            "user": ANA,
            "deed": "take",
            "outcome": "done",
            "account": "home",
            "device": device_id,
            "kind": "needs_pairing",
            "channel": OPS,
            "alert": alert.id,
        }
    ]
    await office.slack.click(ANA, take)
    await office.slack.says("Ana Souza already acknowledged this")
    office.paired(device_id)
    over = await office.shows("Resolved <")
    assert (over["ts"], buttons_of(over)) == (first["ts"], {})
    await office.slack.click(ANA, take)
    await office.slack.says("That alert is over.")
    assert len(office.messages()) == 1


@pytest.mark.parametrize("action", ["alert_take", "alert_mute"])
async def test_who_may_not_use_the_app_takes_and_mutes_nothing(
    action: str, office: Office, audit: Callable[[], list[dict[str, str]]]
) -> None:
    await office.unlinked(*await office.connected())
    await office.shows(UNLINKED)
    await office.slack.click(BOB, office.button(UNLINKED, action))
    await office.slack.says("You don't have permission to do that")
    assert [one["outcome"] for one in audit()] == ["refused"]
    assert all(
        "You don't have permission to do that" in json.dumps(modal) for modal in office.slack.modals
    )
    assert not any("submit" in modal for modal in office.slack.modals)
    assert office.alerts()[0].acknowledged_by is None


@pytest.mark.parametrize("what", ["device", "kind", "account"])
async def test_a_mute_is_asked_for_shown_and_ended(
    what: str, office: Office, audit: Callable[[], list[dict[str, str]]]
) -> None:
    [device_id] = await office.connected()
    await office.unlinked(device_id)
    await office.shows(UNLINKED)
    await office.slack.click(ANA, office.button(UNLINKED, "alert_mute"))
    await office.slack.until(lambda: any("submit" in modal for modal in office.slack.modals))
    [modal] = office.slack.modals
    check_window(modal)
    assert "All alerts of Desk 0" in json.dumps(modal)
    answer = {"mute_what": what, "mute_until": "1h", "mute_reason": "*moving* <!channel>"}
    await office.slack.submit(ANA, modal["callback_id"], modal["private_metadata"], **answer)
    muted = await office.shows("Muted until <!date")
    assert f"by Ana Souza: {escape(answer['mute_reason'])}" in json.dumps(muted, ensure_ascii=False)
    assert set(buttons_of(muted)) == {"pair", "alert_take", "alert_unmute"}
    scopes = {
        "device": MuteScope("home", device_id),
        "kind": MuteScope("home", None, AlertKind.NEEDS_PAIRING),
        "account": MuteScope("home"),
    }
    [mute] = office.app.services.supervisor.alerts.mutes("home")
    assert (mute.scope, mute.by) == (scopes[what], "Ana Souza (Slack)")
    assert mute.until is not None
    assert timedelta() < mute.until - datetime.now(UTC) <= timedelta(hours=1)
    await office.slack.click(ANA, office.button("Muted until", "alert_unmute"))
    await office.shows("Ana Souza had muted this")
    assert "alert_mute" in buttons_of(office.messages()[0])
    assert [one["deed"] for one in audit()] == ["mute", "unmute"]
    assert audit()[0]["until"] == mute.until.isoformat()
    await office.shows("No longer muted, and still open")


async def test_a_mute_that_ends_while_somebody_has_the_alert_disturbs_nobody(
    office: Office,
) -> None:
    [device_id] = await office.connected()
    await office.unlinked(device_id)
    await office.shows(UNLINKED)
    await office.slack.click(ANA, office.button(UNLINKED, "alert_take"))
    await office.shows("Ana Souza acknowledged this")
    alerts = office.app.services.supervisor.alerts
    await alerts.mute(MuteScope("home"), by="Rui", reason="noise")
    await office.shows("Muted by Rui until it recovers: noise")
    await office.slack.click(ANA, office.button(UNLINKED, "alert_unmute"))
    await office.until(lambda: "alert_mute" in buttons_of(office.messages()[0]))
    assert len(office.messages()) == 1


async def test_what_is_muted_until_it_recovers_is_quiet_until_then(office: Office) -> None:
    [device_id, other] = await office.connected(2)
    scope = MuteScope("home", device_id)
    await office.slack.submit(
        ANA,
        "mute_window",
        f"home needs_pairing {device_id}",
        mute_what="device",
        mute_until="recovered",
        mute_reason="broken",
    )
    alerts = office.app.services.supervisor.alerts
    await office.until(lambda: bool(alerts.mutes("home")))
    await office.unlinked(device_id, other)
    await office.until(lambda: len(office.alerts()) == 2)
    await office.shows("*Desk 1*")
    assert [one.scope for one in alerts.mutes("home")] == [scope]
    assert not any("Desk 0" in text for text in office.texts())


@pytest.mark.slow
async def test_a_storm_is_one_message_that_people_work_through(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    async with an_office(strict, gateway, settings, tempo=WAITING) as office:
        ids = await office.connected(30)
        await office.unlinked(*ids[:28])
        storm = await office.shows("28 devices of *home* were unlinked")
        check(storm["blocks"])
        assert "… and 8 more" in str(storm)
        assert set(buttons_of(storm)) == {"alert_pair_next", "alert_take_all", "alert_mute"}
        await strict.click(ANA, office.button("28 devices", "alert_pair_next"))
        await office.shows("<@U1ANA> is pairing it")
        first = min(office.alerts(), key=lambda one: (one.since, one.id))
        assert first.device_id is not None
        owner = office.app.services.pairings.owner(DeviceRef("home", first.device_id))
        assert owner == "<@U1ANA>"
        await strict.click(ANA, office.button("28 devices", "alert_pair_next"))
        pairing = "<@U1ANA> is pairing it"
        await office.until(lambda: str(office.messages()[0]).count(pairing) == 2)
        await strict.click(ANA, office.button("28 devices", "alert_take_all"))
        await office.shows("Ana Souza acknowledged this")
        assert all(one.acknowledged_by == "Ana Souza (Slack)" for one in office.alerts())
        office.paired(ids[0])
        await office.shows("27 of 28 still open")
        assert len([sent for sent in office.messages() if "thread_ts" not in sent]) == 1


async def test_a_group_is_called_and_another_channel_if_nobody_takes_it(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    routes = (
        RouteSettings(
            channel=OPS,
            mention="S9DESK",
            kinds=frozenset({AlertKind.NEEDS_PAIRING}),
            escalate_after=0.3,
            escalate_channel=NIGHT,
            escalate_mention="U7NIGHT",
        ),
    )
    settings = settings.model_copy(update={"routes": routes, "alert_channel": "C3REST"})
    async with an_office(strict, gateway, settings) as office:
        [device_id] = await office.connected()
        await office.unlinked(device_id)
        first = await office.shows(UNLINKED)
        assert first["text"].startswith("<!subteam^S9DESK> ")
        assert "<!subteam^S9DESK>" in str(first["blocks"])
        second = await office.shows("Nobody has acknowledged this yet.", NIGHT)
        assert second["text"].startswith("<@U7NIGHT> ")
        await strict.click(ANA, office.button(UNLINKED, "alert_take", NIGHT))
        await office.shows("Ana Souza acknowledged this")
        await office.shows("Ana Souza acknowledged this", NIGHT)
        office.paired(device_id)
        await office.shows("Resolved <")
        await office.shows("Resolved <", NIGHT)
        assert office.texts("C3REST") == []


async def test_what_a_webhook_tells_is_shown_with_the_next_step(office: Office) -> None:
    [device_id] = await office.connected()
    await office.unlinked(device_id)
    await office.shows(UNLINKED)
    until = (datetime.now(UTC) + timedelta(hours=2)).isoformat()
    alerts = office.app.services.supervisor.alerts
    alerts.hint("home", device_id, "connection.temporary_ban", {"expires_at": until})
    told = await office.shows("WhatsApp has banned its number until <!date")
    assert "*Desk 0* must be paired again" in told["text"]
    assert len(office.messages()) == 1
