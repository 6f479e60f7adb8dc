"""What each command does; `register` adds them to the application."""

import inspect
import os
from collections.abc import Callable, Sequence
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

DeviceArgument = Annotated[str, typer.Argument(metavar="DEVICE", help="The device's id or name.")]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print JSON lines for scripts, one event per line.")
]
StoreOption = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        envvar="WUTS_STORE",
        help="The store that wuts watch uses: sqlite:///FILE or postgresql://…",
        show_default="none",
    ),
]
AccountOption = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="The token's account, as wuts watch --config names it.",
        show_default="the one of wuts watch without --config",
    ),
]
ConfigOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        envvar="WUTS_CONFIG",
        help="A TOML file with accounts, receivers and routes.",
        show_default="none",
    ),
]
NotifyOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="URL",
        envvar="WUTS_NOTIFY",
        help="Send every alert to this address, such as mailto://…. Can be given more than "
        "once. Everybody on the machine can read a command line: put passwords in "
        "WUTS_NOTIFY.",
        show_default="nobody",
    ),
]
CountryOption = Annotated[
    str | None,
    typer.Option(
        metavar="COUNTRY",
        envvar="WUTS_COUNTRY",
        help="The country of numbers without a country code, such as BR.",
        show_default="from the locale",
    ),
]
CaFileOption = Annotated[
    Path | None,
    typer.Option(
        metavar="PATH",
        help="Also trust the certificate authorities in this PEM file, like WUTS_CA_FILE.",
        show_default="none",
    ),
]

COMMANDS = {
    "devices": "reading",
    "create": "changing",
    "pair": "pair",
    "status": "reading",
    "connect": "changing",
    "disconnect": "changing",
    "logout": "changing",
    "check": "reading",
    "send": "messaging",
    "groups": "messaging",
    "contacts": "messaging",
    "watch": "watch",
    "pause": "ordering",
    "resume": "ordering",
    "keep-phone": "phones",
    "alerts": "alerting",
    "ack": "alerting",
    "mute": "alerting",
    "unmute": "alerting",
    "history": "history",
    "receivers": "receivers",
    "doctor": "doctor",
}
"""Every command and its module, in the order in which a person needs them."""


def register(app: typer.Typer, arguments: Sequence[str]) -> None:
    """Add the command that ``arguments`` begin with, or all where they begin with none.

    The others are not even imported: that would take up to a third of the time to start.
    """
    wanted = arguments[0] if arguments else None
    for name in (wanted,) if wanted in COMMANDS else COMMANDS:
        module = import_module(f".{COMMANDS[name]}", __package__)
        app.command()(_with_ca_file(getattr(module, name.replace("-", "_"))))


def _with_ca_file(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the option that all have: it stands for the variable."""

    @wraps(command)
    def run(*arguments: object, ca_file: Path | None = None, **options: object) -> None:
        if ca_file is not None:
            os.environ["WUTS_CA_FILE"] = str(ca_file)
        command(*arguments, **options)

    known = inspect.signature(command, eval_str=True)
    more = inspect.Parameter(
        "ca_file", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=CaFileOption
    )
    parameters = [*known.parameters.values(), more]
    vars(run)["__signature__"] = known.replace(parameters=parameters)
    run.__annotations__ = {one.name: one.annotation for one in parameters} | {"return": None}
    return run
