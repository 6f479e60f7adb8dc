"""Who may obtain a QR or a code in Slack: the table in docs/security.md, cell by cell."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from scripts.lib.parts import free_port
from slack_app.app import running_app
from slack_app.messages import EN
from slack_app.settings import Settings
from tests.slack_app.strict_files import Sent
from tests.slack_app.strict_slack import ANA, BOB, OPS, StrictSlack
from tests.slack_app.test_evidence import TEMPO
from wuts_simulator import Device, Simulator

PAGE = Path(__file__).parents[3] / "docs" / "security.md"
NUMBER = "+55 11 91234-4321"
COLUMNS = ("in charge", "member", "guest", "program", "outsider")


@dataclass(frozen=True)
class Person:
    """Somebody of a column, and the settings that make them so."""

    name: str
    column: str
    facts: Sent | None = field(default_factory=dict)
    lists: dict[str, frozenset[str]] = field(default_factory=dict)


IN_CHANNEL = {"allow_channels": frozenset({OPS})}
IN_GROUP = {"allow_user_groups": frozenset({"S1"})}
PERSONS = [
    Person("an admin", "in charge", {"is_admin": True}),
    Person("an owner", "in charge", {"is_owner": True}),
    Person("a listed user", "in charge", lists={"allow_users": frozenset({BOB})}),
    Person("a member of a listed group", "in charge", lists=IN_GROUP),
    Person("a member of a listed channel", "in charge", lists=IN_CHANNEL),
    Person(
        "a guest who is listed by id",
        "in charge",
        {"is_restricted": True},
        {"allow_users": frozenset({BOB}), **IN_CHANNEL},
    ),
    Person("a member in no list", "member"),
    Person("an admin in no list", "member", {"is_admin": True}, {"allow_users": frozenset({ANA})}),
    Person("a guest", "guest", {"is_restricted": True}, IN_CHANNEL),
    Person("a guest of one channel", "guest", {"is_ultra_restricted": True}, IN_GROUP),
    Person("somebody of another company", "guest", {"team_id": "T2"}, IN_CHANNEL),
    Person("another company's admin", "guest", {"team_id": "T2", "is_admin": True}),
    Person("a bot", "program", {"is_bot": True}, IN_CHANNEL),
    Person("a workflow", "program", {"is_workflow_bot": True, "is_admin": True}),
    Person("nobody Slack knows", "outsider", None, IN_CHANNEL),
]

type Way = Callable[[StrictSlack, Device, Device], Awaitable[object]]
"""Tries to obtain one for a device that was never paired, or for one that is linked."""


def button(action: str, value: str) -> Sent:
    return {"type": "button", "action_id": action, "value": value}


async def at_home(slack: StrictSlack, device: Device, _linked: Device) -> None:
    """Click *Pair* in the App Home, which has neither a channel nor a message."""
    click = {"type": "block_actions", "user": {"id": BOB}, "team": {"id": "T1"}}
    action = {**button("pair", f"home {device.id}"), "block_id": "b", "action_ts": "1.0"}
    home = {"container": {"type": "view"}, "view": {"type": "home"}, "actions": [action]}
    await slack._tell("interactive", {**click, **home})


async def unlink(slack: StrictSlack, _device: Device, linked: Device) -> None:
    """Click *Unlink and start again*, and answer the question."""
    await slack.click(BOB, button("unlink_and_pair", f"home {linked.id}"))
    await slack.until(lambda: bool(slack.buttons("has 2 devices")) or refused(slack))
    if not refused(slack):
        await slack.click(BOB, slack.buttons("has 2 devices")["unlink_anyway"])


WAYS: dict[str, dict[str, Way]] = {
    "command `/wuts pair`": {
        "QR": lambda slack, *_: slack.command(BOB, "pair Front desk"),
        "code": lambda slack, *_: slack.command(BOB, f"pair Front desk code {NUMBER}"),
    },
    "click: a button of a message or of App Home, a modal that is sent": {
        "pair": lambda slack, device, _: slack.click(BOB, button("pair", f"home {device.id}")),
        "unlink": unlink,
        "create": lambda slack, *_: slack.click(
            BOB, button("create_and_pair_home", "home  Warehouse")
        ),
        "home": at_home,
        "modal": lambda slack, *_: slack.submit(
            BOB, "pair_window", new_name="Warehouse", method="qr"
        ),
        "modal with a code": lambda slack, *_: slack.submit(
            BOB, "pair_window", new_name="Warehouse", method="code", phone=NUMBER
        ),
    },
    "link: make one": {"command": lambda slack, *_: slack.command(BOB, "pair Front desk link")},
}


def cells() -> dict[tuple[str, str], str]:
    """Read Slack's rows of the table."""
    rows = [line.strip("| \n").split("|") for line in PAGE.read_text().splitlines()]
    named = [[cell.strip() for cell in row] for row in rows if row[0].strip() == "Slack"]
    assert all(len(row) == len(COLUMNS) + 2 for row in named)
    return {
        (row[1], column): cell
        for row in named
        for column, cell in zip(COLUMNS, row[2:], strict=True)
    }


