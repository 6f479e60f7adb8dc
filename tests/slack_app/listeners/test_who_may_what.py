"""Who may do what: the table in docs/slack.md, cell by cell, through every way in."""

import json
import logging
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from slack_app.app import running_app
from slack_app.listeners.commands import HANDLERS
from slack_app.messages import EN
from slack_app.messages.parser import Command
from slack_app.operations.audit import AUDIT_LOGGER, Effect, effect_of
from slack_app.settings import Settings
from tests.slack_app.listeners.entrances import ENTRANCES
from tests.slack_app.strict_files import Sent
from tests.slack_app.strict_slack import ANA, BOB, OPS, StrictSlack
from tests.slack_app.test_app import TEMPO
from wuts_simulator import Device, Simulator

PAGE = Path(__file__).parents[3] / "docs" / "slack.md"
ROWS = {
    "look": Effect.READS,
    "see a QR, a code or a link": Effect.SECRETS,
    "change": Effect.CHANGES,
    "take away": Effect.DESTROYS,
    "answer a question that somebody else was asked": None,
}
COLUMNS = (
    "in charge",
    "member",
    "guest",
    "other company",
    "program",
    "deactivated",
    "unknown",
)
IN_CHANNEL = {"allow_channels": frozenset({OPS})}
IN_GROUP = {"allow_user_groups": frozenset({"S1"})}
BY_ID = {"allow_users": frozenset({BOB})}


@dataclass(frozen=True)
class Person:
    """Somebody of a column, and the settings that make them so."""

    name: str
    column: str
    facts: Sent = field(default_factory=dict)
    lists: dict[str, frozenset[str]] = field(default_factory=dict)
    scopes_lost: frozenset[str] = frozenset()


PERSONS = [
    Person("an admin", "in charge", {"is_admin": True}),
    Person("a member of a listed channel", "in charge", lists=IN_CHANNEL),
    Person("a guest who is listed by id", "in charge", {"is_restricted": True}, BY_ID),
    Person("a stranger who is listed by id", "in charge", {"team_id": "T2"}, BY_ID),
    Person("a bot that is listed by id", "in charge", {"is_bot": True}, BY_ID),
    Person("somebody of the organization", "in charge", {"team_id": "T1"}, IN_GROUP),
    Person("a member in no list", "member"),
    Person("an admin in no list", "member", {"is_admin": True}, {"allow_users": frozenset({ANA})}),
    Person("a guest", "guest", {"is_restricted": True}, IN_CHANNEL),
    Person("a guest of one channel", "guest", {"is_ultra_restricted": True}, IN_GROUP),
    Person("somebody of a shared channel", "other company", {"team_id": "T2"}, IN_CHANNEL),
    Person("a stranger", "other company", {"is_stranger": True}, IN_GROUP),
    Person("another company's owner", "other company", {"team_id": "T2", "is_owner": True}),
    Person(
        "another organization",
        "other company",
        {"team_id": "T2", "enterprise_user": {"enterprise_id": "E2", "teams": ["T2"]}},
        IN_CHANNEL,
    ),
    Person("a bot", "program", {"is_bot": True}, IN_CHANNEL),
    Person("a workflow", "program", {"is_workflow_bot": True, "is_admin": True}),
    Person("who has left", "deactivated", {"deleted": True}, IN_GROUP),
    Person("an admin who has left", "deactivated", {"deleted": True, "is_admin": True}),
    Person(
        "a member while users.info fails",
        "unknown",
        lists=IN_CHANNEL,
        scopes_lost=frozenset({"users:read"}),
    ),
    Person(
        "a member while conversations.members fails",
        "unknown",
        lists=IN_CHANNEL,
        scopes_lost=frozenset({"channels:read"}),
    ),
]


def rows() -> list[list[str]]:
    """Read the table, without its head."""
    lines = PAGE.read_text().splitlines()
    [head] = [line for line in lines if line.startswith("| what | in charge |")]
    assert tuple(one.strip() for one in head.strip("| ").split("|"))[1:] == COLUMNS
    at = lines.index(head) + 2
    found = [line.strip("| ").split("|") for line in lines[at : at + len(ROWS)]]
    return [[cell.strip() for cell in row] for row in found]


def cells() -> dict[tuple[str, str], str]:
    """Return what the table says, by row and column."""
    return {
        (row[0].partition(":")[0], column): cell
        for row in rows()
        for column, cell in zip(COLUMNS, row[1:], strict=True)
    }


CELLS = cells()


def test_the_table_has_a_test_for_each_of_its_rows_and_columns() -> None:
    assert {row for row, _ in CELLS} == set(ROWS)
    assert {person.column for person in PERSONS} == set(COLUMNS)
    assert set(CELLS.values()) == {"yes", "no", "asked first"}


