"""Runs a command's asynchronous part, and turns whatever ends it into an exit code."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import typer

from wuts import WutsClient, find_device
from wuts.errors import WutsError
from wuts.http.observer import OnCall
from wuts.http.pool import MakeTransport
from wuts.models import Device

from .errors import CliError, ExitCode, failure_of
from .output import Output
from .settings import read_settings


def run[T](
    work: Callable[[WutsClient], Awaitable[T]],
    output: Output,
    *,
    http_transport: MakeTransport | None = None,
    on_call: OnCall | None = None,
) -> T:
    """Return what ``work`` returns, given a client for the gateway of the environment.

    Args:
        work: What to do.
        output: Where failures are reported.
        http_transport: See `WutsClient`.
        on_call: See `WutsClient`.

    Raises:
        typer.Exit: It failed, and the person knows.
    """
    with reporting_failures(output):
        return asyncio.run(_run_with_client(work, http_transport, on_call))


def run_alone(work: Callable[[], Awaitable[None]], output: Output) -> None:
    """Do what needs no client of the environment's, until something ends the process.

    Raises:
        typer.Exit: It failed, and the person knows.
    """

    async def work_until_told() -> None:
        _end_cleanly_when_told()
        await work()

    with reporting_failures(output):
        asyncio.run(work_until_told())


def run_on_device[T](
    work: Callable[[WutsClient, Device], Awaitable[T]], wanted: str, output: Output
) -> T:
    """Do as `run`, with the device of that id or name.

    Raises:
        typer.Exit: It failed, and the person knows.
    """

    async def work_on_device(client: WutsClient) -> T:
        return await work(client, await find(client, wanted))

    return run(work_on_device, output)


async def find(client: WutsClient, wanted: str) -> Device:
    """Return the device of that id or name.

    Raises:
        UnknownDeviceError: There is none.
        AmbiguousDeviceError: There are several.
        WutsError: The gateway did not list its devices.
    """
    return find_device(await client.list_devices(), wanted)


@contextmanager
def reporting_failures(output: Output) -> Iterator[None]:
    """Report an expected error, without a traceback, and exit.

    Raises:
        typer.Exit: An error was reported, or the process was told to end.
    """
    try:
        yield
    except (WutsError, CliError) as error:
        raise typer.Exit(output.fail(failure_of(error))) from None
    except asyncio.CancelledError:
        raise typer.Exit(ExitCode.TERMINATED) from None


async def _run_with_client[T](
    work: Callable[[WutsClient], Awaitable[T]],
    http_transport: MakeTransport | None,
    on_call: OnCall | None,
) -> T:
    _end_cleanly_when_told()
    settings = read_settings(os.environ)
    async with WutsClient(
        settings.token,
        base_url=settings.base_url,
        ca_file=settings.ca_file,
        http_transport=http_transport,
        on_call=on_call,
    ) as client:
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
