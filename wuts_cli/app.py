"""The command line as a whole: commands, version, and how any error ends."""

import errno
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from typer.main import get_command

from . import commands
from .errors import ExitCode, OutputLostError
from .output import complain, give_up_stdout, prepare_streams

PROGRAM = "wuts"

_ENVIRONMENT = (
    "Set WUTS_TOKEN to the token, or WUTS_TOKEN_FILE to a file that holds it. "
    "WUTS_BASE_URL selects another gateway, WUTS_CA_FILE a file of certificate authorities "
    "to trust. WUTS_COUNTRY is the country of numbers without a country code."
)


def run_app(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit code; no other error leaves it.

    Raises:
        ImportError: A package is missing.
    """
    prepare_streams()
    try:
        return _run(arguments)
    except OutputLostError as error:
        return _end_unheard(error)
    except ImportError:
        raise
    except Exception as error:  # noqa: BLE001 - a traceback could show a secret, and helps nobody
        complain(f"This should not have happened ({_describe(error)}). Please report it.")
        return ExitCode.REFUSED


def _run(arguments: Sequence[str]) -> int:
    """Run it; Typer returns the code of an `Exit`, 130 when interrupted, and nothing when done."""
    command = get_command(_make_app(arguments))
    try:
        code = command.main(list(arguments), PROGRAM, standalone_mode=False)
    except typer.TyperException as error:
        _tell_usage(error)
        return error.exit_code
    return int(code or ExitCode.DONE)


def _make_app(arguments: Sequence[str]) -> typer.Typer:
    app = typer.Typer(
        name=PROGRAM, epilog=_ENVIRONMENT, add_completion=False, pretty_exceptions_enable=False
    )
    app.callback()(_root)
    commands.register(app, arguments)
    return app


def _print_version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"{PROGRAM} {version(PROGRAM)}")
        raise typer.Exit


def _root(
    *,
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=lambda wanted: _print_version(wanted=wanted),
            is_eager=True,
            help="Show the version and exit.",
        ),
    ] = False,
) -> None:
    """Pair WhatsApp devices behind a WUTS gateway, and keep them connected."""


def _tell_usage(error: typer.TyperException) -> None:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else PROGRAM
    message = " ".join(error.format_message().split())
    end = "" if message.endswith((".", "?")) else "."
    complain(f"{message}{end} See: {path} --help")


def _end_unheard(error: OutputLostError) -> int:
    """End without a word to a closed pipe; a full disk is worth one on stderr."""
    give_up_stdout()
    if error.cause.errno == errno.EPIPE:
        return ExitCode.PIPE_CLOSED
    complain(f"The output cannot be written: {error.cause.strerror}.")
    return ExitCode.REFUSED


def _describe(error: Exception) -> str:
    """Name the error's kind and place; its words could hold a secret."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f" at {Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else ""
    return f"{type(error).__name__}{where}, {PROGRAM} {version(PROGRAM)}"
