"""Shows all of it until Ctrl-C, or with ``--auto`` plays it without a person and ends."""

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

from .slack import CHANNEL_NAME, PERSON_NAME
from .stage import DEVICES, FOLDER, Stage, built_stage, say
from .tour import Tour

FIRST_PORT = 8480
USABLE_PORTS = range(1024, 65536 - 3)


async def show(first_port: int) -> None:
    """Start everything, print what runs and what to try, and wait to be cancelled.

    Raises:
        PartError: A part cannot be started.
    """
    async with built_stage(first_port) as stage:
        print(f"\n{links(stage)}\n\nTry this:\n{things_to_try(stage)}\n", flush=True)
        print("Press Ctrl-C to stop everything. Until then, this shows what happens:", flush=True)
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
                " WUTS_SLACK_BOT_TOKEN, and install Node.js and npm"
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
    """Return what a person may do now."""
    in_home, in_slack = DEVICES if stage.gateway else ("a device", "NAME")
    scan = "press Scan on the phone's page" if stage.gateway else "scan it with your phone"
    where = "on the phone's page" if stage.gateway else "on your phone"
    steps: list[tuple[str, ...]] = [
        (
            f"Pair in Home Assistant: {stage.home.url}{ADD}",
            *_account(stage),
            f"Choose {in_home}, then Scan a QR code. When you see the QR, {scan}.",
        )
    ]
    if stage.slack:
        steps.append(
            (
                f"Pair in Slack: type  /wuts pair {in_slack}  in #{CHANNEL_NAME}.",
                *_qr_in_slack(stage),
                f"Then {scan}. To see all devices, type  /wuts status",
            )
        )
    steps.append(
        (
            f"Unlink {in_home} {where}. Within half a minute Home Assistant shows a repair,",
            "with the QR in its dialog"
            + (", and Slack an alert, with a button." if stage.slack else "."),
        )
    )
    if stage.gateway:
        steps += [
            (
                "Press Restart on the phone's page. Every session drops, and what is paired",
                "reconnects.",
            ),
            (
                "Use the command, in another terminal in this folder:",
                f"export WUTS_BASE_URL={stage.url} WUTS_TOKEN={stage.token}",
                ".venv/bin/wuts devices",
            ),
        ]
    return "\n".join(
        f"  {number}. " + "\n     ".join(lines) for number, lines in enumerate(steps, 1)
    )


def _qr_in_slack(stage: Stage) -> tuple[str, ...]:
    if stage.workspace is None:
        return ("The app sends you the QR in a direct message.",)
    return (
        f"The app sends you the QR in a direct message: here, under “{PERSON_NAME}”. This local",
        "Slack is a stand-in: it shows neither pictures nor dates, but the buttons work.",
    )


def _account(stage: Stage) -> tuple[str, ...]:
    if stage.gateway is None:
        return ("The token is the one in WUTS_TOKEN.",)
    return (f"Token: {stage.token}", f"Gateway address, under Advanced: {stage.url}")


async def until_told(work: Coroutine[object, object, None]) -> None:
    """Do the work until a signal ends it, and let it put everything away."""
    task = asyncio.create_task(work)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, task.cancel)
    await task


def port(text: str) -> int:
    """Read the first of four ports that anybody can use.

    Raises:
        ArgumentTypeError: It is none.
    """
    if not text.isdecimal() or int(text) not in USABLE_PORTS:
        raise argparse.ArgumentTypeError(
            f"must be a number from {USABLE_PORTS.start} to {USABLE_PORTS.stop - 1}"
        )
    return int(text)


def main() -> int:
    """Run it; return 0 when someone stopped it or all was played, 1 when something failed."""
    parser = argparse.ArgumentParser(prog="scripts/demo", description=__doc__)
    parser.add_argument("--port", type=port, default=FIRST_PORT, help="the first of four ports")
    parser.add_argument(
        "--auto", action="store_true", help="try everything without a person, and keep pictures"
    )
    parser.add_argument(
        "--pictures", type=Path, default=FOLDER / "pictures", help="where --auto keeps its pictures"
    )
    chosen = parser.parse_args()
    work = play(chosen.port, chosen.pictures) if chosen.auto else show(chosen.port)
    try:
        asyncio.run(until_told(work))
    except (PartError, TimeoutError, BrowserError) as error:
        print(
            f"error: {str(error) or 'something that the tour waits for did not happen'}",
            file=sys.stderr,
        )
        return 1
    except asyncio.CancelledError:
        say("Stopped")
        return 0 if not chosen.auto else 130
    if chosen.auto:
        say(f"Everything worked. The pictures are in {chosen.pictures}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
