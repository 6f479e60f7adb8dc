"""Messages about alerts that people work with: within Slack's limits, and as they looked before."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from slack_app.blocks.alert import PLAIN, Heading, alert_content
from slack_app.blocks.alert_group import MOST_ROWS, Row, group_content, more
from slack_app.blocks.mute import mute_modal
from slack_app.blocks.subscriptions import subscription_list, unwritable
from slack_app.messages import EN, Strings
from slack_app.slack.errors import failure_of
from slack_app.slack.words import unwritable_text
from tests.slack_app.blocks.limits import check, check_window
from tests.slack_app.blocks.snapshots import matches
from tests.slack_app.blocks.test_messages import ENDLESS, LANGUAGES, NOON, alert, shown
from wuts.supervisor import AlertKind, AlertStatus, Cause, Mute, MuteScope

REASON = "*moving* <!channel>"
MUTE = Mute(
    scope=MuteScope("home", "d3"),
    until=NOON + timedelta(hours=1),
    by="Ana Souza (Slack)",
    reason=REASON,
    at=NOON,
)
FOR_NOW = replace(MUTE, until=None, by="")
TAKEN = replace(
    alert(AlertKind.NEEDS_PAIRING),
    acknowledged_by="rui@terminal",
    acknowledged_at=NOON,
    note=REASON,
)
CALLED = Heading(mention="<!subteam^S1>", is_next=True, mute_over=MUTE)


@LANGUAGES
def test_alerts_that_people_act_on_look_as_they_did(strings: Strings) -> None:
    waiting = alert(AlertKind.NEEDS_PAIRING)
    for name, content in {
        "alert_taken": alert_content(TAKEN, None, strings),
        "alert_muted": alert_content(waiting, None, strings, mute=MUTE),
        "alert_muted_for_now": alert_content(waiting, None, strings, mute=FOR_NOW),
        "alert_called": alert_content(waiting, None, strings, heading=CALLED),
    }.items():
        shown(name, strings, content)
        assert REASON not in str(content)


@LANGUAGES
@pytest.mark.parametrize(("kind", "cause"), list(product(AlertKind, Cause)))
def test_every_cause_of_every_kind_is_told_with_what_to_do(
    kind: AlertKind, cause: Cause, strings: Strings
) -> None:
    explained = replace(alert(kind), cause=cause)
    content = alert_content(explained, None, strings)
    check(content.blocks)
    first = content.blocks[0]["text"]["text"]
    if (kind, cause) != (AlertKind.NEEDS_PAIRING, Cause.UNLINKED):
        assert strings.of("because", cause) in first
    until = replace(explained, cause_until=NOON)
    assert ("<!date" in str(alert_content(until, None, strings).blocks[0])) is (
        cause is Cause.TEMPORARY_BAN
    )


@LANGUAGES
def test_a_list_looks_as_it_did(strings: Strings) -> None:
    rows = [
        Row(alert=replace(alert(AlertKind.NEEDS_PAIRING, name=f"Desk {n}"), id=f"a{n}"))
        for n in range(4)
    ]
    rows += [
        Row(alert=replace(TAKEN, id="a4", device_name="Taken")),
        Row(alert=replace(rows[0].alert, id="a5", device_name="Busy"), pairing_by="<@U1ANA>"),
        Row(alert=replace(rows[0].alert, id="a6", device_name="Quiet"), mute=MUTE),
        Row(alert=replace(rows[0].alert, id="a7", status=AlertStatus.RESOLVED)),
    ]
    shown("list", strings, group_content(rows, 8, strings, PLAIN))
    over = [replace(row, alert=replace(row.alert, status=AlertStatus.RESOLVED)) for row in rows]
    shown("list_over", strings, group_content(over, 8, strings, CALLED))


@LANGUAGES
@pytest.mark.parametrize("kind", AlertKind)
def test_a_list_of_hundreds_with_endless_names_is_one_that_slack_takes(
    strings: Strings, kind: AlertKind
) -> None:
    endless = replace(alert(kind, name=ENDLESS), acknowledged_by=ENDLESS, note=ENDLESS)
    rows = [Row(alert=replace(endless, id=f"a{n}"), mute=MUTE) for n in range(500)]
    content = group_content(rows, 500, strings, CALLED)
    check(content.blocks)
    assert str(500 - MOST_ROWS) in str(content.blocks)
    check(group_content([replace(row, mute=None) for row in rows], 1, strings, PLAIN).blocks)
    joined = more([row.alert for row in rows], strings)
    assert len(joined) < 3000


def test_an_alert_that_somebody_with_an_endless_name_took_is_one_that_slack_takes() -> None:
    endless = replace(TAKEN, acknowledged_by=ENDLESS, note="&" * 500)
    reason = replace(MUTE, by=ENDLESS, reason="&" * 500)
    check(alert_content(endless, None, EN, mute=reason).blocks)


@LANGUAGES
def test_the_modal_that_mutes_looks_as_it_did(strings: Strings) -> None:
    scope = MuteScope("home", "d3", AlertKind.NEEDS_PAIRING)
    view = mute_modal(scope, "Front desk", strings)
    check_window(view)
    matches(f"mute_window.{'en' if strings is EN else 'pt_br'}", view)
    for kind in AlertKind:
        check_window(mute_modal(MuteScope("a" * 40, None, kind), "", strings))
        check_window(mute_modal(MuteScope("a" * 40, "d" * 200, kind), ENDLESS, strings))


@LANGUAGES
def test_the_list_of_subscriptions_is_within_the_limits(strings: Strings) -> None:
    rows = [("<#C1> · …", f"C{n} * *") for n in range(60)]
    settings = ["<#C1> · …"] * 3
    content = subscription_list(rows, settings, strings, "none")
    check(content.blocks)
    assert strings.alert_others.format(count=23) in str(content.blocks)
    check(subscription_list(rows, settings * 30, strings, "none").blocks)
    assert "none" in str(subscription_list([], [], strings, "none").blocks)
    for code in ("is_archived", "not_in_channel", "<!channel>"):
        text = unwritable_text("C1", failure_of(code), strings)
        check(unwritable("C1", text, strings, subscribed=True).blocks)
        assert "<!channel>" not in str(unwritable("C1", text, strings, subscribed=False))
