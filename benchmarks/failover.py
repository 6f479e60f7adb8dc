"""How soon another process takes over: ``python -m benchmarks.failover``.

Real processes over a PostgreSQL server of the benchmark's own, and a gateway. One of them is
killed, frozen, or cut off from the server; three are replaced one after the other while devices
drop; a Slack app ends beside another one. It takes about five minutes.
"""

import argparse
import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr

from scripts.lib.parts import free_port
from slack_app.settings import AccountSettings, Mode, Settings
from tests.core.wuts.supervisor.store.cutting_proxy import CuttingProxy
from tests.core.wuts.supervisor.store.owners import Owner, supervising
from tests.core.wuts.supervisor.store.postgresql_server import PostgresqlServer, find_programs
from tests.core.wuts.supervisor.store.sessions import proxied
from tests.core.wuts.values import TOKEN
from tests.slack_app.conftest import GATEWAY_TOKEN
from tests.slack_app.standby.apps import WAITS, WORKS, running
from tests.slack_app.standby.hearing import acknowledged, by_http, posted
from tests.slack_app.strict_slack import APP_TOKEN, BOT_TOKEN, StrictSlack, strict_slack
from tests.wuts_cli.watching.sharing import (
    ACCOUNTS,
    DEVICES,
    INTERVAL,
    Group,
    Looks,
    Storm,
    counted,
    ended,
)
from wuts.clock import steady_time
from wuts.supervisor.store.ownership import DEFAULT_LEASE as LEASE
from wuts_simulator import Settings as GatewaySettings
from wuts_simulator import Simulator

from .report import check_markers, machine, publish, table

ROUNDS = 3
DROPS = 1_000

type Blow = Callable[[Owner, CuttingProxy], None]


def kill(owner: Owner, _proxy: CuttingProxy) -> None:
    """End a process without a word."""
    owner.process.kill()


def freeze(owner: Owner, _proxy: CuttingProxy) -> None:
    """Stop a process; the server no longer hears from it."""
    owner.process.send_signal(signal.SIGSTOP)


def cut_off(_owner: Owner, proxy: CuttingProxy) -> None:
    """Let nothing pass between a process and the server; neither sees a connection end."""
    proxy.cut()


BLOWS: dict[str, Blow] = {
    "`kill -9`": kill,
    "frozen": freeze,
    "cut off from PostgreSQL": cut_off,
}


async def taken_over_after(server: PostgresqlServer, sim: Simulator, blow: Blow) -> float:
    """Return the seconds until the process that waits looks at the account."""
    address = await server.new_database()
    async with (
        CuttingProxy(server.socket) as proxy,
        supervising(proxied(address, proxy), LEASE, sim.url) as owner,
    ):
        await owner.until("owns")
        async with supervising(address, LEASE, sim.url) as other:
            await other.until("standby")
            since = steady_time()
            blow(owner, proxy)
            return (await other.until("owns")).at - since


async def takeovers(server: PostgresqlServer) -> list[list[str]]:
    """Measure each blow a few times."""
    rows = []
    with Simulator(GatewaySettings(qr_image=False, tokens=(("home", TOKEN),))) as sim:
        for name, blow in BLOWS.items():
            times = [await taken_over_after(server, sim, blow) for _ in range(ROUNDS)]
            rows.append([name, f"{min(times):.1f} to {max(times):.1f} s", _of(times, LEASE)])
    return rows


def _of(times: list[float], unit: float) -> str:
    return f"{max(times) / unit:.2f}"


async def shared(server: PostgresqlServer) -> tuple[list[str], list[str]]:
    """Kill one of two that share; then replace three in a storm. Return a row of each."""
    looks = Looks()
    tokens = tuple((name, f"token-of-{name}") for name in ACCOUNTS)
    settings = GatewaySettings(tokens=tokens, qr_image=False, connect_latency=0.3)
    with counted(looks), Simulator(settings) as sim, TemporaryDirectory() as folder:
        for name in ACCOUNTS:
            sim.world.add_devices(name, DEVICES, state="connected")
        killed = await gap_after_a_kill(
            Group(sim, await server.new_database(), Path(folder), lease=LEASE), looks
        )
        group = Group(sim, await server.new_database(), Path(folder), lease=LEASE)
        unseen, in_flight = await gap_of_a_rolling_restart(group, looks, sim)
    return (
        ["one of two that share, `kill -9`", f"{killed:.1f} s", _of([killed], LEASE)],
        [
            f"three replaced one by one, {DROPS:,} drops meanwhile",
            f"{unseen / INTERVAL:.2f}",
            str(in_flight),
        ],
    )


