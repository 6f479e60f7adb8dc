"""Print what a group of pyproject.toml asks for, one requirement a line."""

import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]

# These import wuts, or are in it, so they need what it needs.
PARTS_ON_WUTS = (
    "cli",
    "home-assistant",
    "metrics",
    "page",
    "phone",
    "receivers",
    "slack",
    "store",
    "supervisor",
)


def read_pyproject(folder: Path = ROOT) -> dict[str, Any]:
    """Return a project's pyproject.toml."""
    return tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))


def requirements(group: str, pyproject: dict[str, Any], slack: dict[str, Any]) -> list[str]:
    """Return the requirements of one group, as pyproject.toml writes them.

    Args:
        group: A name in ``requirements/``.
        pyproject: The library's project.
        slack: The Slack app's project, which depends on the library.
    """
    project = pyproject["project"]
    extras = project["optional-dependencies"]
    groups: dict[str, list[str]] = {
        "core": [],
        "slack": _without_wuts(slack, extras),
        **extras,
        **pyproject["dependency-groups"],
    }
    of_wuts = project["dependencies"] if group in ("core", *PARTS_ON_WUTS) else []
    return [*of_wuts, *groups[group]]


def _without_wuts(slack: dict[str, Any], extras: dict[str, list[str]]) -> list[str]:
    """Name what the library's extras need, since the library itself is this clone."""
    asked: list[str] = slack["project"]["dependencies"]
    return [
        *(line for line in asked if not line.startswith("wuts")),
        *extras["metrics"],
        *extras["page"],
        *extras["phone"],
        *extras["store"],
        *extras["supervisor"],
    ]


if __name__ == "__main__":
    asked_for = requirements(sys.argv[1], read_pyproject(), read_pyproject(ROOT / "slack_app"))
    print("\n".join(asked_for))
