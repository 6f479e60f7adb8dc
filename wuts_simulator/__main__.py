"""The command ``wuts-simulator``: turns its flags into `Settings`, and serves until stopped."""

import asyncio
import errno
import json
import logging
import os
import signal
import sys
from argparse import ArgumentParser, ArgumentTypeError, BooleanOptionalAction
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Annotated, Any, NoReturn, override

from pydantic import Field, FiniteFloat, TypeAdapter, ValidationError

from .device import parse_role, split_user
from .errors import InvalidError
from .server import Simulator
from .settings import DialectName, Settings, Signed

TOKEN_VARIABLE = "WUTS_SIMULATOR_TOKEN"  # noqa: S105 - the name of a variable, not a token
DEFAULT_PORT = 8471
_DEFAULT_TENANT = "home"

type _Port = Annotated[int, Field(ge=0, le=65535)]
type _Bytes = Annotated[int, Field(ge=0)]
type _Duration = Annotated[FiniteFloat, Field(ge=0)]
type _Period = Annotated[FiniteFloat, Field(gt=0)]

_DEFAULTS = Settings()
_DURATIONS = {
    "--qr-first-life": "life of a pairing's first QR (default: the dialect's, 60 or 30)",
    "--qr-life": "life of later QRs (default: the dialect's, 60 or 30)",
    "--qr-latency": "time that /qr takes",
    "--pair-code-life": "life of a pair code",
    "--pair-code-latency": "time that /paircode takes",
    "--connecting-for": "how long a device is `connecting` after a scan",
    "--drops-after": "how long a link that drops stays up",
    "--connect-latency": "time that /connect takes to bring a session back",
    "--latency": "minimum time of every answer",
    "--webhook-backoff": "pause before the first retry of a webhook; it doubles each time",
}


def main() -> None:
    """Run the command and exit: 0 when stopped, 1 if it cannot serve, 2 for a wrong flag."""
    settings, as_json = parse(sys.argv[1:], os.environ)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        asyncio.run(_serve(settings, as_json=as_json))
    except OSError as error:
        sys.exit(f"wuts-simulator: {_advice(error, settings)}")


