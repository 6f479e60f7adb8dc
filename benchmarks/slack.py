"""The Slack app: how soon it answers, and how many messages an outage makes.

``python -m benchmarks.slack``: the app and the gateway run in processes of their own; Slack, which
does no work to speak of, in this one. It takes about five minutes.
"""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import median
from tempfile import TemporaryDirectory

from aiohttp import ClientConnectorError, ClientSession

from scripts.lib.parts import free_port
from tests.slack_app.strict_slack import APP_TOKEN, BOT_TOKEN, OPS, StrictSlack, strict_slack
from wuts import WutsClient

from .gateway import Gateway, running_gateway
from .report import machine, publish, table

AT_ONCE = (1, 100)
SLACK_WAITS = 3.0
"""Seconds in which Slack must have its acknowledgement (Slack reference, slash commands)."""

DEVICES = 10_000
OUTAGE = 120
"""Seconds that the gateway is down."""

PATIENCE = 300.0


@dataclass(frozen=True, slots=True)
class App:
    """The app's process, and where it shows its figures."""

    monitor_port: int

    async def has(self, figure: str) -> None:
        """Wait until a line is among its figures."""
        async with asyncio.timeout(PATIENCE):
            while figure not in await self._figures():  # noqa: ASYNC110 - another process
                await asyncio.sleep(1.0)

    async def _figures(self) -> str:
        address = f"http://127.0.0.1:{self.monitor_port}/metrics"
        try:
            async with ClientSession() as http, http.get(address) as answer:
                return await answer.text()
        except ClientConnectorError:
            # It has not begun to listen yet.
            return ""


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds from a command, one entry a command."""

    ack: list[float]
    qr: list[float]


@asynccontextmanager
async def running_app(slack: StrictSlack, gateway: Gateway) -> AsyncIterator[App]:
    """Run the app as anybody would, for as long as the context lasts."""
    port = free_port()
    with TemporaryDirectory() as folder:
        environment = {
            "WUTS_SLACK_BOT_TOKEN": BOT_TOKEN,
            "WUTS_SLACK_APP_TOKEN": APP_TOKEN,
            "WUTS_SLACK_ACCOUNTS__HOME__TOKEN": gateway.token,
            "WUTS_SLACK_ACCOUNTS__HOME__URL": gateway.url,
            "WUTS_SLACK_ALERT_CHANNEL": OPS,
            "WUTS_SLACK_MONITOR_PORT": str(port),
            "WUTS_SLACK_SLACK_URL": slack.api,
            "WUTS_SLACK_STORE": f"sqlite:///{folder}/store.db",
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "slack_app"),
            env={**os.environ, **environment},
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            await slack.until(lambda: slack.count("apps.connections.open") > 1)
            yield App(port)
        finally:
            process.terminate()
            await process.wait()


async def pair(slack: StrictSlack, names: list[str]) -> Times:
    """Have as many people as there are names pair a device each, all at once."""
    users = [f"U{number}" for number in range(len(names))]
    slack.admins |= dict.fromkeys(users, True)
    # Who they are is looked up once and remembered: that is not what is measured.
    for user in users:
        await slack.command(user, "help")
    await slack.until(lambda: len(slack.private) >= len(users))
    begun = time.perf_counter()
    waiting = {
        await slack.command(user, f"pair {name}"): "ack"
        for user, name in zip(users, names, strict=True)
    }
    waiting |= {f"D{user}": "qr" for user in users}
    times = Times([], [])

    def note() -> bool:
        """Write down who is no longer waiting."""
        now = time.perf_counter() - begun
        for one in [one for one in waiting if one in slack.acks or one in slack.pictured]:
            getattr(times, waiting.pop(one)).append(now)
        return not waiting

    await slack.until(note)
    return times


async def ask_gateway(gateway: Gateway, device_ids: list[str]) -> list[float]:
    """Ask the gateway for as many QRs at once, without any app; return the seconds of each."""

    async def ask(client: WutsClient, device_id: str) -> float:
        begun = time.perf_counter()
        await client.get_qr(device_id)
        return time.perf_counter() - begun

    async with WutsClient(gateway.token, base_url=gateway.url) as client:
        return await asyncio.gather(*(ask(client, one) for one in device_ids))


async def pairing_table() -> str:
    """Measure commands, alone and many at once."""
    rows = []
    for count in AT_ONCE:
        async with strict_slack() as slack:
            with running_gateway() as gateway:
                ids = gateway.add_devices(2 * count, state="never_paired")
                async with running_app(slack, gateway) as app:
                    await app.has(f'state="never_paired"}} {2.0 * count}')
                    times = await pair(slack, ids[:count])
                own = await ask_gateway(gateway, ids[count:])
        over = median(times.qr) - median(own)
        rows.append(
            [
                f"{count:,}",
                f"{median(times.ack) / SLACK_WAITS:.3f}",
                f"{max(times.ack) / SLACK_WAITS:.3f}",
                f"{median(own):.2f} s",
                f"{median(times.qr):.2f} s",
                f"{over:.2f} s",
            ]
        )
    head = ["commands at once", "median ack", "longest ack", "the gateway's own time for a QR"]
    head += ["QR in the direct message", "over the gateway's own"]
    return table(head, rows)


async def outage_text() -> str:
    """Count what is written to the alert channel when the gateway of many devices is away."""
    async with strict_slack() as slack:
        with running_gateway() as gateway:
            gateway.add_devices(DEVICES)
            async with running_app(slack, gateway) as app:
                await app.has(f'state="connected"}} {float(DEVICES)}')
                gateway.control("restart", down_for=OUTAGE)
                await app.has('kind="gateway_down"} 1.0')
                await app.has('kind="gateway_down"} 0.0')
                await app.has(f'outcome="reconnected"}} {float(DEVICES)}')
        posted = slack.count("chat.postMessage")
        updated = slack.count("chat.update")
    return (
        f"The gateway of {DEVICES:,} connected devices is away for {OUTAGE} s and comes back "
        f"without any session: **{posted}** message in the alert channel (aim: one), which was "
        f"was updated until all were connected again (updates: {updated})."
    )


def main() -> None:
    """Measure, print, and write the page."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    told = (
        "Acknowledgements are shares of the 3 s that Slack waits. A direct message is written to "
        "once a second at most, as Slack asks, so a QR comes a second after the message that it "
        f"goes into. {machine()}."
    )
    publish("slack", "\n\n".join((told, asyncio.run(pairing_table()), asyncio.run(outage_text()))))


if __name__ == "__main__":
    main()
