"""Check that everything that names a version agrees on it, and write the notes of a release.

usage: python scripts/lib/release_checks.py VERSION NOTES
Every disagreement is printed on a line of its own; then the exit code is 1, and there are no notes.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]

REPOSITORY = "https://github.com/wuts/wuts"

PROOFS = "docs/decisions/0020-a-release-is-built-twice.md"
"""The page that says how to check what was downloaded."""

_OF_A_FILE = re.compile(r"\]\((?!\w+:|#)")

_PIN = re.compile(r"^([\w.-]+)==([^\s;]+)", re.MULTILINE)


def complaints(root: Path, version: str) -> Iterator[str]:
    """Yield what does not agree with the release of a version."""
    manifest = _json(root / "custom_components/wuts/manifest.json")
    slack = _project(root / "slack_app")
    for name, found in (
        ("pyproject.toml", _project(root)["version"]),
        ("slack_app/pyproject.toml", slack["version"]),
        ("custom_components/wuts/manifest.json", manifest["version"]),
    ):
        if found != version:
            yield f"{name} has version {found}, not {version}"
    for asked in (line for line in slack["dependencies"] if line.startswith("wuts[")):
        if (pinned := asked.partition("==")[2]) != version:
            yield f"slack_app/pyproject.toml asks for wuts {pinned}, not {version}"
    yield from _wrong_changelog(root, version)
    yield from _wrong_pins(root, manifest["requirements"])
    yield from _wrong_home_assistant(root)


def notes(root: Path, version: str) -> str:
    """Return what the changelog says of a version, without its heading; empty if nothing.

    Links to files become links to that version's files, since the notes are read elsewhere.
    """
    heading = rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d\n(.*?)(?=^## |^\[|\Z)"
    found = re.search(heading, _changelog(root), re.MULTILINE | re.DOTALL)
    if not found:
        return ""
    return _OF_A_FILE.sub(f"]({REPOSITORY}/blob/v{version}/", found[1].strip())


def _wrong_changelog(root: Path, version: str) -> Iterator[str]:
    if not notes(root, version):
        yield f"CHANGELOG.md says nothing under '## [{version}] - YYYY-MM-DD'"
    if f"\n[{version}]: https://" not in _changelog(root):
        yield f"CHANGELOG.md has no link '[{version}]: …'"


def _changelog(root: Path) -> str:
    return (root / "CHANGELOG.md").read_text(encoding="utf-8")


def _wrong_pins(root: Path, required: list[str]) -> Iterator[str]:
    """What Home Assistant installs for the integration is what it is tested with.

    A requirement without a pin is one whose version Home Assistant itself constrains.
    """
    tested = _pins(root / "requirements/home-assistant.txt")
    for name, version in (line.split("==") for line in required if "==" in line):
        if (used := tested.get(name)) != version:
            yield f"manifest.json asks for {name} {version}, but it is tested with {used}"


def _wrong_home_assistant(root: Path) -> Iterator[str]:
    """The oldest Home Assistant that HACS allows is the one that the unit tests run on."""
    oldest = ".".join(_json(root / "hacs.json")["homeassistant"].split(".")[:2])
    tested = _pins(root / "requirements/home-assistant.txt")["homeassistant"]
    if not tested.startswith(f"{oldest}."):
        yield f"hacs.json allows Home Assistant {oldest}, but the tests run on {tested}"


def _pins(path: Path) -> dict[str, str]:
    return dict(_PIN.findall(path.read_text(encoding="utf-8")))


def _project(root: Path) -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    return project


def _json(path: Path) -> Any:  # noqa: ANN401 - what json.loads returns
    return json.loads(path.read_text(encoding="utf-8"))


def main(root: Path, version: str, target: Path) -> int:
    """Print every complaint, or write the notes; return the exit code."""
    found = list(complaints(root, version))
    for complaint in found:
        print(complaint)
    if found:
        return 1
    target.parent.mkdir(parents=True, exist_ok=True)
    proofs = f"[How to check what you download]({REPOSITORY}/blob/v{version}/{PROOFS})"
    target.write_text(f"{notes(root, version)}\n\n{proofs}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(ROOT, sys.argv[1], Path(sys.argv[2])))
