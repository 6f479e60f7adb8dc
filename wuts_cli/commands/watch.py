"""``wuts watch``: keeps all sessions up until it is stopped."""

from typing import Annotated, Any

import typer

from wuts.supervisor import SupervisorSettings
from wuts_cli.output import Output
from wuts_cli.runner import reporting_failures, run
from wuts_cli.watching import watch_account

from . import JsonOption, StoreOption

LONGEST = 31 * 24 * 3600.0
"""Seconds, at most, for any time."""

MOST_CALLS = 100
"""Calls at once that the client has connections for."""

STOP_TIMEOUT = 0.5
"""Seconds for the last events and the last save, so that Ctrl-C ends the command within two."""

_DEFAULTS = SupervisorSettings()


def _seconds(meaning: str) -> Any:  # noqa: ANN401 - as Typer declares it
    return typer.Option(metavar="SECONDS", max=LONGEST, help=meaning)


_CONCURRENCY = typer.Option(
    metavar="CALLS", max=MOST_CALLS, help="Calls about devices at the same time."
)


def watch(  # noqa: PLR0913 - one parameter an option
    *,
    store: StoreOption = None,
    interval: Annotated[float, _seconds("How often to look at the devices.")] = _DEFAULTS.interval,
    base: Annotated[float, _seconds("The longest wait before a first reconnect.")] = _DEFAULTS.base,
    cap: Annotated[float, _seconds("The longest wait before any reconnect.")] = _DEFAULTS.cap,
    debounce: Annotated[
        float, _seconds("How long an outage lasts before it becomes an alert.")
    ] = _DEFAULTS.debounce,
    remind_after: Annotated[
        float, _seconds("From an alert to its reminder.")
    ] = _DEFAULTS.remind_after,
    concurrency: Annotated[int, _CONCURRENCY] = _DEFAULTS.account_concurrency,
    wait: Annotated[
        bool,
        typer.Option(
            "--wait/--no-wait",
            help="Wait while another process watches with the same store, or exit with 4.",
        ),
    ] = True,
    json: JsonOption = False,
) -> None:
    """Watch all devices: reconnect those that drop, and say which must be paired again."""
    output = Output(json=json)
    with reporting_failures(output):
        settings = SupervisorSettings(
            interval=interval,
            base=base,
            cap=cap,
            debounce=debounce,
            remind_after=remind_after,
            concurrency=concurrency,
            account_concurrency=concurrency,
            stop_timeout=STOP_TIMEOUT,
        )
    # It makes requests for days; a command that makes one does not load aiohttp for that.
    from wuts.http.aiohttp_transport import aiohttp_transport  # noqa: PLC0415

    run(
        lambda client: watch_account(client, settings, store, output, waits=wait),
        output,
        http_transport=aiohttp_transport,
    )
