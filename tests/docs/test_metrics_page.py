"""The page on metrics lists what a real program shows: every name, type and label, and no other."""

import re
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from slack_app.operations.metrics import CATALOGUE as OF_SLACK
from slack_app.operations.metrics import Metrics
from tests.core.wuts.metrics.full_page import TOKEN, full_page
from wuts.errors import ErrorCode
from wuts.metrics import CATALOGUE, AlertStage, PairingResult, WebhookResult
from wuts.supervisor import AccountState, DeviceState
from wuts_simulator import Settings
from wuts_simulator.pytest_plugin import StartGateway

PAGE = Path(__file__).parents[2] / "docs/metrics.md"
ROW = re.compile(r"^\| `(wuts_\w+)` \| (\w+) \| (.*) \| (.+) \|$", re.MULTILINE)

type Described = dict[str, tuple[str, set[str]]]


@pytest.fixture
async def shown(start_wuts_gateway: StartGateway) -> AsyncIterator[Metrics]:
    settings = Settings(tokens=(("home", TOKEN),), qr_image=False, connecting_for=0)
    async with full_page(start_wuts_gateway(settings)) as metrics:
        yield metrics


def described() -> Described:
    rows = ROW.findall(PAGE.read_text())
    return {name: (kind, set(re.findall(r"`(\w+)`", labels))) for name, kind, labels, _ in rows}


async def test_the_page_and_the_catalogue_are_what_a_program_shows(shown: Metrics) -> None:
    found: Described = {}
    for family in text_string_to_metric_families(shown.text().decode()):
        name = family.name + "_total" * (family.type == "counter")
        labels = {label for sample in family.samples for label in sample.labels} - {"le"}
        found[name] = family.type, labels
    assert found == described()
    assert found == {one.name: (one.kind, set(one.labels)) for one in (*CATALOGUE, *OF_SLACK)}


def test_the_page_says_what_each_metric_says_of_itself() -> None:
    texts = {name: text for name, _, _, text in ROW.findall(PAGE.read_text())}
    assert texts == {one.name: one.text for one in (*CATALOGUE, *OF_SLACK)}


@pytest.mark.parametrize(
    ("label", "values"),
    [
        ("`state` of devices", {*DeviceState, "unknown"}),
        ("`state` of accounts", {*AccountState}),
        ("`state` of alerts", {*AlertStage, "wuts_alerts_open"}),
        ("`outcome` of tries", {"reconnected", "failed", "unlinked"}),
        ("`outcome` of pairings", {*PairingResult}),
        ("`outcome` of webhooks", {*WebhookResult}),
    ],
)
def test_the_page_lists_the_values_of_labels(label: str, values: set[str]) -> None:
    [row] = re.findall(rf"^\| {re.escape(label)} \| (.+) \|$", PAGE.read_text(), re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", row)) == values


def test_ok_is_no_code_of_an_error() -> None:
    assert "ok" not in {*ErrorCode}


@pytest.mark.slow
def test_the_pages_example_shows_the_metrics_of_an_account() -> None:
    [code] = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    # Nobody listens there.
    here = 'WutsClient("my-token", base_url="http://127.0.0.1:9", '
    assert 'WutsClient("my-token", ' in code
    program = code.replace('WutsClient("my-token", ', here)
    told = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        check=False,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert told.returncode == 0, told.stderr
    assert 'wuts_account_owner{account="home"} 1.0\n' in told.stdout
    assert 'wuts_build_info{program="my-app",' in told.stdout
