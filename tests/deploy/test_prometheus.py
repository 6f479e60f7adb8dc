"""The rules and the dashboard: that they can be read, do what they say, and name what there is."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from slack_app.operations.metrics import Metrics
from tests.deploy.promql import shown_by, unknown_in
from tests.deploy.promtool import needs_promtool, promtool

ROOT = Path(__file__).parents[2]
RULES = ROOT / "deploy/prometheus/rules.yaml"
RULES_TEST = ROOT / "deploy/prometheus/rules_test.yaml"
DASHBOARD = ROOT / "deploy/grafana/wuts.json"
PAGE = ROOT / "docs/metrics.md"
RUNBOOK = "https://github.com/wuts/wuts/blob/main/docs/alerts.md"


def rules() -> list[dict[str, Any]]:
    return [
        rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]
    ]


def board() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(DASHBOARD.read_text())
    return loaded


def expressions_of(panels: list[dict[str, Any]]) -> Iterator[str]:
    for panel in panels:
        for target in panel.get("targets", ()):
            yield target["expr"]


@needs_promtool
def test_the_rules_can_be_loaded() -> None:
    assert f"{len(rules())} rules found" in promtool("check", "rules", RULES)


@needs_promtool
def test_each_rule_fires_when_it_should_and_not_otherwise() -> None:
    promtool("test", "rules", RULES_TEST)


def test_each_rule_is_tested_firing_and_silent() -> None:
    firing: set[str] = set()
    silent: set[str] = set()
    for test in yaml.safe_load(RULES_TEST.read_text())["tests"]:
        for case in test["alert_rule_test"]:
            (firing if case["exp_alerts"] else silent).add(case["alertname"])
    assert firing == silent == {rule["alert"] for rule in rules()}


def test_each_rule_says_what_is_wrong_and_names_a_section_on_what_to_do() -> None:
    headings = re.findall(r"^#+ (.+)$", (ROOT / "docs/alerts.md").read_text(), re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", one).lower().replace(" ", "-") for one in headings}
    for rule in rules():
        notes = rule["annotations"]
        assert notes.keys() == {"summary", "description", "runbook_url"}
        assert rule["labels"]["severity"] in {"critical", "warning"}
        base, _, anchor = notes["runbook_url"].partition("#")
        assert (base, anchor) == (RUNBOOK, rule["alert"].lower())
        assert anchor in anchors


async def test_the_rules_name_nothing_that_no_program_shows(shown: Metrics) -> None:
    page = shown_by(shown)
    unknown = {rule["alert"]: list(unknown_in(rule["expr"], page)) for rule in rules()}
    assert {alert: found for alert, found in unknown.items() if found} == {}


async def test_the_dashboard_names_nothing_that_no_program_shows(shown: Metrics) -> None:
    page = shown_by(shown)
    expressions = list(expressions_of(board()["panels"]))
    assert len(expressions) > 20
    unknown = {one: list(unknown_in(one, page)) for one in expressions}
    assert {one: found for one, found in unknown.items() if found} == {}


async def test_every_metric_is_on_the_dashboard_or_in_a_rule(shown: Metrics) -> None:
    told = "\n".join([*expressions_of(board()["panels"]), *(rule["expr"] for rule in rules())])
    names = {re.sub(r"_(bucket|count|sum)$", "", name) for name in shown_by(shown)}
    assert {name for name in names if name not in told} == set()


async def test_a_wrong_name_label_or_value_would_be_found(shown: Metrics) -> None:
    page = shown_by(shown)
    wrong = {
        "wuts_device": "wuts_device",
        'wuts_devices{status="connected"}': "wuts_devices{status}",
        'wuts_devices{state="linked"}': 'wuts_devices{state="linked"}',
        "sum by (receiver) (wuts_devices)": "by (receiver)",
    }
    for expression, found in wrong.items():
        assert list(unknown_in(expression, page)) == [found]


@needs_promtool
def test_prometheus_can_read_the_dashboards_expressions(tmp_path: Path) -> None:
    expressions = [
        one.replace("$account", ".*").replace("$__rate_interval", "5m")
        for one in expressions_of(board()["panels"])
    ]
    assert not any("$" in one for one in expressions)
    records = [{"record": f"panel_{n}", "expr": one} for n, one in enumerate(expressions)]
    file = tmp_path / "dashboard.yaml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": records}]}))
    assert f"{len(records)} rules found" in promtool("check", "rules", file)


def test_the_dashboard_asks_which_data_source_and_account() -> None:
    variables = {one["name"]: one for one in board()["templating"]["list"]}
    assert variables["datasource"]["type"] == "datasource"
    assert variables["account"]["definition"] == "label_values(wuts_account_owner, account)"
    sources = re.findall(r'"uid": "([^"]+)"', DASHBOARD.read_text())
    assert set(sources) == {"${datasource}", "wuts"}
    panels = board()["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)


def test_no_panel_of_the_dashboard_covers_another() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in board()["panels"]:
        at = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert not cells & taken
        assert at["x"] + at["w"] <= 24
        taken |= cells


@needs_promtool
async def test_prometheus_has_nothing_to_object_to_in_what_is_shown(shown: Metrics) -> None:
    assert promtool("check", "metrics", text=shown.text()) == ""


@needs_promtool
def test_the_documented_configuration_can_be_loaded(tmp_path: Path) -> None:
    [block] = re.findall(r"```yaml\n(.+?)```", PAGE.read_text(), re.DOTALL)
    assert "deploy/prometheus/rules.yaml" in block
    file = tmp_path / "prometheus.yaml"
    file.write_text(block.replace("deploy/prometheus/rules.yaml", str(RULES)))
    promtool("check", "config", file)
