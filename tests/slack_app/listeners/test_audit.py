"""Whatever changes something or shows a secret is a line of the audit log, with its channel."""

import logging
from collections.abc import AsyncIterator

import pytest

from scripts.lib.parts import free_port
from slack_app.blocks.names import Action, Modal, Shortcut, chosen_by
from slack_app.messages.parser import Command
from slack_app.operations.audit import AUDIT_LOGGER, AuditAction, AuditOutcome, Effect
from slack_app.settings import Settings
from tests.slack_app.alerts.people import Office, an_office
from tests.slack_app.listeners.audit_ways import (
    DONE,
    PHONE,
    Line,
    Way,
    a_code_in_a_pairing,
    acknowledged,
    agreed,
    button,
    checked,
    checked_in_a_message,
    chosen,
    clicked,
    in_pairing,
    kept,
    on_alert,
    sent,
    typed,
    unmuted,
    unmuted_by,
    unmuted_by_command,
    unsubscribed,
    unsubscribed_by,
    unsubscribed_by_command,
)
from tests.slack_app.listeners.entrances import ENTRANCES, NUMBER
from tests.slack_app.strict_slack import ANA, OPS, StrictSlack
from wuts_simulator import Simulator

WAYS: dict[str, tuple[Way, Line]] = {
    f"/wuts {Command.PAIR}": (typed("pair Desk 0"), (AuditAction.PAIR, AuditOutcome.STARTED)),
    f"/wuts {Command.CHECK}": (typed(f"check {NUMBER}"), (AuditAction.CHECK, DONE)),
    f"/wuts {Command.RECONNECT}": (typed("reconnect Desk 0"), (AuditAction.RECONNECT, DONE)),
    f"/wuts {Command.PAUSE}": (typed("pause Desk 0"), (AuditAction.PAUSE, DONE)),
    f"/wuts {Command.RESUME}": (typed("resume Desk 0"), (AuditAction.RESUME, DONE)),
    f"/wuts {Command.CREATE}": (typed("create Warehouse"), (AuditAction.CREATE, DONE)),
    f"/wuts {Command.ACK}": (acknowledged, (AuditAction.TAKE, DONE)),
    f"/wuts {Command.UNMUTE}": (unmuted_by_command, (AuditAction.UNMUTE, DONE)),
    f"/wuts {Command.SUBSCRIBE}": (typed("subscribe"), (AuditAction.SUBSCRIBE, DONE)),
    f"/wuts {Command.UNSUBSCRIBE}": (unsubscribed_by_command, (AuditAction.UNSUBSCRIBE, DONE)),
    "button create_and_pair_home": (
        lambda office: office.slack.click(ANA, button("create_and_pair_home", "home  Warehouse")),
        (AuditAction.CREATE, DONE),
    ),
    "button create_only_home": (
        lambda office: office.slack.click(ANA, button("create_only_home", "home Warehouse")),
        (AuditAction.CREATE, DONE),
    ),
    f"button {Action.CHECK_NUMBER}": (checked, (AuditAction.CHECK, DONE)),
    f"button {Action.WEBHOOK_AGREE}": (agreed, (AuditAction.WEBHOOK, DONE)),
    f"button {Action.WEBHOOK_REPLACE}": (
        clicked(Action.WEBHOOK_REPLACE, state="connected"),
        (AuditAction.WEBHOOK, AuditOutcome.FAILED),
    ),
    f"shortcut {Shortcut.CHECK}": (checked_in_a_message, (AuditAction.CHECK, DONE)),
    **{
        f"button {chosen_by(command)}": (chosen(chosen_by(command)), line)
        for command, line in {
            Command.RECONNECT: (AuditAction.RECONNECT, DONE),
            Command.PAUSE: (AuditAction.PAUSE, DONE),
            Command.RESUME: (AuditAction.RESUME, DONE),
            Command.SUBSCRIBE: (AuditAction.SUBSCRIBE, DONE),
        }.items()
    },
    f"button {chosen_by(Command.UNMUTE)}": (
        unmuted_by(chosen_by(Command.UNMUTE)),
        (AuditAction.UNMUTE, DONE),
    ),
    f"button {chosen_by(Command.UNSUBSCRIBE)}": (
        unsubscribed_by(chosen_by(Command.UNSUBSCRIBE)),
        (AuditAction.UNSUBSCRIBE, DONE),
    ),
    **{
        f"button {action}": (clicked(action, state=state), line)
        for action, state, line in [
            (Action.PAIR, None, (AuditAction.PAIR, AuditOutcome.STARTED)),
            (Action.RECONNECT, "connected", (AuditAction.RECONNECT, DONE)),
            (Action.RESUME, "connected", (AuditAction.RESUME, DONE)),
            (Action.UNLINK, "connected", (AuditAction.UNLINK, DONE)),
            (Action.UNLINK_ANYWAY, "connected", (AuditAction.UNLINK, DONE)),
            (Action.UNLINK_ONLY, "connected", (AuditAction.UNLINK, DONE)),
            (Action.DISCONNECT_ANYWAY, "connected", (AuditAction.DISCONNECT, DONE)),
            (Action.DELETE_ANYWAY, "connected", (AuditAction.DELETE, DONE)),
        ]
    },
    **{
        f"button {action}": (in_pairing(action), line)
        for action, line in {
            Action.NEW_CODE: (AuditAction.PAIR, AuditOutcome.NEW_CODE),
            Action.SEND_LINK: (AuditAction.LINK, AuditOutcome.MADE),
            Action.CANCEL: (AuditAction.PAIR, AuditOutcome.CANCELLED),
        }.items()
    },
    **{
        f"button {action}": (on_alert(action), line)
        for action, line in {
            Action.PAIR_NEXT: (AuditAction.PAIR, AuditOutcome.STARTED),
            Action.TAKE: (AuditAction.TAKE, DONE),
            Action.TAKE_ALL: (AuditAction.TAKE, DONE),
        }.items()
    },
    f"button {Action.KEEP}": (kept, (AuditAction.KEEP, DONE)),
    f"button {Action.UNMUTE}": (unmuted, (AuditAction.UNMUTE, DONE)),
    f"button {Action.UNSUBSCRIBE}": (unsubscribed, (AuditAction.UNSUBSCRIBE, DONE)),
    f"modal {Modal.PAIR}": (sent(Modal.PAIR), (AuditAction.PAIR, AuditOutcome.STARTED)),
    f"modal {Modal.PHONE}": (a_code_in_a_pairing, (AuditAction.PAIR, AuditOutcome.NEW_CODE)),
    f"modal {Modal.MUTE}": (sent(Modal.MUTE), (AuditAction.MUTE, DONE)),
}

