"""A real Prometheus reads what a program shows, and evaluates our rules on it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiohttp import ClientSession

from scripts.lib.parts import Part, free_port, running
from slack_app.operations.metrics import Metrics
from slack_app.operations.monitor import Monitor
from tests.deploy.promtool import find, needs_prometheus
from tests.deploy.test_prometheus import RULES, rules

pytestmark = [pytest.mark.slow, needs_prometheus]

PATIENCE = 120.0

# What an answer of Prometheus' API holds.
type Json = Any

type Ask = Callable[..., Awaitable[Json]]


@asynccontextmanager
async def prometheus(folder: Path, target: int) -> AsyncIterator[Ask]:
    """Run Prometheus for as long as the context lasts; yields what asks its API."""
    port, program = free_port(), find("prometheus")
    assert program is not None
    config = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(RULES)],
        "scrape_configs": [
            {"job_name": "wuts", "static_configs": [{"targets": [f"127.0.0.1:{target}"]}]}
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


async def test_prometheus_takes_every_sample_and_evaluates_every_rule(
    port: int, shown: Metrics, tmp_path: Path
) -> None:
    async with prometheus(tmp_path, port) as ask:

        async def value(query: str) -> float | None:
            found = (await ask("query", query=query))["result"]
            return float(found[0]["value"][1]) if found else None

        async def is_evaluated() -> bool:
            groups = (await ask("rules"))["groups"]
            each = [rule for group in groups for rule in group["rules"]]
            assert {one["health"] for one in each} <= {"ok", "unknown"}, each
            return len(each) == len(rules()) and all(one["health"] == "ok" for one in each)

        async def has_scraped() -> bool:
            return await value("scrape_samples_scraped") is not None

        await until(has_scraped)
        lines = [one for one in shown.text().decode().splitlines() if not one.startswith("#")]
        assert await value("up") == 1
        assert await value("scrape_samples_scraped") == len(lines)
        assert await value("scrape_samples_post_metric_relabeling") == len(lines)
        assert await value('wuts_account_owner{account="home"}') == 1
        await until(is_evaluated)
        # An unlinked device, an account that nobody looks after, and a receiver that fails.
        for alert in ("DevicesNeedPairing", "AccountWithoutOwner", "NotificationsUndelivered"):

            async def is_told(query: str = f'ALERTS{{alertname="Wuts{alert}"}}') -> bool:
                return await value(query) == 1

            await until(is_told)
        assert await value('ALERTS{alertname="WutsDown"}') is None
