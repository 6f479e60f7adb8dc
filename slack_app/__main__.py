"""``python -m slack_app`` and ``wuts-slack``: runs the app until somebody stops it."""

import httpx2

# Before anything imports httpx: core then uses the faster httpx2.
httpx2.alias_httpx()

import argparse  # noqa: E402
import asyncio  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
from contextlib import suppress  # noqa: E402
from pathlib import Path  # noqa: E402

from slack_sdk.errors import SlackApiError  # noqa: E402

from wuts.errors import WutsError  # noqa: E402
from wuts.supervisor.store.sql import SqlStore  # noqa: E402

from .app import RunningApp  # noqa: E402
from .checks import check_all  # noqa: E402
from .life_cycle import LifeCycle  # noqa: E402
from .manifest import ManifestSettings, manifest_of  # noqa: E402
from .operations.logs import set_up_logging  # noqa: E402
from .settings import TOML_FILE, Settings, SettingsError, load_settings, load_settings_of  # noqa: E402
from .slack.errors import slack_code  # noqa: E402

_SIGNALS = (signal.SIGINT, signal.SIGTERM)

INTERRUPTED = 130
"""What shells expect of a program that Ctrl+C ended."""


def main() -> None:
    """Run the app, check its settings, or print its manifest.

    Exits with 2 when it is set up wrongly, with 1 when it cannot begin or a check found something.
    """
    with suppress(KeyboardInterrupt):
        sys.exit(_run_command(_arguments()))
    sys.exit(INTERRUPTED)


def _run_command(arguments: argparse.Namespace) -> int:
    """Do what was asked for; return the exit code."""
    try:
        if arguments.command == "manifest":
            return _print_manifest(arguments.config)
        settings = load_settings(arguments.config)
    except SettingsError as error:
        return _say(str(error), 2)
    set_up_logging(settings.log_format, settings.secrets())
    run = _check if arguments.command == "check" else _run
    try:
        return asyncio.run(run(settings))
    except (WutsError, SlackApiError, OSError) as error:
        return _say(*_reason(error))


def _reason(error: WutsError | SlackApiError | OSError) -> tuple[str, int]:
    """Return why the app ends, and the exit code: 1 where it may be started again for it."""
    match error:
        case WutsError():
            return error.message, 2
        case SlackApiError():
            code = slack_code(error)
            return f"Slack refuses the app ({code}). Find out why: wuts-slack check", 2
    return f"The app cannot start: {error.strerror or error}", 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="wuts-slack", description="Pair and watch WhatsApp devices from Slack."
    )
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help=f"the settings file (default: WUTS_SLACK_CONFIG, or else {TOML_FILE})",
    )
    parser.add_argument(
        "command",
        nargs="?",
        choices=("run", "check", "manifest"),
        default="run",
        help="run the app (default); check its settings, Slack and the gateways; or print the "
        "manifest to paste into the app's page in Slack",
    )
    return parser.parse_args()


async def _run(settings: Settings) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def end() -> None:
        """End properly; whoever asks twice has no time for that."""
        stop.set()
        for number in _SIGNALS:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)

    for number in _SIGNALS:
        loop.add_signal_handler(number, end)
    address = settings.store.get_secret_value()

    def open_store() -> SqlStore:
        return SqlStore(address, lease=settings.lease)

    await LifeCycle(settings, open_store, on_work=_say_so).run(stop)
    return 0


def _say_so(_app: RunningApp) -> None:
    print("WUTS is running in Slack. Press Ctrl+C to stop it.", file=sys.stderr)  # noqa: T201


def _print_manifest(file: Path | None) -> int:
    """Print it as JSON, which Slack takes as it takes YAML.

    Raises:
        SettingsError: A setting is wrong; those that only a finished app has may be missing.
    """
    manifest = manifest_of(load_settings_of(ManifestSettings, file))
    try:
        print(json.dumps(manifest, indent=2, ensure_ascii=False), flush=True)  # noqa: T201
    except BrokenPipeError:  # whoever reads it has seen enough; Python would try again at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


async def _check(settings: Settings) -> int:
    is_ok = True
    async for finding in check_all(settings):
        print(finding, flush=True)  # noqa: T201
        is_ok = is_ok and finding.is_ok
    return 0 if is_ok else 1


def _say(text: str, code: int) -> int:
    for line in text.splitlines():
        print(f"wuts-slack: {line}", file=sys.stderr)  # noqa: T201
    return code


if __name__ == "__main__":
    main()