ASK = {
    *(
        name
        for command in (Command.DISCONNECT, Command.UNLINK, Command.DELETE, Command.MUTE)
        for name in (f"/wuts {command}", f"button {chosen_by(command)}")
    ),
    f"shortcut {Shortcut.PAIR}",
    f"button {Action.OPEN_PAIR_MODAL}",
    f"button {Action.USE_CODE}",
    f"button {Action.MUTE}",
}
"""What only asks: the answer is the line."""


def test_every_way_in_that_changes_something_or_shows_a_secret_is_tried() -> None:
    audited = {one.name for one in ENTRANCES if one.effect is not Effect.READS}
    assert audited == set(WAYS) | ASK
    assert not set(WAYS) & ASK


@pytest.fixture
async def office(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> AsyncIterator[Office]:
    port = free_port()
    reachable = {"public_url": f"http://127.0.0.1:{port}", "port": port}
    async with an_office(strict, gateway, settings.model_copy(update=reachable)) as found:
        yield found


@pytest.mark.parametrize("name", WAYS)
async def test_it_is_audited_with_its_channel(
    name: str, office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, AUDIT_LOGGER)
    way, wanted = WAYS[name]

    def lines() -> list[dict[str, str]]:
        return [vars(one)["audit"] for one in caplog.records if one.name == AUDIT_LOGGER]

    await way(office)
    await office.until(lambda: wanted in {(line["deed"], line["outcome"]) for line in lines()})
    for line in lines():
        assert (line["user"], line["channel"]) == (ANA, OPS)
    assert PHONE not in str(lines())


async def test_a_change_that_fails_is_audited(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, AUDIT_LOGGER)
    await office.slack.command(ANA, "reconnect nothing")
    await office.slack.says("There is no device named *nothing*")
    [line] = [vars(one)["audit"] for one in caplog.records if one.name == AUDIT_LOGGER]
    assert (line["deed"], line["outcome"], line["channel"]) == ("reconnect", "failed", OPS)
