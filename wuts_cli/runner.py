"""Runs a command's asynchronous part, and turns whatever ends it into an exit code."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import typer

from wuts import WutsClient
from wuts.errors import WutsError

from .errors import CliError
from .exit_codes import ExitCode
from .failures import failure_of
from .output import Output
from .settings import read_settings

type Work[T] = Callable[[WutsClient], Awaitable[T]]


def run[T](work: Work[T], output: Output) -> T:
    """Return what ``work`` returns, given a client for the gateway that the environment names.

    Raises:
        typer.Exit: It failed; that was told.
    """
    with telling_failures(output):
        return asyncio.run(_run_with_client(work))


@contextmanager
def telling_failures(output: Output) -> Iterator[None]:
    """Tell an expected error and exit; a traceback is for nobody.

    Raises:
        typer.Exit: An error was told, or the process was told to end.
    """
    try:
        yield
    except (WutsError, CliError) as error:
        failure = failure_of(error)
        output.fail(failure)
        raise typer.Exit(failure.exit_code) from None
    except asyncio.CancelledError:
        raise typer.Exit(ExitCode.TERMINATED) from None


async def _run_with_client[T](work: Work[T]) -> T:
    _end_cleanly_when_told()
    settings = read_settings(os.environ)
    async with WutsClient(settings.token, base_url=settings.base_url) as client:
        return await work(client)


def _end_cleanly_when_told() -> None:
    """Let the signals that end a process leave the terminal and the files as they were.

    One that is ignored stays so: that is how ``nohup`` works.
    """
    task = asyncio.current_task()
    if task is None:
        return
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
