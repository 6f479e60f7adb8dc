"""``wuts watch``: keeps all sessions up until it is stopped."""

from typing import Annotated

import typer

from wuts.supervisor import SupervisorSettings
from wuts_cli.output import Output
from wuts_cli.runner import reporting_failures, run
from wuts_cli.watching import watch_account

from . import JsonOption

LONGEST = 31 * 24 * 3600.0
"""Seconds, at most, for any time."""

MOST_CALLS = 100
"""Calls at once that the client has connections for."""

STOP_TIMEOUT = 0.5
"""Seconds for the last events and the last save, so that Ctrl-C ends the command within two."""

_DEFAULTS = SupervisorSettings()

StoreOption = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="Where to remember alerts and pauses: sqlite:///FILE or postgresql://…",
        show_default="nothing",
    ),
]
IntervalOption = Annotated[
    float, typer.Option(metavar="SECONDS", max=LONGEST, help="How often to look at the devices.")
]
BaseOption = Annotated[
    float,
    typer.Option(metavar="SECONDS", max=LONGEST, help="The longest wait before a first reconnect."),
]
CapOption = Annotated[
    float,
    typer.Option(metavar="SECONDS", max=LONGEST, help="The longest wait before any reconnect."),
]
DebounceOption = Annotated[
    float,
    typer.Option(
        metavar="SECONDS", max=LONGEST, help="How long an outage lasts before it becomes an alert."
    ),
]
RemindOption = Annotated[
    float,
    typer.Option(
        "--remind-after", metavar="SECONDS", max=LONGEST, help="From an alert to its reminder."
    ),
]
ConcurrencyOption = Annotated[
    int, typer.Option(metavar="CALLS", max=MOST_CALLS, help="Calls about devices at the same time.")
]


def watch(  # noqa: PLR0913 - one parameter an option
    *,
    store: StoreOption = None,
    interval: IntervalOption = _DEFAULTS.interval,
    base: BaseOption = _DEFAULTS.base,
    cap: CapOption = _DEFAULTS.cap,
    debounce: DebounceOption = _DEFAULTS.debounce,
    remind_after: RemindOption = _DEFAULTS.remind_after,
    concurrency: ConcurrencyOption = _DEFAULTS.account_concurrency,
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
    run(lambda client: watch_account(client, settings, store, output), output)
