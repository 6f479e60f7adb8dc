"""Who may act on alerts in Slack: the table in docs/security.md, cell by cell."""

from collections.abc import Awaitable, Callable

import pytest

from slack_app.alerts.subscriptions import Subscription
from slack_app.app import running_app
from slack_app.settings import Settings
from tests.slack_app.listeners.test_who_may import COLUMNS, PAGE, PERSONS, Person, button, refused
from tests.slack_app.strict_slack import ANA, BOB, StrictSlack
from tests.slack_app.test_app import TEMPO
from wuts.supervisor import Alert, AlertKind, MuteScope
from wuts_simulator import Simulator

IN_SLACK = "in Slack: "

type Way = Callable[[StrictSlack, Alert], Awaitable[object]]

WAYS: dict[str, dict[str, Way]] = {
    "*Take it*, *Take all*": {
        "one": lambda slack, alert: slack.click(BOB, button("alert_take", f"home {alert.id}")),
        "all": lambda slack, _: slack.click(BOB, button("alert_take_all", "home needs_pairing")),
    },
    "*Mute…*, *Unmute*": {
        "ask": lambda slack, _: slack.click(BOB, button("alert_mute", "home needs_pairing ")),
        "mute": lambda slack, _: slack.submit(
            BOB,
            "mute_window",
            "home needs_pairing ",
            mute_what="account",
            mute_until="1h",
            mute_reason="mine",
        ),
        "unmute": lambda slack, _: slack.click(BOB, button("alert_unmute", "home offline ")),
    },
    "`/wuts subscribe`, `unsubscribe`, `subscriptions`, *Unsubscribe*": {
        "subscribe": lambda slack, _: slack.command(BOB, "subscribe", "C4"),
        "unsubscribe": lambda slack, _: slack.command(BOB, "unsubscribe", "C5"),
        "list": lambda slack, _: slack.command(BOB, "subscriptions"),
        "click": lambda slack, _: slack.click(BOB, button("unsubscribe", "C5")),
    },
}


def cells() -> dict[tuple[str, str], str]:
    """Read Slack's rows of the table."""
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith(f"| {IN_SLACK}")]
    rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in lines]
    assert all(len(row) == len(COLUMNS) + 1 for row in rows)
    return {
        (row[0].removeprefix(IN_SLACK), column): cell
        for row in rows
        for column, cell in zip(COLUMNS, row[1:], strict=True)
    }


CELLS = cells()


def test_the_table_has_a_test_for_each_of_its_rows_and_columns() -> None:
    assert {way for way, _ in CELLS} == set(WAYS)
    assert set(CELLS.values()) == {"yes", "no"}


@pytest.mark.parametrize("person", PERSONS, ids=lambda one: one.name)
async def test_a_column(
    person: Person, strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    device = gateway.world.add_device(name="Front desk", state="connected")
    strict.user_groups["S1"] = [BOB]
    if person.facts is None:
        del strict.admins[BOB]
    else:
        strict.facts[BOB] = {"team_id": "T1", **person.facts}
    async with running_app(settings.model_copy(update=person.lists), tempo=TEMPO) as app:
        supervisor, subscriptions = app.services.supervisor, app.services.subscriptions
        while not supervisor.devices("home"):
            await strict.client.auth_test()
        gateway.world.unlink(device.id)
        await strict.says("was unlinked by its phone")
        [alert] = supervisor.open_alerts()
        offline = MuteScope("home", None, AlertKind.OFFLINE)
        await supervisor.alerts.mute(offline, by="Ana", reason="…")
        kept = Subscription(channel="C5", by=ANA, at=alert.at)
        assert await subscriptions.keep(kept)
        subscriptions.begin(kept)
        for row, ways in WAYS.items():
            for way, attempt in ways.items():
                strict.private.clear()
                strict.modals.clear()
                strict.messages = {
                    key: sent for key, sent in strict.messages.items() if key[0] != f"D{BOB}"
                }
                await attempt(strict, alert)
                if CELLS[row, person.column] == "no":
                    await strict.until(lambda: refused(strict))
                elif (row, way) == ("*Take it*, *Take all*", "one"):
                    await strict.says("acknowledged this <!date")
        if person.column != "in charge":
            assert supervisor.open_alerts()[0].acknowledged_by is None
            assert [one.scope for one in supervisor.alerts.mutes("home")] == [offline]
            assert subscriptions.all() == [kept]
            assert not any("submit" in modal for modal in strict.modals)
