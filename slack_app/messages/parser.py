"""What ``/wuts …`` can say: one schema, which reads the commands and writes the help."""

import difflib
import re
from dataclasses import dataclass, field
from enum import StrEnum

SLASH = "/wuts"

_CODE = re.compile(r"(?:(?P<device>.+?)\s+)?code\s+(?P<phone>(?=\W*\d)[\W\d]+)", re.IGNORECASE)
"""A number may hold all that pages write into one: `normalize_phone_number` knows what that is."""

_LINK = re.compile(r"(?P<device>.+?)\s+link", re.IGNORECASE)

_SCOPE = re.compile(r"(?:^|\s)(?:--|—|–)?(account|kind)[\s=]+(\S+)", re.IGNORECASE)  # noqa: RUF001

_SPAN = re.compile(r"(?:^|\s)(\d{1,3})d$", re.IGNORECASE)

_SHARE = re.compile(r"(?:--|—|–)share\b", re.IGNORECASE)  # noqa: RUF001 - Slack turns -- into a dash


class Command(StrEnum):
    """The commands."""

    PAIR = "pair"
    STATUS = "status"
    LIST = "list"
    HISTORY = "history"
    CHECK = "check"
    RECONNECT = "reconnect"
    DISCONNECT = "disconnect"
    PAUSE = "pause"
    RESUME = "resume"
    CREATE = "create"
    RENAME = "rename"
    UNLINK = "unlink"
    DELETE = "delete"
    ACK = "ack"
    MUTE = "mute"
    UNMUTE = "unmute"
    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    SUBSCRIPTIONS = "subscriptions"
    WEBHOOKS = "webhooks"
    HELP = "help"


class Argument(StrEnum):
    """What may follow a command."""

    NEW_NAME = "new_name"
    DEVICE = "device"
    NUMBERS = "numbers"
    FILTER = "filter"
    NAME = "name"
    ALERT = "alert"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """What one command takes.

    Attributes:
        command: The command.
        argument: What follows it, or None.
        needed: Whether that must be there.
        code: Whether ``code PHONE`` or ``link`` may follow.
        share: Whether ``--share`` may be among it.
        scope: Whether ``account NAME`` and ``kind KIND`` may follow.
        span: Whether a span of days may be its last word, such as ``30d``.
    """

    command: Command
    argument: Argument | None = None
    needed: bool = False
    code: bool = False
    share: bool = False
    scope: bool = False
    span: bool = False

    def usage(self, argument_name: str) -> str:
        """Return how to write the command; ``argument_name`` is the argument's, for a person."""
        parts = [SLASH, self.command.value]
        if self.argument is not None:
            parts.append(argument_name.upper() if self.needed else f"[{argument_name.upper()}]")
        if self.code:
            parts.append("[code +55… | link]")
        if self.share:
            parts.append("[--share]")
        if self.scope:
            parts.append("[account NAME] [kind KIND]")
        if self.span:
            parts.append("[7d]")
        return " ".join(parts)


SCHEMA: dict[Command, Grammar] = {
    grammar.command: grammar
    for grammar in (
        Grammar(command=Command.PAIR, argument=Argument.NEW_NAME, code=True),
        Grammar(command=Command.STATUS, argument=Argument.FILTER, share=True),
        Grammar(command=Command.LIST, argument=Argument.FILTER),
        Grammar(command=Command.HISTORY, argument=Argument.DEVICE, span=True),
        Grammar(command=Command.CHECK, argument=Argument.NUMBERS, needed=True),
        Grammar(command=Command.RECONNECT, argument=Argument.DEVICE, needed=True),
        Grammar(command=Command.DISCONNECT, argument=Argument.DEVICE, needed=True),
        Grammar(command=Command.PAUSE, argument=Argument.DEVICE, needed=True),
        Grammar(command=Command.RESUME, argument=Argument.DEVICE, needed=True),
        Grammar(command=Command.CREATE, argument=Argument.NAME, needed=True),
        Grammar(command=Command.RENAME, argument=Argument.DEVICE, needed=True),
        Grammar(command=Command.UNLINK, argument=Argument.DEVICE, needed=True),
        Grammar(command=Command.DELETE, argument=Argument.DEVICE, needed=True),
        Grammar(command=Command.ACK, argument=Argument.ALERT),
        Grammar(command=Command.MUTE, argument=Argument.DEVICE, scope=True, needed=True),
        Grammar(command=Command.UNMUTE, argument=Argument.DEVICE, scope=True, needed=True),
        Grammar(command=Command.SUBSCRIBE, argument=Argument.DEVICE, scope=True),
        Grammar(command=Command.UNSUBSCRIBE, argument=Argument.DEVICE, scope=True),
        Grammar(command=Command.SUBSCRIPTIONS),
        Grammar(command=Command.WEBHOOKS),
        Grammar(command=Command.HELP),
    )
}


