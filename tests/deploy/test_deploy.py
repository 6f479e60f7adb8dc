"""The files in deploy/ that run the app on more than one machine."""

from pathlib import Path
from typing import Any

import yaml

from slack_app.settings import MONITOR_PORT, PREFIX, Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"


def load(name: str) -> list[Any]:
    """Return the documents of a file."""
    return list(yaml.safe_load_all((DEPLOY / name).read_text()))


def settings_of(variables: dict[str, str]) -> set[str]:
    """Return the settings that variables of the app name."""
    return {
        name.removeprefix(PREFIX).partition("__")[0].lower()
        for name in variables
        if name.startswith(PREFIX) and name != f"{PREFIX}CONFIG"
    }


def test_compose_runs_two_apps_over_one_database() -> None:
    (compose,) = load("compose.yaml")
    app = compose["services"]["slack"]
    assert app["deploy"]["replicas"] == 2
    assert app["depends_on"]["postgresql"]["condition"] == "service_healthy"
    assert (DEPLOY / app["build"]["context"] / app["build"]["dockerfile"]).is_file()
    assert settings_of(app["environment"]) == {"store"}
    user = compose["services"]["postgresql"]["environment"]["POSTGRES_USER"]
    assert app["environment"][f"{PREFIX}STORE"].startswith(f"postgresql://{user}:")


def test_compose_hands_the_settings_over_as_a_secret() -> None:
    (compose,) = load("compose.yaml")
    app = compose["services"]["slack"]
    (secret,) = app["secrets"]
    assert app["environment"][f"{PREFIX}CONFIG"] == f"/run/secrets/{secret}"
    assert secret in compose["secrets"]


def test_kubernetes_runs_two_apps_and_asks_after_their_health() -> None:
    deployment, budget = load("kubernetes/slack.yaml")
    pod = deployment["spec"]["template"]
    (container,) = pod["spec"]["containers"]
    assert deployment["spec"]["replicas"] == 2
    assert deployment["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    (port,) = container["ports"]
    assert port["containerPort"] == MONITOR_PORT
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        assert container[probe]["httpGet"] == {"path": "/healthz", "port": port["name"]}
    labels = pod["metadata"]["labels"]
    assert deployment["spec"]["selector"]["matchLabels"] == labels
    assert budget["spec"]["selector"]["matchLabels"] == labels


def test_kubernetes_takes_every_secret_from_the_secret() -> None:
    deployment, _ = load("kubernetes/slack.yaml")
    (secret,) = load("kubernetes/secret.example.yaml")
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    assert container["envFrom"] == [{"secretRef": {"name": secret["metadata"]["name"]}}]
    assert "env" not in container
    assert settings_of(secret["stringData"]) <= set(Settings.model_fields)
    assert {"bot_token", "app_token", "store", "accounts"} <= settings_of(secret["stringData"])


def test_nobody_runs_as_root_or_writes_to_the_image() -> None:
    deployment, _ = load("kubernetes/slack.yaml")
    pod = deployment["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert (
        f"--uid {pod['securityContext']['runAsUser']}"
        in (ROOT / "slack_app" / "Dockerfile").read_text()
    )
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    (compose,) = load("compose.yaml")
    assert compose["services"]["slack"]["read_only"] is True
