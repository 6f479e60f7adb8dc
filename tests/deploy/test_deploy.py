"""The files in deploy/ that run the app on more than one machine."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from slack_app.settings import MONITOR_PORT, PREFIX, Settings
from wuts_cli.config import read_config
from wuts_cli.errors import ExitCode
from wuts_cli.service.status import LATEST

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
CONTAINERFILE = (DEPLOY / "Containerfile").read_text()
UNIT = DEPLOY / "systemd" / "wuts-watch.service"
SYSTEMD_ANALYZE = shutil.which("systemd-analyze")


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
        assert container[probe]["httpGet"] == {"path": "/livez", "port": port["name"]}
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


def test_compose_runs_two_watches_over_one_database() -> None:
    (compose,) = load("compose.watch.yaml")
    watch = compose["services"]["watch"]
    assert watch["deploy"]["replicas"] == 2
    assert watch["depends_on"]["postgresql"]["condition"] == "service_healthy"
    assert (DEPLOY / watch["build"]["context"] / watch["build"]["dockerfile"]).is_file()
    (secret,) = watch["secrets"]
    assert watch["environment"]["WUTS_CONFIG"] == f"/run/secrets/{secret}"
    user = compose["services"]["postgresql"]["environment"]["POSTGRES_USER"]
    assert watch["environment"]["WUTS_STORE"].startswith(f"postgresql://{user}:")
    assert watch["read_only"] is True
    assert watch["cap_drop"] == ["ALL"]


def test_kubernetes_runs_two_watches_and_asks_after_their_health() -> None:
    deployment, budget = load("kubernetes/watch.yaml")
    pod = deployment["spec"]["template"]
    (container,) = pod["spec"]["containers"]
    assert deployment["spec"]["replicas"] == 2
    (port,) = container["ports"]
    assert f"EXPOSE {port['containerPort']}\n" in CONTAINERFILE
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        assert container[probe]["httpGet"] == {"path": "/healthz", "port": port["name"]}
    labels = pod["metadata"]["labels"]
    assert deployment["spec"]["selector"]["matchLabels"] == labels
    assert budget["spec"]["selector"]["matchLabels"] == labels
    assert pod["spec"]["securityContext"]["runAsNonRoot"] is True
    assert f"--uid {pod['spec']['securityContext']['runAsUser']} " in CONTAINERFILE
    assert container["securityContext"]["readOnlyRootFilesystem"] is True


def test_kubernetes_mounts_a_file_of_settings_that_can_be_used(tmp_path: Path) -> None:
    deployment, _ = load("kubernetes/watch.yaml")
    (secret,) = load("kubernetes/watch-secret.example.yaml")
    spec = deployment["spec"]["template"]["spec"]
    (container,) = spec["containers"]
    (variable,) = container["env"]
    mounts = {one["name"]: one["mountPath"] for one in container["volumeMounts"]}
    volumes = {
        one["name"]: one["secret"]["secretName"] for one in spec["volumes"] if "secret" in one
    }
    assert volumes == {"settings": secret["metadata"]["name"]}
    (name,) = secret["stringData"]
    assert variable == {"name": "WUTS_CONFIG", "value": f"{mounts['settings']}/{name}"}
    file = tmp_path / name
    file.write_text(secret["stringData"][name].replace("…", "s3cret-0123456789"))
    config = read_config(file)
    assert list(config.accounts) == ["home"]
    assert config.listen is not None


def test_the_unit_waits_for_what_the_service_tells_systemd() -> None:
    unit = UNIT.read_text()
    told = dict(line.split("=", 1) for line in unit.splitlines() if re.match(r"[A-Z]\w+=", line))
    assert told["Type"] == "notify"
    assert float(told["WatchdogSec"]) >= LATEST
    assert told["SuccessExitStatus"] == str(int(ExitCode.TERMINATED))
    assert told["RestartPreventExitStatus"] == str(int(ExitCode.USAGE))
    assert told["StateDirectory"] == told["WorkingDirectory"].removeprefix("%S/")
    assert f"WUTS_STATE_DIRECTORY=%S/{told['StateDirectory']}\n" in unit


@pytest.mark.skipif(not SYSTEMD_ANALYZE, reason="there is no systemd-analyze on this machine")
@pytest.mark.parametrize("unit", [UNIT, ROOT / "slack_app" / "wuts-slack.service"])
def test_systemd_finds_nothing_wrong_in_a_unit(unit: Path, tmp_path: Path) -> None:
    # It looks for the program, which is not installed here.
    copy = tmp_path / unit.name
    copy.write_text(
        re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text(), flags=re.MULTILINE)
    )
    done = subprocess.run(
        [str(SYSTEMD_ANALYZE), "verify", copy], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_image_takes_only_what_its_recipe_copies() -> None:
    lines = re.findall(r"^COPY (?!--from)(.+) \S+$", CONTAINERFILE, re.MULTILINE)
    copied = [name for line in lines for name in line.split()]
    ignored = (DEPLOY / "Containerfile.dockerignore").read_text().splitlines()
    allowed = {line[1:] for line in ignored if line.startswith("!")}
    assert [name for name in copied if not {name, name.split("/")[0]} & allowed] == []
    needed = {name for copy in copied for name in (copy, copy.split("/")[0])}
    assert allowed <= needed
