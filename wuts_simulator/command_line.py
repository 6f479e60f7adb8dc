"""The flags of ``wuts-simulator``, turned into `Settings`."""

import math
import os
from argparse import ArgumentParser, ArgumentTypeError, BooleanOptionalAction, Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn, override

from .dialects import DialectName
from .settings import Settings
from .tenants import split_user

TOKEN_VARIABLE = "WUTS_SIMULATOR_TOKEN"  # noqa: S105 - the name of a variable, not a token
DEFAULT_PORT = 8471
_DEFAULT_TENANT = "home"
_HIGHEST_PORT = 65535

_DEFAULTS = Settings()
# Flag, setting and what it says in --help; each takes seconds.
_DURATIONS = (
    ("--qr-first-life", "life of a pairing's first QR (default: the dialect's, 60 or 30)"),
    ("--qr-life", "life of the later QRs (default: the dialect's, 60 or 30)"),
    ("--qr-latency", "time that /qr takes"),
    ("--pair-code-life", "life of a pair code"),
    ("--pair-code-latency", "time that /paircode takes"),
    ("--connecting-for", "time a device is `connecting` after a scan"),
    ("--connect-latency", "time that /connect takes to bring a session back"),
    ("--latency", "least time of every answer"),
    ("--webhook-backoff", "pause before the first retry of a webhook; it doubles with each"),
)


@dataclass(frozen=True, slots=True)
class Command:
    """What the command line asks for.

    Attributes:
        settings: How the simulator behaves.
        json: Whether to say where it is as one line of JSON.
    """

    settings: Settings = field(repr=False)
    json: bool


def parse(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> Command:
    """Return what the command line asks for; a wrong one ends the program with status 2."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    tokens: list[tuple[str, str]] = chosen.token
    token = environment.get(TOKEN_VARIABLE)
    if token:
        tokens.append((_DEFAULT_TENANT, token))
    owners: dict[str, tuple[str, str]] = {}
    for name, text in tokens:
        user = split_user(name)
        if owners.setdefault(text, user) != user:
            parser.error(f"{name} has the same token as another user; give each one of its own")
    return Command(_settings(chosen, tuple(tokens)), chosen.json)


class _Parser(ArgumentParser):
    """Says what is wrong in one line, without all of the usage."""

    @override
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see --help\n")


def _settings(chosen: Namespace, tokens: tuple[tuple[str, str], ...]) -> Settings:
    durations = {_name(flag): getattr(chosen, _name(flag)) for flag, _ in _DURATIONS}
    return Settings(
        dialect=chosen.dialect,
        host=chosen.host,
        port=chosen.port,
        tokens=tokens,
        control=chosen.control,
        qr_image=chosen.qr_image,
        clock_skew=chosen.clock_skew,
        allow_http_webhooks=chosen.allow_http_webhooks,
        seed=chosen.seed,
        **durations,
    )


def _parser() -> ArgumentParser:
    parser = _Parser(
        prog="wuts-simulator",
        description="A local WUTS gateway with a phone page, for development and tests.",
        epilog=f"The variable {TOKEN_VARIABLE} may hold a token of the tenant home.",
        allow_abbrev=False,
    )
    _add_server_flags(parser)
    _add_behaviour_flags(parser)
    for flag, words in _DURATIONS:
        default = getattr(_DEFAULTS, _name(flag))
        told = words if default is None else f"{words} (default: {default:g})"
        parser.add_argument(flag, type=_duration, metavar="SECONDS", default=default, help=told)
    return parser


def _add_server_flags(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("--host", default=_DEFAULTS.host, help="address to bind (default: %(default)s)")
    words = f"port to bind, 0 for any (default: {DEFAULT_PORT})"
    add("--port", type=_port, default=DEFAULT_PORT, help=words)
    words = "a token of a tenant, or of one of its users as NAME/USER=TOKEN; repeatable"
    add("--token", type=_token, metavar="NAME=TOKEN", action="append", default=[], help=words)
    add("--control", action="store_true", help="serve the control API under /_sim/")
    add("--json", action="store_true", help="say where it is as one line of JSON")


def _add_behaviour_flags(parser: ArgumentParser) -> None:
    add = parser.add_argument
    dialects = list(DialectName)
    words = "whose spelling of the contract: %(choices)s (default: %(default)s)"
    add("--dialect", type=DialectName, choices=dialects, default=_DEFAULTS.dialect, help=words)
    words = "draw the QR in /qr, else its image is an empty text (default: yes)"
    add("--qr-image", action=BooleanOptionalAction, default=True, help=words)
    words = "how far the gateway's clock is ahead; negative for behind (default: 0)"
    add("--clock-skew", type=_number, metavar="SECONDS", default=0.0, help=words)
    words = "let webhooks have http:// addresses"
    add("--allow-http-webhooks", action="store_true", help=words)
    add("--seed", type=int, help="make ids, QRs and codes predictable")


def _name(flag: str) -> str:
    return flag.removeprefix("--").replace("-", "_")


def _token(text: str) -> tuple[str, str]:
    name, equals, token = text.partition("=")
    # The text itself is not repeated: it may be a token.
    if not (name.partition("/")[0] and equals and token):
        raise ArgumentTypeError("must be NAME=TOKEN")
    return name, token


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > _HIGHEST_PORT:
        raise ArgumentTypeError(f"must be a number from 0 to {_HIGHEST_PORT}")
    return int(text)


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ArgumentTypeError("must be a number of seconds")
    return number


def _duration(text: str) -> float:
    number = _number(text)
    if number < 0:
        raise ArgumentTypeError("must not be negative")
    return number
