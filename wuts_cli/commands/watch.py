"""``wuts watch``: keeps all sessions up until it is stopped."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wuts.operations.logs import LogFormat
from wuts.supervisor import SupervisorSettings
from wuts_cli.alerting import NOBODY, Alerting, told_of_all
from wuts_cli.errors import UsageError
from wuts_cli.logs import begin_log, password_of
from wuts_cli.output import Output
from wuts_cli.runner import reporting_failures, run, run_alone
from wuts_cli.settings import read_settings
from wuts_cli.store import ACCOUNT, default_address
from wuts_cli.watching import watch_account
from wuts_cli.watching.beside import beside
from wuts_cli.watching.calls import MOST_CALLS, MOST_SHARED_CALLS

from . import JsonOption, NotifyOption, StoreOption

if TYPE_CHECKING:
    from wuts_cli.config import WatchConfig
    from wuts_cli.service.listen import Listen

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
    "--share",
    help="Share the accounts of --config with other processes that use the same PostgreSQL.",
)
_LEASE = typer.Option(
    metavar="SECONDS",
    envvar="WUTS_LEASE",
    help="How long PostgreSQL can lose touch with this process before another takes over.",
    show_default="10, or what --config says",
)
_LISTEN = typer.Option(
    metavar="HOST:PORT",
    help="Serve /healthz, /readyz and more at this address, and receive the gateway's webhooks.",
    show_default="none",
)
_LOG_FORMAT = typer.Option(
    envvar="WUTS_LOG_FORMAT",
    help="Write a log to stderr, as text or JSON lines.",
    show_default="text with --listen, else none",
)
_CONCURRENCY = typer.Option(
    metavar="CALLS",
    max=MOST_SHARED_CALLS,
    help=f"Concurrent calls about devices, {MOST_CALLS} at most. With --share, those of all "
    "processes together.",
)


def watch(  # noqa: PLR0913 - one parameter an option
    *,
    store: StoreOption = None,
    config: Annotated[Path | None, _CONFIG] = None,
    share: Annotated[bool, _SHARE] = False,
    lease: Annotated[float | None, _LEASE] = None,
    interval: Annotated[float, _seconds("How often to check the devices.")] = _DEFAULTS.interval,
    base: Annotated[float, _seconds("The longest wait before a first reconnect.")] = _DEFAULTS.base,
    cap: Annotated[float, _seconds("The longest wait before any reconnect.")] = _DEFAULTS.cap,
    debounce: Annotated[
        float, _seconds("How long an outage lasts before it becomes an alert.")
    ] = _DEFAULTS.debounce,
    remind_after: Annotated[
        float, _seconds("How long after an alert to send a reminder.")
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
    listen: Annotated[str | None, _LISTEN] = None,
    log_format: Annotated[LogFormat | None, _LOG_FORMAT] = None,
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
        file = _read_config(config, share=share)
        place = _listen(listen, file)
        store = store or (file.address if file else None) or default_address(os.environ)
        alerting = _alerting(notify or [], file, place)
        _begin_log(log_format, file, place, [password_of(store), *(notify or [])], output)
        wanted = beside(place, file.accounts if file else [ACCOUNT])
    if file is not None:
        from wuts_cli.watching.watch_accounts import watch_accounts  # noqa: PLC0415 - as below

        run_alone(
            lambda: watch_accounts(
                file,
                settings,
                store,
                output,
                lease=file.lease if lease is None else lease,
                share=share,
                waits=wait,
                wanted=wanted,
                alerting=alerting,
            ),
            output,
        )
        return
    # It makes requests for days; a command that makes one does not load aiohttp for that.
    from wuts.http.aiohttp_transport import aiohttp_transport  # noqa: PLC0415

    run(
        lambda client: watch_account(
            client,
            settings,
            store,
            output,
            lease=lease,
            waits=wait,
            wanted=wanted,
            alerting=alerting,
        ),
        output,
        http_transport=aiohttp_transport,
        on_call=wanted.on_call,
    )


def _read_config(file: Path | None, *, share: bool) -> "WatchConfig | None":
    """Return what the file of accounts says, if one was named.

    Raises:
        UsageError: One is needed.
        SettingsError: It is wrong.
    """
    if file is None and share:
        raise UsageError("--share needs --config FILE: the file names the accounts.")
    if file is None:
        return None
    # Whoever watches one account needs none of it.
    from wuts_cli.config import read_config  # noqa: PLC0415

    return read_config(file)


def _alerting(notify: list[str], config: "WatchConfig | None", place: "Listen | None") -> Alerting:
    """Return who gets alerts.

    Raises:
        UsageError, SettingsError: An address or a route makes no sense.
    """
    board = place.public_url or None if place else None
    if config is not None:
        return config.alerting(notify, dashboard_url=board)
    return told_of_all(notify, dashboard_url=board) if notify else NOBODY


def _listen(option: str | None, config: "WatchConfig | None") -> "Listen | None":
    """Return where to listen, or None.

    Raises:
        UsageError, SettingsError: See `read_listen`.
    """
    settings = config.listen if config else None
    if (
        option is None
        and settings is None
        and not any(name.startswith("WUTS_LISTEN__") for name in os.environ)
    ):
        return None
    from wuts_cli.service.listen import read_listen  # noqa: PLC0415 - a web server takes time to load

    return read_listen(option, settings, os.environ)


def _begin_log(
    kind: LogFormat | None,
    config: "WatchConfig | None",
    place: "Listen | None",
    secrets: list[str],
    output: Output,
) -> None:
    """Write a log if it is wanted: by its format, or since there is a service and no screen."""
    kind = kind or (config.log_format if config else None)
    if kind is None and (place is None or output.is_screen):
        return
    tokens = config.secrets() if config else [read_settings(os.environ).token]
    begin_log(kind or LogFormat.TEXT, [*tokens, *secrets, *(place.secrets if place else ())])
