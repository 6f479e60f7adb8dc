"""The supervisor at scale, and beside a naive peer: ``python -m benchmarks.supervisor``.

Each scenario runs in a process of its own against a fresh simulator in another. ``--only NAME``
measures one part, and leaves the rest of the page as it is.
"""

import argparse
import json
import subprocess
import sys

from .gateway import add_fleet, running_gateway
from .report import check_markers, machine, publish, table
from .scenarios import HEAL_CONCURRENCY, NAIVE_INTERVAL, STEADY_INTERVAL
from .shares import shares_table

INTERVAL = 30.0
"""Seconds: the default interval, for which the steady figures are reported."""

STEADY = ((100, 1), (1_000, 1), (10_000, 1), (10_000, 500), (50_000, 50), (50_000, 500))
HEAL_DEVICES = 10_000
CONNECT_LATENCY = 0.05
PEER_DEVICES = 1_000
IDLE_ACCOUNTS = 100
MANY_ACCOUNTS = 500
START_DEVICES = 10_000


def run(scenario: str, devices: int, accounts: int = 1, *flags: str) -> dict[str, float]:
    """Run one scenario and return its figures."""
    with running_gateway(*flags) as gateway:
        add_fleet(gateway, devices, accounts)
        command = [sys.executable, "-m", "benchmarks.supervisor_worker", scenario, gateway.url]
        command += [str(accounts), str(devices)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(done.stdout))


def steady_table() -> str:
    """Measure polls of devices that are all well, at growing size."""
    rows = []
    sizes = [(*size, "steady", "aiohttp") for size in STEADY]
    for devices, accounts, scenario, transport in [*sizes, (*STEADY[-1], "plain", "httpx2")]:
        figures = run(scenario, devices, accounts)
        hour = figures["cpu"] * 3_600 * STEADY_INTERVAL / INTERVAL
        rows.append(
            [
                f"{devices:,}",
                f"{accounts:,}",
                transport,
                f"{figures['requests'] / accounts:.2f}",
                f"{hour / devices * 1_000:.1f} ms",
                f"{figures['memory'] / 1024:.1f} KiB",
            ]
        )
    head = ["devices", "accounts", "transport", "requests per account and interval"]
    head += ["CPU per device and hour", "memory per device"]
    return (
        f"{table(head, rows)}\n\nThe aim is 3 KiB or less for each of 50,000 devices in 500 "
        "accounts, with all that the process needs for the accounts."
    )


def account_text() -> str:
    """Measure what an account costs beside its devices."""
    memory = run("account", 0, MANY_ACCOUNTS)["memory"]
    return (
        f"Each of {MANY_ACCOUNTS:,} accounts takes **{memory / 1024:.1f} KiB** of memory beside "
        "its devices, the connections that all share included (aim: 20 KiB or less)."
    )


def start_text() -> str:
    """Measure how long the event loop stalls when many accounts are added at once."""
    stalls = run("start", START_DEVICES, MANY_ACCOUNTS)
    return (
        f"While {MANY_ACCOUNTS:,} accounts with {START_DEVICES:,} devices are added at once and "
        "listed for the first time, the longest stall of the event loop is "
        f"**{stalls['first'] * 1_000:.0f} ms** of CPU, and **{stalls['again'] * 1_000:.0f} ms** "
        "when an earlier process left what it knew of them (aim: under 50 ms)."
    )


def heal_text() -> str:
    """Measure how 10,000 devices come back after the gateway restarted."""
    figures = run("heal", HEAL_DEVICES, 1, "--connect-latency", str(CONNECT_LATENCY))
    bound = HEAL_DEVICES * CONNECT_LATENCY / HEAL_CONCURRENCY
    return (
        f"After a gateway restart {HEAL_DEVICES:,} devices of one account, {HEAL_CONCURRENCY} "
        f"calls at once and a `/connect` of {CONNECT_LATENCY * 1_000:.0f} ms, were healed in "
        f"**{figures['took'] / bound:.2f}** of the bound devices * latency / concurrency "
        f"(aim: 1.2 or less). The longest stall of the event loop was "
        f"**{figures['stall'] * 1_000:.0f} ms** (aim: under 50 ms)."
    )


def notice_text() -> str:
    """Measure how soon a drop is acted on, polled and woken."""
    polled, woken = run("notice", PEER_DEVICES), run("woken", PEER_DEVICES)
    return (
        f"From a drop to the session's return, as a share of the polling interval: median "
        f"**{polled['median']:.2f}**, longest {polled['longest']:.2f}; with a wake (a webhook, a "
        f"button) median **{woken['median']:.3f}**, longest {woken['longest']:.3f}."
    )


def late_text() -> str:
    """Measure how late a call begins."""
    late = run("late", PEER_DEVICES)
    return (
        f"A call begins a median of **{late['median'] * 1_000:.1f} ms** after it is due, p99 "
        f"**{late['p99'] * 1_000:.1f} ms** (aim: under 20 ms), by {late['calls']:,.0f} reconnects "
        f"at random moments among {PEER_DEVICES:,} devices; plain timers of the same event loop "
        f"ran {late['timer_median'] * 1_000:.1f} ms late, p99 {late['timer_p99'] * 1_000:.1f} ms."
    )


def idle_text() -> str:
    """Measure how often an idle process wakes up."""
    idle = run("idle", PEER_DEVICES, IDLE_ACCOUNTS)
    return (
        f"While nothing is due, the event loop over {IDLE_ACCOUNTS} accounts woke up "
        f"**{idle['wakes']:.0f}** times in {idle['seconds']:.0f} s (aim: 0)."
    )


def peer_table() -> str:
    """Measure the same work done by one job per device."""
    figures = {name: run(name, PEER_DEVICES) for name in ("ours", "naive")}
    rows = [
        [
            told,
            f"{figures['ours'][key] * scale:{form}} {unit}",
            f"{figures['naive'][key] * scale:{form}} {unit}",
            f"{figures['naive'][key] / figures['ours'][key]:.1f}",
        ]
        for told, key, scale, form, unit in (
            ("requests per interval", "requests", 1, ".1f", ""),
            ("CPU while all devices are connected, of one core", "cpu", 100, ".2f", "%"),
            ("healed after a gateway restart", "healed", 1, ".1f", "s"),
            ("longest stall of the event loop then", "stall", 1_000, ".0f", "ms"),
        )
    ]
    head = [f"{PEER_DEVICES:,} devices, interval {NAIVE_INTERVAL:.0f} s"]
    head += ["one job (ours)", "one job per device", "ratio"]
    return table(head, rows)


PARTS = {
    "steady": steady_table,
    "account": account_text,
    "start": start_text,
    "shares": shares_table,
    "heal": heal_text,
    "notice": notice_text,
    "late": late_text,
    "idle": idle_text,
    "peer": peer_table,
}
"""What measures each part of the page, and writes it."""


def main() -> None:
    """Measure, print, and write the page, part by part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=PARTS, help="measure this part alone")
    only = parser.parse_args().only
    names = [only] if only else list(PARTS)
    check_markers(f"supervisor {name}" for name in names)
    for name in names:
        publish(f"supervisor {name}", f"{PARTS[name]()}\n\n{machine()}.")


if __name__ == "__main__":
    main()