CELLS = cells()


def test_the_table_has_a_test_for_each_of_its_rows_and_columns() -> None:
    assert {way for way, _ in CELLS} == set(WAYS)
    assert {person.column for person in PERSONS} == set(COLUMNS)
    assert set(CELLS.values()) == {"yes", "no"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    port = free_port()
    return settings.model_copy(update={"public_url": f"http://127.0.0.1:{port}", "port": port})


def tries() -> list[tuple[Person, str, list[str]]]:
    """Say who tries what: whoever is refused tries all ways, the first who may tries each alone."""
    found: list[tuple[Person, str, list[str]]] = []
    for person in PERSONS:
        is_first = person is PERSONS[0]
        for row, ways in WAYS.items():
            if CELLS[row, person.column] == "no":
                found.append((person, row, list(ways)))
            else:
                found += [(person, row, [way]) for way in (ways if is_first else [*ways][:1])]
    return found


@pytest.mark.parametrize(
    ("person", "row", "ways"),
    tries(),
    ids=lambda one: one.name if isinstance(one, Person) else str(one),
)
async def test_a_cell(  # noqa: PLR0913, PLR0917 - a cell, and where it is tried
    person: Person,
    row: str,
    ways: list[str],
    strict: StrictSlack,
    gateway: Simulator,
    settings: Settings,
) -> None:
    device = gateway.world.add_device(name="Front desk")
    linked = gateway.world.add_device(name="Back desk", state="connected")
    strict.members.add(BOB)
    strict.user_groups["S1"] = [BOB]
    if person.facts is None:
        del strict.admins[BOB]
    else:
        strict.facts[BOB] = {"team_id": "T1", **person.facts}
    async with running_app(settings.model_copy(update=person.lists), tempo=TEMPO):
        for way in ways:
            strict.private.clear()
            strict.messages.clear()
            await WAYS[row][way](strict, device, linked)
            if CELLS[row, person.column] == "yes":
                await strict.until(lambda: began(strict))
            else:
                await strict.until(lambda: refused(strict))
                assert not began(strict)
    if CELLS[row, person.column] == "no":
        assert strict.files.contents == {}
        asked = gateway.world.requests.by_endpoint
        forbidden = {"POST /connect", "GET /qr", "POST /paircode", "POST /devices", "POST /logout"}
        assert not {name for name, count in asked.items() if count} & forbidden
        assert gateway.world.device(linked.id).is_connected


def began(strict: StrictSlack) -> bool:
    """Tell whether a pairing has begun: its message is in the direct messages."""
    return any(
        channel == f"D{BOB}" and "pairing_cancel" in str(sent)
        for (channel, _), sent in strict.messages.items()
    )


def refused(strict: StrictSlack) -> bool:
    return EN.refused in strict.said() or EN.cannot_check_permission in strict.said()
