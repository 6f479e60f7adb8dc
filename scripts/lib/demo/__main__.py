"""Shows all of it until Ctrl-C, or with ``--auto`` plays it by itself and ends."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Coroutine
from pathlib import Path

from playwright.async_api import Error as BrowserError

from scripts.lib.browser import running_browser
from scripts.lib.parts import PartError

from .invitation import links, things_to_try
from .stage import FOLDER, built_stage, say
from .tour import Tour

FIRST_PORT = 8480


async def show(first_port: int) -> None:
    """Start everything, tell what there is, and wait to be cancelled.

    Raises:
        PartError: A part cannot be started.
    """
    async with built_stage(first_port) as stage:
        print(f"\n{links(stage)}\n\nTry this:\n{things_to_try(stage)}\n", flush=True)
        print("Ctrl-C stops all of it. What happens to the devices:", flush=True)
        await asyncio.Event().wait()


async def play(first_port: int, folder: Path) -> None:
    """Start everything, play what a person may do, and stop.

    Raises:
        PartError: A part cannot be started, or is missing.
    """
    async with running_browser() as browser, built_stage(first_port) as stage:
        if stage.gateway is None or stage.workspace is None or stage.home_token is None:
            raise PartError(
                "--auto needs the local gateway and the local Slack: unset WUTS_TOKEN and"
                " WUTS_SLACK_BOT_TOKEN, and have npm on PATH"
            )
        tour = Tour(
            gateway=stage.gateway,
            workspace=stage.workspace,
            stage=stage,
            home_token=stage.home_token,
            browser=browser,
            folder=folder,
        )
        await tour.play()


async def until_told(work: Coroutine[object, object, None]) -> None:
    """Do the work until a signal ends it, and let it put everything away."""
    task = asyncio.create_task(work)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, task.cancel)
    await task


def main() -> int:
    """Run it; return 0 when it was told to stop or has played all, 1 when something failed."""
    parser = argparse.ArgumentParser(prog="scripts/demo", description=__doc__)
    parser.add_argument("--port", type=int, default=FIRST_PORT, help="the first of four ports")
    parser.add_argument("--auto", action="store_true", help="play it without a person")
    parser.add_argument(
        "--pictures", type=Path, default=FOLDER / "pictures", help="where --auto keeps its pictures"
    )
    chosen = parser.parse_args()
    work = play(chosen.port, chosen.pictures) if chosen.auto else show(chosen.port)
    try:
        asyncio.run(until_told(work))
    except (PartError, TimeoutError, BrowserError) as error:
        print(f"error: {str(error) or 'what should have happened did not'}", file=sys.stderr)
        return 1
    except asyncio.CancelledError:
        say("Stopped")
        return 0 if not chosen.auto else 130
    if chosen.auto:
        say(f"All of it worked. The pictures are in {chosen.pictures}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
