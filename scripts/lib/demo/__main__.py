"""Runs the demonstration until Ctrl-C. usage: python -m scripts.lib.demo [--port N] [--auto]."""

import argparse
import asyncio
import os
import secrets
import shutil
import signal
import sys
from collections.abc import Coroutine, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from scripts.lib.parts import PartError, check_port, running

from .gateway import Gateway
from .slack import Workspace, app_part
from .watcher import watching

ROOT = Path(__file__).parents[3]
HOME = ROOT / ".cache/demo"
FIRST_PORT = 8480
REAL_GATEWAY = "https://api.wuts.com.br"


@dataclass(frozen=True, slots=True)
class Links:
    """Where a person finds what runs; None where it does not."""

    home_assistant: str | None
    slack: str | None
    phone: str | None

    def __str__(self) -> str:
        """Return them as lines."""
        found = {
            "Home Assistant": self.home_assistant,
            "Slack": self.slack,
            "The phone": self.phone,
            "The docs": (ROOT / "docs/README.md").as_uri(),
        }
        return "\n".join(f"  {name:16}{link}" for name, link in found.items() if link)


async def demonstrate(first_port: int, environment: Mapping[str, str]) -> None:
    """Start everything, tell what there is, and wait to be cancelled.

    Raises:
        PartError: A part cannot be started.
    """
    shutil.rmtree(HOME / "logs", ignore_errors=True)
    async with AsyncExitStack() as stack:
        token = environment.get("WUTS_TOKEN")
        url = environment.get("WUTS_BASE_URL", REAL_GATEWAY)
        phone = None
        if not token:
            gateway = Gateway(first_port, secrets.token_urlsafe(12))
            check_port(gateway.port, "the gateway")
            say("Starting a gateway")
            await stack.enter_async_context(running(gateway.part(log("gateway"))))
            await gateway.add_devices()
            token, url, phone = gateway.token, gateway.url, f"{gateway.url}/phone"
        slack = await start_slack(stack, first_port + 2, environment, url, token)
        await stack.enter_async_context(watching(url, token))
        print(f"\nAll of it runs on this machine.\n\n{Links(None, slack, phone)}\n", flush=True)
        await asyncio.Event().wait()


async def start_slack(
    stack: AsyncExitStack, port: int, environment: Mapping[str, str], url: str, token: str
) -> str | None:
    """Start our app in the real Slack or in a local one; return where that is."""
    health = port + 1
    check_port(health, "the Slack app")
    if environment.get("WUTS_SLACK_BOT_TOKEN"):
        say("Starting the Slack app in your workspace")
        own = {"WUTS_SLACK_ACCOUNTS__HOME__TOKEN": token, "WUTS_SLACK_ACCOUNTS__HOME__URL": url}
        await stack.enter_async_context(
            running(app_part(log("slack-app"), {**own, **environment}, health))
        )
        return "https://app.slack.com/client"
    program = environment.get("WUTS_LOCAL_SLACK")
    if program is None:
        return None
    check_port(port, "the local Slack")
    say("Starting a local Slack, and the app in it")
    workspace = Workspace(Path(program), port, HOME / "slack")
    await stack.enter_async_context(running(workspace.server(log("slack"))))
    app = workspace.app(log("slack-app"), url, token, health)
    await stack.enter_async_context(running(app))
    return workspace.url


def log(name: str) -> Path:
    """Return where a part's log is."""
    return HOME / f"logs/{name}.log"


def say(text: str) -> None:
    """Say what is going on."""
    print(f"==> {text}", flush=True)


async def until_told(work: Coroutine[object, object, None]) -> None:
    """Do the work until a signal ends it, and let it put everything away."""
    task = asyncio.create_task(work)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, task.cancel)
    await task


def main() -> int:
    """Run it; return 0 when it was told to stop, 1 when it could not start."""
    parser = argparse.ArgumentParser(prog="scripts/demo", description=__doc__)
    parser.add_argument("--port", type=int, default=FIRST_PORT, help="the first of five ports")
    chosen = parser.parse_args()
    try:
        asyncio.run(until_told(demonstrate(chosen.port, os.environ)))
    except PartError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except asyncio.CancelledError:
        say("Stopped")
    return 0


if __name__ == "__main__":
    sys.exit(main())
