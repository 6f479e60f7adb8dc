"""Print what a group of pyproject.toml asks for, one requirement a line."""

import sys
import tomllib
from pathlib import Path
from typing import Any

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"

# These import core, or are in it, so they need what it needs.
PARTS_ON_CORE = ("cli", "home-assistant", "slack", "store", "supervisor")


def requirements(group: str, pyproject: dict[str, Any]) -> list[str]:
    """Return the requirements of one group, as pyproject.toml writes them."""
    project = pyproject["project"]
    groups: dict[str, list[str]] = {
        "core": [],
        **project["optional-dependencies"],
        **pyproject["dependency-groups"],
    }
    of_core = project["dependencies"] if group in ("core", *PARTS_ON_CORE) else []
    return [*of_core, *groups[group]]


if __name__ == "__main__":
    document = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))
    print("\n".join(requirements(sys.argv[1], document)))
