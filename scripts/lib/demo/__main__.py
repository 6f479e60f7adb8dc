"""Shows all of it until Ctrl-C, or with ``--auto`` plays it automatically and ends."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Coroutine
from pathlib import Path

from playwright.async_api import Error as BrowserError

from scripts.lib.browser import running_browser
from scripts.lib.home_page import ADD
from scripts.lib.parts import ROOT, PartError

from .slack import CHANNEL_NAME
from .stage import DEVICES, FOLDER, Stage, built_stage, say
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


def links(stage: Stage) -> str:
    """Return where a person finds what runs, a line for each."""
    found = {
        "Home Assistant": stage.home.url,
        "Slack": stage.slack,
        "The phone": f"{stage.gateway.url}/phone" if stage.gateway else None,
        "The docs": (ROOT / "docs/README.md").as_uri(),
    }
    return "\n".join(f"  {name:16}{link}" for name, link in found.items() if link)


def things_to_try(stage: Stage) -> str:
    """Return what you can try now."""
    in_home, in_slack = DEVICES if stage.gateway else ("a device", "NAME")
    where = "on the phone's page" if stage.gateway else "with your phone"
    steps: list[tuple[str, ...]] = [
        (
            f"Pair in Home Assistant: {stage.home.url}{ADD}",
            _account(stage),
            f"Choose {in_home}, then the QR, and scan it {where}.",
        )
    ]
    if stage.slack:
        steps.append(
            (
                f"Pair in Slack: type  /wuts pair {in_slack}  in #{CHANNEL_NAME}. The QR comes as",
                f"a direct message from the app{_unseen(stage)}; scan it {where}.",
                "To see all devices, type  /wuts status",
            )
        )
    steps.append(
        (
            f"Unlink {in_home} {where}. In half a minute Home Assistant has a repair with",
            "the QR in its dialog, and Slack an alert with a button.",
        )
    )
    if stage.gateway:
        steps.append(("Press Restart on the phone's page. Every session drops, and comes back.",))
    return "\n".join(
        f"  {number}. " + "\n     ".join(lines) for number, lines in enumerate(steps, 1)
    )


def _unseen(stage: Stage) -> str:
    return " (this local Slack draws no pictures)" if stage.workspace else ""


def _account(stage: Stage) -> str:
    if stage.gateway is None:
        return "The token is the one in WUTS_TOKEN."
    return f"Token: {stage.token}   Advanced, gateway address: {stage.url}"


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