OTHER_WORDS = {
    "connect": Command.RECONNECT,
    "logout": Command.UNLINK,
    "remove": Command.DELETE,
    "devices": Command.LIST,
    "alerts": Command.ACK,
    "take": Command.ACK,
}
"""What people type who know the ``wuts`` command, or the buttons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """A command that was understood.

    Attributes:
        command: Which.
        argument: What followed it, or empty.
        phone: What followed ``code``, or None.
        link: Whether the device is to be paired by a link.
        share: Whether everybody in the channel is to see the answer.
        account: What followed ``account``, or empty.
        kind: What followed ``kind``, in small letters, or empty.
        days: The span that was asked for, or None.
    """

    command: Command
    argument: str = ""
    phone: str | None = field(default=None, repr=False)
    link: bool = False
    share: bool = False
    account: str = ""
    kind: str = ""
    days: int | None = None


class MistakeKind(StrEnum):
    """What can be wrong with a command."""

    UNKNOWN = "unknown"
    ARGUMENT_MISSING = "argument_missing"
    TOO_MUCH = "too_much"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """A command that was not understood.

    Attributes:
        kind: Why.
        word: The word that names no command, or empty.
        command: The nearest command, or the one that lacks something; None when none is near.
    """

    kind: MistakeKind
    word: str = ""
    command: Command | None = None


def parse(text: str) -> Invocation | Mistake:
    """Read what follows ``/wuts``; nothing at all asks for help."""
    word, _, rest = text.strip().partition(" ")
    if not word:
        return Invocation(command=Command.HELP)
    said = OTHER_WORDS.get(word.lower(), word.lower())
    if said not in set(Command):
        return Mistake(kind=MistakeKind.UNKNOWN, word=word, command=_nearest(word))
    return _read(SCHEMA[Command(said)], rest)


def _read(grammar: Grammar, rest: str) -> Invocation | Mistake:
    share = grammar.share and _SHARE.search(rest) is not None
    if share:
        rest = _SHARE.sub(" ", rest)
    # A no-break space holds one number together.
    numbers = grammar.argument is Argument.NUMBERS
    argument = rest.strip() if numbers else " ".join(rest.split())
    phone = None
    match = _CODE.fullmatch(argument) if grammar.code else None
    if match:
        argument, phone = match["device"] or "", match["phone"]
    link = _LINK.fullmatch(argument) if grammar.code and not match else None
    if link:
        argument = link["device"]
    if argument and grammar.argument is None:
        return Mistake(kind=MistakeKind.TOO_MUCH, command=grammar.command)
    if not argument and (grammar.needed or phone):
        return Mistake(kind=MistakeKind.ARGUMENT_MISSING, command=grammar.command)
    scope: dict[str, str] = {}
    if grammar.scope:
        scope = {name.lower(): value for name, value in _SCOPE.findall(argument)}
        argument = _SCOPE.sub("", argument).strip()
    span = _SPAN.search(argument) if grammar.span else None
    if span:
        argument = argument[: span.start()]
    return Invocation(
        command=grammar.command,
        argument=argument,
        phone=phone,
        link=bool(link),
        share=share,
        account=scope.get("account", ""),
        kind=scope.get("kind", "").lower().replace("-", "_"),
        days=int(span[1]) if span else None,
    )


def _nearest(word: str) -> Command | None:
    near = difflib.get_close_matches(word.lower(), list(Command), n=1, cutoff=0.5)
    return Command(near[0]) if near else None