async def _serve(settings: Settings, *, as_json: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with Simulator(settings) as simulator:
        print(_announcement(simulator, as_json=as_json), flush=True)  # noqa: T201 - its output
        await stop.wait()


def _announcement(simulator: Simulator, *, as_json: bool) -> str:
    """Say where it is. A token is shown only if it was made here: nobody else knows it."""
    settings = simulator.settings
    made = {} if settings.tokens else {"token": simulator.token}
    where = {"url": simulator.url, "phone_page": f"{simulator.url}/phone", **made}
    if as_json:
        return json.dumps(where)
    lines = [
        f"WUTS simulator ({settings.dialect}) at {where['url']}",
        f"Phone page: {where['phone_page']}",
        *(f"Token: {token}" for token in made.values()),
    ]
    return "\n".join(lines)


def _advice(error: OSError, settings: Settings) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {settings.port} is in use; choose another with --port, or 0 for any"
    if error.errno == errno.EACCES:
        return f"port {settings.port} needs root; choose one above 1023 with --port"
    return f"cannot listen on {settings.host}: {error.strerror}"


def parse(arguments: Sequence[str], environment: Mapping[str, str]) -> tuple[Settings, bool]:
    """Return the settings, and whether to answer in JSON; a wrong flag exits with status 2."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    tokens: list[tuple[str, str]] = chosen.tokens
    token = environment.get(TOKEN_VARIABLE)
    if token:
        tokens.append((_DEFAULT_TENANT, token))
    owners: dict[str, tuple[str, str]] = {}
    for name, text in tokens:
        user = split_user(name)
        if owners.setdefault(text, user) != user:
            parser.error(f"{name} has the same token as another user; give each its own")
    values = {field.name: getattr(chosen, field.name) for field in fields(Settings)}
    return Settings(**values | {"tokens": tuple(tokens)}), chosen.json


class _Parser(ArgumentParser):
    """Says what is wrong in one line, without all of the usage."""

    @override
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see --help\n")


def _parser() -> ArgumentParser:
    parser = _Parser(
        prog="wuts-simulator",
        description="A local WUTS gateway with a phone page, for development and tests.",
        epilog=f"The variable {TOKEN_VARIABLE} can hold a token of the tenant home.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--host", default=_DEFAULTS.host, help="address to bind (default: %(default)s)")
    words = "port to bind, 0 for any (default: %(default)s)"
    add("--port", type=_checked(_Port), default=DEFAULT_PORT, help=words)
    words = "a token of a tenant, or of a user as NAME/USER[:ROLE]=TOKEN; repeatable"
    name = "NAME=TOKEN"
    add(
        "--token", dest="tokens", type=_token, metavar=name, action="append", default=[], help=words
    )
    add("--control", action="store_true", help="serve the control API under /_sim/")
    add("--json", action="store_true", help="print the address as one line of JSON")
    words = "which spelling of the contract: %(choices)s (default: %(default)s)"
    dialects = list(DialectName)
    add("--dialect", type=DialectName, choices=dialects, default=_DEFAULTS.dialect, help=words)
    words = "draw the QR in /qr; otherwise its image is empty (default: yes)"
    add("--qr-image", action=BooleanOptionalAction, default=True, help=words)
    words = "how far the gateway's clock is ahead; negative for behind (default: 0)"
    add("--clock-skew", type=_checked(FiniteFloat), metavar="SECONDS", default=0.0, help=words)
    words = "what a delivery's signature is made of: %(choices)s (default: %(default)s)"
    signs = list(Signed)
    add("--webhook-signs", type=Signed, choices=signs, default=_DEFAULTS.webhook_signs, help=words)
    for call in ("logout", "disconnect", "webhook"):
        words = f"/{call} heeds device_id (default: yes)"
        add(f"--{call}-heeds-device-id", action=BooleanOptionalAction, default=True, help=words)
    words = "queue videos and audio that are larger (default: never)"
    add("--queue-media-over", type=_checked(_Bytes), metavar="BYTES", help=words)
    add("--allow-http-webhooks", action="store_true", help="allow webhooks at http:// addresses")
    add("--seed", type=int, help="make ids, QRs and codes predictable")
    add("--adversary", type=int, metavar="SEED", help="misbehave at random, by this seed")
    add(
        "--adversary-period",
        type=_checked(_Period),
        metavar="SECONDS",
        default=_DEFAULTS.adversary_period,
        help="how long each bad period lasts (default: %(default)g)",
    )
    for flag, meaning in _DURATIONS.items():
        default = getattr(_DEFAULTS, flag.removeprefix("--").replace("-", "_"))
        words = meaning if default is None else f"{meaning} (default: {default:g})"
        add(flag, type=_checked(_Duration), metavar="SECONDS", default=default, help=words)
    return parser


def _token(text: str) -> tuple[str, str]:
    name, equals, token = text.partition("=")
    # The text itself is not repeated: it may be a token.
    if not (split_user(name)[0] and equals and token):
        raise ArgumentTypeError("must be NAME=TOKEN")
    try:
        parse_role(name)
    except InvalidError as error:
        raise ArgumentTypeError(str(error)) from error
    return name, token


def _checked(kind: Any) -> Callable[[str], Any]:  # noqa: ANN401 - whatever pydantic knows
    """Return what reads a flag's value as pydantic does, and says what is wrong in one line."""
    adapter: TypeAdapter[Any] = TypeAdapter(kind)

    def read(text: str) -> Any:  # noqa: ANN401 - of that kind
        try:
            return adapter.validate_python(text)
        except ValidationError as error:
            raise ArgumentTypeError(error.errors()[0]["msg"]) from error

    return read


if __name__ == "__main__":
    main()
