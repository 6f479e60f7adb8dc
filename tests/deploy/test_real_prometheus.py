"""A real Prometheus reads what a program shows, and evaluates our rules on it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiohttp import ClientSession

from scripts.lib.parts import Part, free_port, running
from slack_app.operations.metrics import Metrics
from slack_app.operations.monitor import Monitor
from tests.core.wuts.metrics.full_page import TOKEN
from tests.deploy.promtool import find, needs_prometheus
from tests.deploy.test_prometheus import RULES, rules
from tests.wuts_cli.command import Wuts
from tests.wuts_cli.service.test_process import listening, until_ok
from wuts_simulator import Settings
from wuts_simulator.pytest_plugin import StartGateway

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), needs_prometheus]

PATIENCE = 120.0

# What an answer of Prometheus' API holds.
type Json = Any

type Ask = Callable[..., Awaitable[Json]]


@asynccontextmanager
async def prometheus(folder: Path, *ports: int) -> AsyncIterator[Ask]:
    """Run Prometheus for as long as the context lasts; yields what asks its API."""
    port, program = free_port(), find("prometheus")
    assert program is not None
    config = {
        "global": {"scrape_interval": "5s", "scrape_timeout": "5s", "evaluation_interval": "1s"},
        "rule_files": [str(RULES)],
        "scrape_configs": [
            {
                "job_name": "wuts",
                "static_configs": [{"targets": [f"127.0.0.1:{each}" for each in ports]}],
            }
        ],
    }
    file = folder / "prometheus.yaml"
    file.write_text(yaml.safe_dump(config))
    async with ClientSession(f"http://127.0.0.1:{port}") as http:

        async def ask(path: str, **query: str) -> Json:
            async with http.get(f"/api/v1/{path}", params=query) as answer:
                return (await answer.json())["data"]

        async def is_ready() -> bool:
            try:
                async with http.get("/-/ready") as answer:
                    return answer.status == 200
            except OSError:
                return False

        part = Part(
            name="Prometheus",
            command=(
                program,
                f"--config.file={file}",
                f"--storage.tsdb.path={folder}/data",
                f"--web.listen-address=127.0.0.1:{port}",
            ),
            log=folder / "prometheus.log",
            is_ready=is_ready,
        )
        async with running(part):
            yield ask


async def until(is_met: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await is_met():  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.1)


@pytest.fixture
async def port(shown: Metrics) -> AsyncIterator[int]:
    """Where the program's own port shows its metrics."""
    monitor = Monitor()
    monitor.metrics = shown
    async with monitor.listening("127.0.0.1", 0) as port:
        yield port


class Figures:
    """What a Prometheus has seen. A busy machine misses some scrapes, so figures are waited for."""

    def __init__(self, ask: Ask) -> None:
        self.ask = ask

    async def has(self, figure: float, query: str) -> None:
        """Wait until a query, which must find one series, gives a figure."""

        async def is_there() -> bool:
            found = (await self.ask("query", query=query))["result"]
            assert len(found) <= 1, found
            return [float(one["value"][1]) for one in found] == [figure]

        await until(is_there)

    async def evaluates_all_rules(self) -> None:
        """Wait until each rule was evaluated, without an error."""

        async def is_evaluated() -> bool:
            groups = (await self.ask("rules"))["groups"]
            each = [rule for group in groups for rule in group["rules"]]
            assert {one["health"] for one in each} <= {"ok", "unknown"}, each
            return len(each) == len(rules()) and all(one["health"] == "ok" for one in each)

        await until(is_evaluated)


async def test_prometheus_takes_every_sample_and_evaluates_every_rule(
    port: int, shown: Metrics, tmp_path: Path
) -> None:
    lines = [one for one in shown.text().decode().splitlines() if not one.startswith("#")]
    async with prometheus(tmp_path, port) as ask:
        figures = Figures(ask)
        await figures.has(1, "up")
        await figures.has(len(lines), "max_over_time(scrape_samples_scraped[10m])")
        await figures.has(len(lines), "max_over_time(scrape_samples_post_metric_relabeling[10m])")
        await figures.has(1, 'wuts_account_owner{account="home"}')
        await figures.evaluates_all_rules()
        # An unlinked device, an account that nobody looks after, and a receiver that fails.
        for alert in ("DevicesNeedPairing", "AccountWithoutOwner", "NotificationsUndelivered"):
            await figures.has(1, f'ALERTS{{alertname="Wuts{alert}"}}')


async def test_of_two_watches_one_is_the_owner_and_a_kill_of_it_is_noticed(
    start_wuts_gateway: StartGateway, tmp_path: Path
) -> None:
    settings = Settings(tokens=(("home", TOKEN),), qr_image=False, connecting_for=0)
    sim = start_wuts_gateway(settings)
    sim.world.add_devices("home", 2, state="connected")
    wuts, store = Wuts(sim.url, TOKEN), ("--store", f"sqlite:///{tmp_path}/store.db")
    async with AsyncExitStack() as stack:
        first, one = await stack.enter_async_context(listening(wuts, *store))
        await until_ok(one)
        _, two = await stack.enter_async_context(listening(wuts, *store))
        ports = [int(url.rpartition(":")[2]) for url in (one, two)]
        figures = Figures(await stack.enter_async_context(prometheus(tmp_path, *ports)))
        owner, waiter = (f'instance="127.0.0.1:{port}"' for port in ports)
        await figures.has(1, f"wuts_account_owner{{{owner}}}")
        await figures.has(0, f"wuts_account_owner{{{waiter}}}")
        await figures.has(2, f'wuts_devices{{{owner}, state="connected"}}')
        await figures.has(1, 'count(wuts_devices{state="connected"})')
        await figures.has(2, 'count(wuts_build_info{program="wuts watch"})')
        first.kill()
        await first.wait()
        await figures.has(0, f"up{{{owner}}}")
        await figures.has(1, f"wuts_account_owner{{{waiter}}}")
        await figures.has(2, f'wuts_devices{{{waiter}, state="connected"}}')
        await figures.has(1, 'ALERTS{alertname="WutsProcessDown"}')
