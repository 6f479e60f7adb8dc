"""The Slack app: how soon it answers, what it does within Slack's limits, what an outage writes.

``python -m benchmarks.slack``: the app and the gateway run in processes of their own; Slack, which
does no work to speak of but refuses what is too much by its documented tiers, in this one. It takes
about ten minutes; ``--only NAME`` measures one part and writes that one.
"""

import argparse
import asyncio
import time
from collections.abc import Callable, Coroutine
from functools import partial
from statistics import median

from tests.slack_app.strict_slack import ANA, StrictSlack, strict_slack
from wuts import WutsClient

from .gateway import Gateway, running_gateway
from .report import check_markers, machine, publish, table
from .slack_app import pair, running_app
from .slack_limits import limits_text

AT_ONCE = (1, 20)
SLACK_WAITS = 3.0
"""Seconds in which Slack must have its acknowledgement (Slack reference, slash commands)."""

LOOK_UP = 3.5
"""Seconds that Slack takes to say who somebody is, in the worst case seen."""

LATENCIES = (0.0, 0.2)
"""Seconds that each call of Slack's takes."""

FLEET = 300
MODALS = 10
PEOPLE = [ANA, *(f"U9{number}" for number in range(40))]

DEVICES = 10_000
OUTAGE = 120
"""Seconds that the gateway is down."""


async def ask_gateway(gateway: Gateway, device_ids: list[str]) -> list[float]:
    """Ask the gateway for as many QRs at once, without any app; return the seconds of each."""

    async def ask(client: WutsClient, device_id: str) -> float:
        begun = time.perf_counter()
        await client.get_qr(device_id)
        return time.perf_counter() - begun

    async with WutsClient(gateway.token, base_url=gateway.url) as client:
        return await asyncio.gather(*(ask(client, one) for one in device_ids))


async def pairing_text() -> str:
    """Measure commands, alone and many at once, on a Slack that answers sooner or later."""
    rows = [await _pairings(count, latency) for count in AT_ONCE for latency in LATENCIES]
    rows.append(await _pairings(1, LATENCIES[-1], are_known=False))
    head = ["commands at once", "a call takes", "longest ack", "the gateway's own time for a QR"]
    head += ["QR in the direct message", "over the gateway's own", "in calls"]
    told = (
        f"Acknowledgements are shares of the {SLACK_WAITS:.0f} s that Slack waits; medians of the "
        "others. The last row is a person whom the app has not seen before. The aims for one "
        "pairing: 0.2 s over the gateway's own where a call takes no time, and six calls."
    )
    return f"{told}\n\n{table(head, rows)}"


async def _pairings(count: int, latency: float, *, are_known: bool = True) -> list[str]:
    async with strict_slack() as slack:
        with running_gateway() as gateway:
            ids = gateway.add_devices(2 * count, state="never_paired")
            async with running_app(slack, gateway) as app:
                await app.has(f'state="never_paired"}} {2.0 * count}')
                slack.latency = latency
                times = await pair(slack, ids[:count], are_known=are_known)
            own = await ask_gateway(gateway, ids[count:])
    over = median(times.qr) - median(own)
    return [
        f"{count:,}",
        f"{latency * 1_000:.0f} ms",
        f"{max(times.ack) / SLACK_WAITS:.3f}",
        f"{median(own):.2f} s",
        f"{median(times.qr):.2f} s",
        f"{over:.2f} s",
        f"{over / latency:.1f}" if latency else "",
    ]


def _was_called(slack: StrictSlack, method: str, count: int) -> bool:
    return slack.count(method) == count


async def modal_text() -> str:
    """Ask for a modal, as people of whom Slack is slow to tell anything."""
    opened, filled = list[float](), list[float]()
    async with strict_slack() as slack:
        slack.admins |= dict.fromkeys(PEOPLE, True)
        with running_gateway() as gateway:
            gateway.add_devices(1)
            async with running_app(slack, gateway) as app:
                await app.has('state="connected"} 1.0')
                for count, name in enumerate(PEOPLE[:MODALS], start=1):
                    released = slack.held["users.info"] = asyncio.Event()
                    begun = time.perf_counter()
                    asyncio.get_running_loop().call_later(LOOK_UP, released.set)
                    await slack.command(name, "pair")
                    await slack.until(partial(_was_called, slack, "views.open", count))
                    opened.append(time.perf_counter() - begun)
                    await slack.until(partial(_was_called, slack, "views.update", count))
                    filled.append(time.perf_counter() - begun)
    return (
        f"From `/wuts pair` until `views.open`, if Slack takes {LOOK_UP} s to say who asks: "
        f"**{1_000 * median(opened):.0f} ms** in the median of {MODALS} people, "
        f"{1_000 * max(opened):.0f} ms at most (aim: 300 ms). The modal is filled after "
        f"{median(filled):.1f} s."
    )


async def devices_text() -> str:
    """Let every device of a shop drop at once while people look."""
    async with strict_slack() as slack:
        slack.admins |= dict.fromkeys(PEOPLE, True)
        with running_gateway() as gateway:
            gateway.add_devices(FLEET)
            async with running_app(slack, gateway) as app:
                await app.has(f'state="connected"}} {float(FLEET)}')
                for name in PEOPLE:
                    await slack.open_home(name)
                await slack.until(lambda: len(slack.homes) == len(PEOPLE))
                gateway.control("restart", down_for=OUTAGE)
                for name in PEOPLE:
                    await slack.command(name, "status")
                await app.has('kind="gateway_down"} 1.0')
                await app.has('kind="gateway_down"} 0.0')
                await app.has(f'outcome="reconnected"}} {float(FLEET)}')
    most = ", ".join(f"{slack.tiers.most[one]} {one}" for one in ("views.publish", "chat.update"))
    return (
        f"{FLEET} devices drop at once and come back, while {len(PEOPLE)} people have the App Home "
        f"open and ask for the status: **{len(slack.tiers.refused)}** answers of 429, "
        f"messages in the alert channel: {slack.count('chat.postMessage')}; most calls in a "
        f"minute: {most}."
    )


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
        f"updated until all were connected again (updates: {updated})."
    )


_PARTS: dict[str, Callable[[], Coroutine[None, None, str]]] = {
    "pairing": pairing_text,
    "modal": modal_text,
    "limits": limits_text,
    "devices": devices_text,
    "outage": outage_text,
}


def main() -> None:
    """Measure, print, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=_PARTS, help="measure this part alone")
    only = parser.parse_args().only
    names = [only] if only else list(_PARTS)
    check_markers(f"slack {name}" for name in names)
    for name in names:
        publish(f"slack {name}", f"{asyncio.run(_PARTS[name]())}\n\n{machine()}.")


if __name__ == "__main__":
    main()
