"""``python -m slack_app`` and ``wuts-slack``: runs the app until it is told to stop."""

import httpx2

# Before anything imports httpx: core then uses the faster httpx2.
httpx2.alias_httpx()

import asyncio  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402

from slack_sdk.errors import SlackApiError  # noqa: E402

from core.errors import WutsError  # noqa: E402
from core.supervisor.store.sql import SqlStore  # noqa: E402

from .app import running_app  # noqa: E402
from .logs import set_up_logging  # noqa: E402
from .problems import slack_code  # noqa: E402
from .settings import Settings, SettingsError, load_settings  # noqa: E402


def main() -> None:
    """Run the app; exit with 2 when it is set up wrongly, with 1 when it cannot begin."""
    try:
        settings = load_settings()
    except SettingsError as error:
        sys.exit(_say(str(error), 2))
    set_up_logging(_secrets(settings))
    try:
        asyncio.run(_run(settings))
    except WutsError as error:
        sys.exit(_say(error.message, 2))
    except SlackApiError as error:
        sys.exit(_say(f"Slack refuses the app ({slack_code(error)}). Check its tokens.", 1))
    except OSError as error:
        sys.exit(_say(f"The app cannot begin: {error.strerror or error}", 1))


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    store = SqlStore(settings.store.get_secret_value())
    async with running_app(settings, store=store):
        print("WUTS is in Slack. Stop it with Ctrl+C.", file=sys.stderr)  # noqa: T201
        await stop.wait()


def _secrets(settings: Settings) -> list[str]:
    own = (settings.bot_token, settings.app_token, settings.signing_secret, settings.webhook_secret)
    tokens = [account.token for account in settings.accounts.values()]
    return [secret.get_secret_value() for secret in (*own, *tokens)]


def _say(text: str, code: int) -> int:
    print(f"wuts-slack: {text}", file=sys.stderr)  # noqa: T201
    return code


if __name__ == "__main__":
    main()
