"""All ways in which Slack can ask the app for something, and the effect that each has."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from re import Pattern

from slack_app.blocks.names import Action, Modal, Shortcut
from slack_app.listeners.actions import BUTTONS
from slack_app.listeners.commands import HANDLERS
from slack_app.messages.parser import SCHEMA, Argument, Command
from slack_app.operations.audit import AuditAction, Effect, effect_of
from tests.slack_app.strict_files import Sent
from tests.slack_app.strict_slack import StrictSlack
from wuts_simulator import Device

NUMBER = "+55 11 91234-4321"
NAME = "Front desk"

type Enter = Callable[[StrictSlack, str, Device], Awaitable[object]]


@dataclass(frozen=True)
class Entrance:
    """One of them.

    Attributes:
        name: Its own.
        action: What the app takes it for.
        enter: Has a person use it, for a device.
    """

    name: str
    action: AuditAction
    enter: Enter

    @property
    def effect(self) -> Effect:
        return effect_of(self.action)


ARGUMENTS = {
    Argument.DEVICE: NAME,
    Argument.NUMBERS: NUMBER,
    Argument.NEW_NAME: NAME,
    Argument.NAME: "Warehouse",
}
"""What follows a command that needs something, or begins with a secret."""

CREATING = {
    f"{Action.CREATE}_home": "home  Warehouse",
    f"{Action.CREATE_ONLY}_home": "home Warehouse",
}

VALUES = {
    Action.STATUS_PREVIOUS: "0",
    Action.STATUS_NEXT: "0",
    Action.STATUS_ALL: "0",
    Action.LIST_PREVIOUS: "0",
    Action.LIST_NEXT: "0",
    Action.HOME_FILTER: "",
    Action.HOME_SEARCH: NAME,
    Action.CHECK_NUMBER: "0123",
    Action.WEBHOOK_AGREE: "home",
    Action.TAKE: "home a1",
    Action.TAKE_ALL: "home needs_pairing",
    Action.PAIR_NEXT: "home needs_pairing",
    Action.MUTE: "home needs_pairing ",
    Action.UNMUTE: "home needs_pairing ",
    Action.UNSUBSCRIBE: "C5",
}
"""What the buttons stand for that are about no device."""

SUBMISSIONS: dict[Modal, tuple[AuditAction, str, dict[str, str]]] = {
    Modal.PAIR: (AuditAction.PAIR, "", {"new_name": "Warehouse", "method": "qr"}),
    Modal.PHONE: (AuditAction.PAIR, "0123", {"phone": NUMBER}),
    Modal.MUTE: (
        AuditAction.MUTE,
        "home needs_pairing ",
        {"mute_what": "account", "mute_until": "1h", "mute_reason": "mine"},
    ),
}


SHORTCUTS = {Shortcut.PAIR: AuditAction.PAIR, Shortcut.CHECK: AuditAction.CHECK}


def typing(command: Command) -> Enter:
    grammar = SCHEMA[command]
    is_said = grammar.needed or command is Command.PAIR
    argument = ARGUMENTS[grammar.argument] if is_said and grammar.argument else ""
    return lambda slack, user, _: slack.command(user, f"{command} {argument}".strip())


def clicking(action: str) -> Enter:
    def enter(slack: StrictSlack, user: str, device: Device) -> Awaitable[object]:
        known = CREATING | {str(name): value for name, value in VALUES.items()}
        value = known.get(action, f"home {device.id} 0123")
        button: Sent = {"type": "button", "action_id": action, "value": value}
        if action == Action.HOME_FILTER:
            button = {**button, "type": "static_select", "selected_option": {"value": value}}
        return slack.click(user, button)

    return enter


def submitting(modal: Modal) -> Enter:
    _, metadata, values = SUBMISSIONS[modal]
    return lambda slack, user, _: slack.submit(user, modal, metadata, **values)


def opening_the_home(slack: StrictSlack, user: str, _: Device) -> Awaitable[object]:
    event = {"type": "app_home_opened", "user": user, "tab": "home"}
    return slack._tell("events_api", {"type": "event_callback", "team_id": "T1", "event": event})


def taking(shortcut: Shortcut) -> Enter:
    message = {"text": NUMBER} if shortcut is Shortcut.CHECK else None
    return lambda slack, user, _: slack.shortcut(user, shortcut, message)


def button_id(action: str | Pattern[str]) -> str:
    return action if isinstance(action, str) else f"{action.pattern.removeprefix('^')}home"


ENTRANCES = [
    *(
        Entrance(f"/wuts {command}", action, typing(command))
        for command, (action, _) in HANDLERS.items()
    ),
    *(
        Entrance(f"button {button_id(one)}", action, clicking(button_id(one)))
        for one, (action, _) in BUTTONS.items()
    ),
    *(Entrance(f"modal {modal}", SUBMISSIONS[modal][0], submitting(modal)) for modal in Modal),
    *(Entrance(f"shortcut {one}", SHORTCUTS[one], taking(one)) for one in Shortcut),
    Entrance("App Home", AuditAction.USE, opening_the_home),
]
