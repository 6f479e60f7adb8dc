"""The files that run the app for real."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from slack_app.settings import FILE_VARIABLE, MONITOR_PORT, PREFIX, Settings
from tests.slack_app.manifest import ROOT

DOCKERFILE = ROOT / "slack_app" / "Dockerfile"
UNIT = ROOT / "slack_app" / "wuts-slack.service"


def test_all_that_the_image_copies_is_there_and_let_through() -> None:
    lets = ROOT / "slack_app" / "Dockerfile.dockerignore"
    allowed = {line[1:] for line in lets.read_text().splitlines() if line.startswith("!")}
    copied = [
        source
        for words in instructions("COPY")
        if not words[0].startswith("--from")
        for source in words[:-1]
    ]
    assert copied
    for source in copied:
        assert (ROOT / source).exists(), source
        assert {source, source.split("/")[0]} & allowed, source


def test_the_image_installs_nothing_without_a_hash() -> None:
    (text,) = [" ".join(words) for words in instructions("RUN") if "requirements/" in str(words)]
    assert text.count("--require-hashes") == text.count("--requirement ") == 2


def test_the_image_names_no_registry_and_no_root() -> None:
    assert "://" not in DOCKERFILE.read_text().replace("http://127.0.0.1", "")
    assert all("/" not in words[0] for words in instructions("FROM"))
    # By number, so that Kubernetes can tell that it is not root.
    assert instructions("USER") == [["10001"]]
    assert instructions("ENTRYPOINT") == [['["wuts-slack"]']]


def test_what_the_image_sets_are_settings() -> None:
    named = re.findall(rf"{PREFIX}(\w+)=", DOCKERFILE.read_text())
    assert named
    assert {name.lower() for name in named} <= set(Settings.model_fields)


def test_the_image_looks_after_its_health_where_it_is_told() -> None:
    (health,) = instructions("HEALTHCHECK")
    assert "/healthz" in " ".join(health)
    assert f"{PREFIX}MONITOR_PORT={MONITOR_PORT}" in DOCKERFILE.read_text()


def test_the_unit_is_one_that_systemd_takes(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed here")
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text().replace("/opt/wuts/bin/wuts-slack", "/bin/true"))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True, check=False
    )
    about_ours = [line for line in done.stderr.splitlines() if UNIT.name in line]
    assert about_ours == []


def test_the_unit_reads_settings_as_the_app_does_and_stops_where_they_are_wrong() -> None:
    text = UNIT.read_text()
    assert f"Environment={FILE_VARIABLE}=%d/wuts-slack.toml" in text
    assert "RestartPreventExitStatus=2" in text
    assert "DynamicUser=yes" in text


def instructions(name: str) -> list[list[str]]:
    """Return the words of each instruction of a name."""
    text = re.sub(r"^#.*\n", "", DOCKERFILE.read_text(), flags=re.MULTILINE)
    lines = text.replace("\\\n", " ").splitlines()
    return [line.split()[1:] for line in lines if line.startswith(f"{name} ")]