def test_each_command_is_in_the_row_of_what_it_does() -> None:
    named = {ROWS[row[0].partition(":")[0]]: row[0] for row in rows()}
    for command, (action, _) in HANDLERS.items():
        # No gateway can rename, so that only says so.
        assert f"`{command}`" in named[effect_of(action)] or command is Command.RENAME


def test_every_effect_has_a_way_in() -> None:
    assert {one.effect for one in ENTRANCES} == set(Effect)


@pytest.fixture
def device(gateway: Simulator) -> Device:
    gateway.world.add_device(name="Back desk", state="connected")
    return gateway.world.add_device(name="Front desk")


@pytest.mark.parametrize("row", [row for row, effect in ROWS.items() if effect])
@pytest.mark.parametrize("person", PERSONS, ids=lambda one: one.name)
async def test_a_cell(  # noqa: PLR0913, PLR0917 - a cell, and where it is tried
    person: Person,
    row: str,
    device: Device,
    strict: StrictSlack,
    gateway: Simulator,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, AUDIT_LOGGER)
    strict.user_groups["S1"] = [BOB]
    strict.facts[BOB] = person.facts
    strict.scopes -= person.scopes_lost
    entrances = [one for one in ENTRANCES if one.effect is ROWS[row]]
    told = ""
    is_refused = CELLS[row, person.column] == "no"
    async with running_app(settings.model_copy(update=person.lists), tempo=TEMPO) as app:
        while len(app.services.accounts.lines()) < 2:
            await strict.client.auth_test()
        for entrance in entrances:
            for seen in (strict.private, strict.messages, strict.homes):
                seen.clear()
            had, had_lines = len(strict.modals), lines(caplog)
            await entrance.enter(strict, BOB, device)
            if is_refused:
                await strict.until(lambda: refused(strict))
                assert not any("submit" in modal for modal in strict.modals)
                told = shown(strict)
                strict.modals.clear()
            else:
                # A mute that is sent is answered where the alert is, if there is one.
                while not is_answered(strict, had) and lines(caplog) == had_lines:
                    await strict.client.auth_test()
                assert not refused(strict), entrance.name
    if is_refused:
        assert [line["deed"] for line in lines(caplog)] == [one.action for one in entrances]
        assert {(line["user"], line["outcome"]) for line in lines(caplog)} == {(BOB, "refused")}
        assert strict.files.contents == {}
        assert not changes(gateway)
        assert ("`U2BOB`" in told) == (person.column not in {"member", "unknown"})
        assert ("missing_scope" in told) == (person.column == "unknown")


@pytest.mark.parametrize("person", PERSONS, ids=lambda one: one.name)
async def test_nobody_answers_what_somebody_else_was_asked(
    person: Person, strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    assert CELLS["answer a question that somebody else was asked", person.column] == "no"
    device = gateway.world.add_device(name="Front desk", state="connected")
    strict.user_groups["S1"] = [ANA, BOB]
    strict.facts[BOB] = person.facts
    lists = person.lists | ({"allow_users": frozenset({ANA, BOB})} if person.lists == BY_ID else {})
    async with running_app(settings.model_copy(update=lists), tempo=TEMPO):
        await strict.command(ANA, "disconnect Front desk")
        await strict.until(lambda: "disconnect_anyway" in strict.buttons("Front desk"))
        question = strict.buttons("Front desk")["disconnect_anyway"]
        strict.scopes -= person.scopes_lost
        strict.private.clear()
        await strict.click(BOB, question)
        await strict.until(lambda: refused(strict) or EN.confirm_over in strict.said())
    assert gateway.world.device(device.id).is_connected


def is_answered(strict: StrictSlack, had: int) -> bool:
    """Tell whether anything is shown since, and none of it is yet to be filled."""
    if len(strict.modals) > had:
        return EN.modal_loading not in json.dumps(strict.modals, ensure_ascii=False)
    return bool(strict.private or strict.messages or strict.homes)


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, str]]:
    """Return the fields of the audit log's lines."""
    return [vars(one)["audit"] for one in caplog.records if one.name == AUDIT_LOGGER]


def shown(strict: StrictSlack) -> str:
    return strict.said() + json.dumps(strict.homes, ensure_ascii=False)


def refused(strict: StrictSlack) -> bool:
    return EN.refused in shown(strict) or EN.cannot_check_permission in shown(strict)


def changes(gateway: Simulator) -> set[str]:
    asked = gateway.world.requests.by_endpoint
    return {name for name, count in asked.items() if count and not name.startswith("GET ")} - {
        "POST /connect"
    }
