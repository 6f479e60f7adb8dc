"""Reads the app's manifest: as much YAML as that file has."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
MANIFEST = ROOT / "slack_app" / "manifest.yaml"


def listed(key: str) -> list[str]:
    """Return the plain entries of the list that a key has."""
    text = MANIFEST.read_text()
    found = re.search(rf"^( *){key}:\n((?:\1  - .*\n)+)", text, re.MULTILINE)
    if found is None:
        return []
    return re.findall(r"^ *- (?:\w+: )?([^ #\n]+)", found[2], re.MULTILINE)


def value(key: str) -> str | None:
    """Return what stands behind a key."""
    found = re.search(rf"^ *(?:- )?{key}: *([^#\n]*)", MANIFEST.read_text(), re.MULTILINE)
    return None if found is None else found[1].strip(' "')
