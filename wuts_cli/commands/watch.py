"""``wuts watch``: keeps all sessions up until it is stopped."""

from pathlib import Path
from typing import Annotated, Any

import typer

from wuts.supervisor import SupervisorSettings
from wuts_cli.alerting import NOBODY, told_of_all
from wuts_cli.errors import UsageError
from wuts_cli.output import Output
from wuts_cli.runner import reporting_failures, run, run_alone
from wuts_cli.watching import watch_account
from wuts_cli.watching.calls import MOST_CALLS, MOST_SHARED_CALLS

from . import JsonOption, NotifyOption, StoreOption

LONGEST = 31 * 24 * 3600.0
"""Seconds, at most, for any time."""

STOP_TIMEOUT = 0.5
"""Seconds for the last events and the last save, so that Ctrl-C ends the command within two."""

_DEFAULTS = SupervisorSettings()


def _seconds(meaning: str) -> Any:  # noqa: ANN401 - as Typer declares it
    return typer.Option(metavar="SECONDS", max=LONGEST, help=meaning)


_CONFIG = typer.Option(
    metavar="FILE",
    envvar="WUTS_CONFIG",
    help="Watch the accounts of this TOML file, instead of WUTS_TOKEN's.",
    show_default="none",
)
_SHARE = typer.Option(
    "--share", help="Share the accounts of --config out with others that use the same PostgreSQL."
)
_LEASE = typer.Option(
    metavar="SECONDS",
    envvar="WUTS_LEASE",
    help="After how long another process may take over from this one if PostgreSQL does not hear "
    "it.",
    show_default="10, or what --config says",
)
_CONCURRENCY = typer.Option(
    metavar="CALLS",
    max=MOST_SHARED_CALLS,
    help=f"Calls about devices at the same time, {MOST_CALLS} at most; with --share, of all "
    "processes together.",
)


def watch(  # noqa: PLR0913 - one parameter an option
    *,
    store: StoreOption = None,
    config: Annotated[Path | None, _CONFIG] = None,
    share: Annotated[bool, _SHARE] = False,
    lease: Annotated[float | None, _LEASE] = None,
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
    notify: NotifyOption = None,
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
        if concurrency > MOST_CALLS and not share:
            raise UsageError(f"--concurrency above {MOST_CALLS} needs --share.")
        settings = SupervisorSettings(
            interval=interval,
            base=base,
            cap=cap,
            debounce=debounce,
            remind_after=remind_after,
            concurrency=concurrency,
            account_concurrency=min(concurrency, MOST_CALLS),
            stop_timeout=STOP_TIMEOUT,
        )
    if config is not None or share:
        _watch_config(
            config, settings, store, output, notify or [], lease=lease, share=share, waits=wait
        )
        return
    alerting = NOBODY
    if notify:
        with reporting_failures(output):
            alerting = told_of_all(notify)
    # It makes requests for days; a command that makes one does not load aiohttp for that.
    from wuts.http.aiohttp_transport import aiohttp_transport  # noqa: PLC0415

    run(
        lambda client: watch_account(
            client, settings, store, output, lease=lease, waits=wait, alerting=alerting
        ),
        output,
        http_transport=aiohttp_transport,
    )


def _watch_config(  # noqa: PLR0913 - what the command was told
    file: Path | None,
    settings: SupervisorSettings,
    address: str | None,
    output: Output,
    notify: list[str],
    *,
    lease: float | None,
    share: bool,
    waits: bool,
) -> None:
    """Watch the accounts of a file, or this process's share of them."""
    with reporting_failures(output):
        if file is None:
            raise UsageError("--share needs --config FILE: the file names the accounts.")
        # Whoever watches one account needs none of it.
        from wuts_cli.config import read_config  # noqa: PLC0415
        from wuts_cli.watching.watch_accounts import watch_accounts  # noqa: PLC0415

        config = read_config(file)
        alerting = config.alerting(notify)
    lease = config.lease if lease is None else lease
    run_alone(
        lambda: watch_accounts(
            config,
            settings,
            address or config.address,
            output,
            lease=lease,
            share=share,
            waits=waits,
            alerting=alerting,
        ),
        output,
    )
