"""How people change something in Slack, or see a secret, each from an office of its own."""

import json
from collections.abc import Awaitable, Callable

from slack_app.blocks.names import Action, Modal, Shortcut
from slack_app.devices.device import DeviceRef
from slack_app.devices.registration import Registered
from slack_app.operations.audit import AuditAction, AuditOutcome
from slack_app.people.confirmations import Confirmation
from tests.slack_app.alerts.people import Office
from tests.slack_app.listeners.entrances import NUMBER, SUBMISSIONS
from tests.slack_app.strict_files import Sent
from tests.slack_app.strict_slack import ANA, OPS
from wuts.supervisor import AlertKind, MuteScope

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
