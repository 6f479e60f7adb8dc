"""What is in the files of a release: all that is needed, and nothing else."""

import subprocess
import tarfile
from pathlib import Path
from zipfile import ZipFile

import pytest

from scripts.lib.git_files import listed
from scripts.lib.groups import read_pyproject

from .conftest import ROOT

PACKAGES = ["core/wuts", "wuts_cli", "wuts_simulator"]
AROUND = {"LICENSE", "pyproject.toml"}
README = read_pyproject()["project"]["readme"]
OF_THE_BACKEND = {".gitignore", "PKG-INFO"}


def sources(*folders: str) -> set[str]:
    """Return the files of the clone in these folders, but those that git ignores."""
    return {name for name in listed(ROOT, *folders) if (ROOT / name).exists()}


def slack_sources() -> set[str]:
    return {
        name.removeprefix("slack_app/")
        for name in sources("slack_app")
        if not Path(name).name.startswith("Dockerfile")
    }


def in_sdist(path: Path) -> set[str]:
    with tarfile.open(path) as archive:
        files = [member for member in archive.getmembers() if not member.isdir()]
    assert [member.name for member in files if not member.isfile()] == [], "there are links in it"
    return {member.name.partition("/")[2] for member in files}


def in_wheel(path: Path) -> set[str]:
    """Return what a wheel installs beside its own metadata."""
    with ZipFile(path) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def one(dist: Path, pattern: str) -> Path:
    (path,) = dist.glob(pattern)
    return path


def test_the_sdist_of_the_library_holds_its_packages_and_nothing_else(dist: Path) -> None:
    needed = sources(*PACKAGES) | AROUND | OF_THE_BACKEND | {"CHANGELOG.md", README}
    assert in_sdist(one(dist, "wuts-*.tar.gz")) == needed


def test_the_wheel_of_the_library_holds_its_packages_and_nothing_else(dist: Path) -> None:
    needed = {name.removeprefix("core/") for name in sources(*PACKAGES)}
    assert in_wheel(one(dist, "wuts-*.whl")) == needed
    assert {f"{name.removeprefix('core/')}/py.typed" for name in PACKAGES} <= needed


def test_the_sdist_of_the_slack_app_holds_its_package_and_nothing_else(dist: Path) -> None:
    needed = slack_sources() | AROUND | OF_THE_BACKEND
    assert in_sdist(one(dist, "wuts_slack-*.tar.gz")) == needed


def test_the_wheel_of_the_slack_app_holds_its_package_and_nothing_else(dist: Path) -> None:
    needed = {f"slack_app/{name}" for name in slack_sources() - AROUND - {"README.md"}}
    assert in_wheel(one(dist, "wuts_slack-*.whl")) == needed
    assert "slack_app/py.typed" in needed


@pytest.mark.parametrize("pattern", ["wuts-*.whl", "wuts_slack-*.whl"])
def test_a_wheel_brings_its_licence(dist: Path, pattern: str) -> None:
    with ZipFile(one(dist, pattern)) as archive:
        (licence,) = (name for name in archive.namelist() if name.endswith("/licenses/LICENSE"))
        assert archive.read(licence) == (ROOT / "LICENSE").read_bytes()


def test_every_file_has_a_checksum_and_a_list_of_what_it_needs(dist: Path) -> None:
    artefacts = {
        "wuts.zip",
        *(path.name for path in dist.glob("*.whl")),
        *(path.name for path in dist.glob("*.tar.gz")),
    }
    lists = {f"{name}.cdx.json" for name in artefacts}
    sums = (dist / "SHA256SUMS").read_text().splitlines()
    assert len(artefacts) == 5
    assert {line.partition("  ")[2] for line in sums} == artefacts | lists
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"],
        cwd=dist,
        capture_output=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
