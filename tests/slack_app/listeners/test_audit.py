"""Whatever changes something or shows a secret is a line of the audit log, with its channel."""

import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from scripts.lib.parts import free_port
from slack_app.blocks.names import Action, Modal, Shortcut, chosen_by
from slack_app.devices.device import DeviceRef
from slack_app.devices.registration import Registered
from slack_app.messages.parser import Command
from slack_app.operations.audit import AUDIT_LOGGER, AuditAction, AuditOutcome, Effect
from slack_app.people.confirmations import Confirmation
from slack_app.settings import Settings
from tests.slack_app.alerts.people import Office, an_office
from tests.slack_app.listeners.entrances import ENTRANCES, NUMBER, SUBMISSIONS
from tests.slack_app.strict_files import Sent
from tests.slack_app.strict_slack import ANA, OPS, StrictSlack
from wuts.supervisor import AlertKind, MuteScope
from wuts_simulator import Simulator

PHONE = "5511912344321"

type Line = tuple[AuditAction, AuditOutcome]
type Way = Callable[[Office], Awaitable[object]]

DONE = AuditOutcome.DONE


def typed(text: str) -> Way:
    async def way(office: Office) -> None:
        await office.connected(1)
        await office.slack.command(ANA, text)

    return way


def clicked(action: str, *, state: str | None = None) -> Way:
    """Click a button of a device, or the answer to a question about it."""

    async def way(office: Office) -> None:
        ref = await a_device(office, state)
        number = number_of(office, ref)
        question = Confirmation(user_id=ANA, action=action, device=str(ref), number=number)
        key = office.app.services.confirmations.ask(question)
        await office.slack.click(ANA, button(action, f"{ref} {key}"))

    return way


def chosen(action: str) -> Way:
    async def way(office: Office) -> None:
        ref = await a_device(office, "connected")
        await office.slack.click(ANA, button(action, str(ref)))

    return way


def on_alert(action: str) -> Way:
    """Click a button of an alert, or of the group that it is in."""

    async def way(office: Office) -> None:
        await office.unlinked(*await office.connected(1))
        await office.until(lambda: bool(office.alerts()))
        [alert] = office.alerts()
        value = alert.id if action == Action.TAKE else alert.kind
        await office.slack.click(ANA, button(action, f"home {value}"))

    return way


def in_pairing(action: str) -> Way:
    """Click a button below a QR."""

    async def way(office: Office) -> None:
        shown = await a_pairing(office)
        await office.slack.click(ANA, shown[action])

    return way


async def kept(office: Office) -> None:
    ref = await a_device(office, "connected")
    supervisor = office.app.services.supervisor
    await supervisor.report_phone("home", ref.device_id, PHONE, expected="5511987659999")
    devices = supervisor.devices("home")
    await office.until(lambda: bool(devices[ref.device_id].phone.question_id))
    value = f"{ref} {devices[ref.device_id].phone.question_id}"
    await office.slack.click(ANA, button(Action.KEEP, value))


async def unmuted(office: Office) -> None:
    await a_device(office, "connected")
    scope = MuteScope("home", None, AlertKind.OFFLINE)
    await office.app.services.supervisor.alerts.mute(scope, by="Ana", reason="…")
    await office.slack.click(ANA, button(Action.UNMUTE, "home offline "))


async def a_mute(office: Office) -> DeviceRef:
    ref = await a_device(office, "connected")
    scope = MuteScope("home", ref.device_id, None)
    await office.app.services.supervisor.alerts.mute(scope, by="Ana", reason="…")
    return ref


def unmuted_by(action: str) -> Way:
    async def way(office: Office) -> None:
        ref = await a_mute(office)
        await office.slack.click(ANA, button(action, str(ref)))

    return way


async def unmuted_by_command(office: Office) -> None:
    await a_mute(office)
    await office.slack.command(ANA, "unmute Desk 0")


def unsubscribed_by(action: str) -> Way:
    async def way(office: Office) -> None:
        ref = await a_device(office, "connected")
        await office.slack.command(ANA, "subscribe Desk 0")
        await office.until(lambda: bool(office.app.services.subscriptions.all()))
        await office.slack.click(ANA, button(action, str(ref)))

    return way


async def acknowledged(office: Office) -> None:
    await office.unlinked(*await office.connected(1))
    await office.until(lambda: bool(office.alerts()))
    await office.slack.command(ANA, "ack Desk 0")


async def agreed(office: Office) -> None:
    # As where gateways can reach the app, which only HTTP mode lets them.
    office.app.services.registration.states = {"home": Registered()}
    await office.slack.click(ANA, button(Action.WEBHOOK_AGREE, "home"))


async def checked(office: Office) -> None:
    await a_device(office, "connected")
    key = office.app.services.typed_numbers.keep(ANA, "5511912344321")
    await office.slack.click(ANA, button(Action.CHECK_NUMBER, key))


async def checked_in_a_message(office: Office) -> None:
    await a_device(office, "connected")
    await office.slack.shortcut(ANA, Shortcut.CHECK, {"text": NUMBER})


async def unsubscribed(office: Office) -> None:
    await subscribed(office)
    one, *_ = office.app.services.subscriptions.all()
    await office.slack.click(ANA, button(Action.UNSUBSCRIBE, one.key))


async def unsubscribed_by_command(office: Office) -> None:
    await subscribed(office)
    await office.slack.command(ANA, "unsubscribe")


async def a_code_in_a_pairing(office: Office) -> None:
    shown = await a_pairing(office)
    await submitted(office, Modal.PHONE, str(shown[Action.USE_CODE]["value"]), phone=NUMBER)


def sent(modal: Modal) -> Way:
    async def way(office: Office) -> None:
        await a_device(office, "connected")
        _, metadata, values = SUBMISSIONS[modal]
        await submitted(office, modal, metadata, **values)

    return way


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


async def a_device(office: Office, state: str | None) -> DeviceRef:
    """Return a device of that state that the app knows."""
    if state is not None:
        [device_id] = await office.connected(1)
        ref = DeviceRef("home", device_id)
        await office.until(lambda: bool(number_of(office, ref)))
        return ref
    ref = DeviceRef("home", office.sim.world.add_device(name="Desk 0").id)
    await office.until(lambda: office.app.services.accounts.line(ref) is not None)
    return ref


def number_of(office: Office, ref: DeviceRef) -> str | None:
    line = office.app.services.accounts.line(ref)
    return None if line is None else line.number


async def a_pairing(office: Office) -> dict[str, Sent]:
    """Pair a device, and return the buttons below its QR."""
    ref = await a_device(office, None)
    await office.slack.click(ANA, button(Action.PAIR, str(ref)))
    await office.slack.until(lambda: Action.NEW_CODE in office.slack.buttons("slack_file"))
    return office.slack.buttons("slack_file")


async def subscribed(office: Office) -> None:
    await office.slack.command(ANA, "subscribe")
    await office.until(lambda: bool(office.app.services.subscriptions.all()))


async def submitted(office: Office, modal: Modal, metadata: str, **values: str) -> None:
    """Send a modal that was opened in #ops."""
    kept = json.dumps({"channel": OPS, "value": metadata})
    await office.slack.submit(ANA, modal, kept, **values)


def button(action: str, value: str) -> Sent:
    return {"type": "button", "action_id": action, "value": value}