async def gap_after_a_kill(group: Group, looks: Looks) -> float:
    """Return the seconds until each account of the dead was looked at."""
    async with group.process() as one, group.process() as two:
        await group.until_even(2)
        await looks.at_all()
        one.kill()
        await one.wait()
        killed_at = steady_time()
        await looks.at_all()
        gap = steady_time() - killed_at
        two.send_signal(signal.SIGTERM)
        await ended(two)
    return gap


async def gap_of_a_rolling_restart(group: Group, looks: Looks, sim: Simulator) -> tuple[float, int]:
    """Return how long an account went unseen, and the connects in flight for a device, at most."""
    storm = Storm(sim)
    async with AsyncExitStack() as stack:
        running = [await stack.enter_async_context(group.process()) for _ in range(3)]
        await group.until_even(3)
        await looks.at_all()
        began = steady_time()
        raging = asyncio.create_task(storm.rage())
        for number, old in enumerate(running):
            await storm.until(number * DROPS // 3)
            old.send_signal(signal.SIGTERM)
            await ended(old)
            await stack.enter_async_context(group.process())
            await group.until_even(3)
        await storm.until(DROPS)
        raging.cancel()
        gap = looks.longest_gap(began, steady_time())
    return gap, max(sim.world.requests.max_in_flight.values())


@asynccontextmanager
async def two_apps(slack: StrictSlack) -> AsyncIterator[tuple[Settings, Settings]]:
    """Yield the settings of two Slack apps with the same account."""
    with Simulator(GatewaySettings(tokens=(("home", GATEWAY_TOKEN),))) as sim:
        ports = free_port(2)
        home = AccountSettings(token=SecretStr(GATEWAY_TOKEN), url=sim.url)
        first, second = (
            Settings(
                bot_token=SecretStr(BOT_TOKEN),
                app_token=SecretStr(APP_TOKEN),
                accounts={"home": home},
                monitor_port=port,
                slack_url=slack.api,
            )
            for port in (ports, ports + 1)
        )
        yield first, second


async def heard_after(address: str, mode: Mode, number: signal.Signals) -> float:
    """Return the seconds from the end of an app until the next one answers Slack."""
    port = free_port()
    async with strict_slack() as slack, two_apps(slack) as pair:
        first, second = (by_http(one, port) if mode is Mode.HTTP else one for one in pair)
        with TemporaryDirectory() as folder:
            async with running(first, address, Path(folder)) as one:
                await one.says(WORKS)
                async with running(second, address, Path(folder)) as two:
                    await two.says(WAITS)
                    one.process.send_signal(number)
                    await one.process.communicate()
                    since = steady_time()
                    await two.says(WORKS)
                    await (posted(port) if mode is Mode.HTTP else acknowledged(slack))
                    return steady_time() - since


async def apps(new_address: Callable[[], Awaitable[str]]) -> list[list[str]]:
    """Measure both modes, for a clean end and for a kill."""
    rows = []
    for mode in Mode:
        for number in (signal.SIGTERM, signal.SIGKILL):
            times = [await heard_after(await new_address(), mode, number) for _ in range(ROUNDS)]
            seconds = f"{min(times):.2f} to {max(times):.2f} s"
            rows.append([f"{mode.value} mode, {number.name}", seconds])
    return rows


async def measure() -> str:
    """Measure all; return the page's part."""
    programs = find_programs()
    if programs is None:
        raise SystemExit("This needs the programs of a PostgreSQL server: initdb, pg_ctl, postgres")
    with PostgresqlServer(programs) as server:
        rows = await takeovers(server)
        killed, rolled = await shared(server)
        heard = await apps(server.new_database)
    rows.append(killed)
    conditions = (
        f"{machine()}. A lease of {LEASE:g} s, {ROUNDS} rounds; {len(ACCOUNTS)} accounts of "
        f"{2 * DEVICES} devices and an interval of {INTERVAL:g} s where accounts are shared. The "
        "aims: looked at within a lease of a kill, within 1.5 of any other end; nothing unseen "
        "for over two intervals, one connect in flight for a device; Slack heard within 1 s."
    )
    parts = [
        table(["what happens to the owner", "the next one looks after", "of the lease"], rows),
        table(["", "longest time unseen, of an interval", "connects in flight"], [rolled]),
        table(["a Slack app ends", "the next one hears Slack after"], heard),
        conditions,
    ]
    return "\n\n".join(parts)


def main() -> None:
    """Measure, print, and write the page."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    check_markers(["failover"])
    publish("failover", asyncio.run(measure()))


if __name__ == "__main__":
    main()
