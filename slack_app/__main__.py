"""``python -m slack_app`` and ``wuts-slack``: runs the app until it is told to stop."""

import httpx2

# Before anything imports httpx: core then uses the faster httpx2.
httpx2.alias_httpx()

import argparse  # noqa: E402
import asyncio  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402

from slack_sdk.errors import SlackApiError  # noqa: E402

from wuts.errors import WutsError  # noqa: E402
from wuts.supervisor.store import StoreAddressError, StoreError  # noqa: E402
from wuts.supervisor.store.sql import SqlStore  # noqa: E402

from .app import RunningApp  # noqa: E402
from .checks import check_all  # noqa: E402
from .life_cycle import LifeCycle  # noqa: E402
from .operations.logs import set_up_logging  # noqa: E402
from .settings import TOML_FILE, Settings, SettingsError, load_settings  # noqa: E402
from .slack.errors import slack_code  # noqa: E402


def main() -> None:
    """Run the app or check its settings.

    Exits with 2 when it is set up wrongly, with 1 when it cannot begin or a check found something.
    """
    arguments = _arguments()
    try:
        settings = load_settings(arguments.config)
    except SettingsError as error:
        sys.exit(_say(str(error), 2))
    set_up_logging(settings.log_format, settings.secrets())
    if arguments.command == "check":
        sys.exit(asyncio.run(_check(settings)))
    try:
        asyncio.run(_run(settings))
    except WutsError as error:
        may_pass = isinstance(error, StoreError) and not isinstance(error, StoreAddressError)
        sys.exit(_say(error.message, 1 if may_pass else 2))
    except SlackApiError as error:
        told = f"Slack refuses the app ({slack_code(error)}). See what is wrong: wuts-slack check"
        sys.exit(_say(told, 2))
    except OSError as error:
        sys.exit(_say(f"The app cannot begin: {error.strerror or error}", 1))


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
        choices=("run", "check"),
        default="run",
        help="run the app (default), or check its settings, Slack and the gateways",
    )
    return parser.parse_args()


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    address = settings.store.get_secret_value()

    def open_store() -> SqlStore:
        return SqlStore(address, lease=settings.lease)

    await LifeCycle(settings, open_store, on_work=_say_so).run(stop)


def _say_so(_app: RunningApp) -> None:
    print("WUTS is in Slack. Stop it with Ctrl+C.", file=sys.stderr)  # noqa: T201


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
