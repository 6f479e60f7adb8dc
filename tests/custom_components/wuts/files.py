"""The integration's own files, as the checks of Home Assistant and HACS read them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

from homeassistant.util.yaml import parse_yaml

ROOT = Path(__file__).parents[3]
INTEGRATION = ROOT / "custom_components/wuts"
LANGUAGES = ("en", "pt-BR")

type Json = Any


def read_json(name: str) -> Json:
    """Read a file of the integration, or of the repository if the name begins with ``/``."""
    path = ROOT / name[1:] if name.startswith("/") else INTEGRATION / name
    return json.loads(path.read_text("utf-8"))


def read_yaml(name: str) -> Json:
    """Read a file of the integration; keys that begin with a dot are only pointed at."""
    content = parse_yaml((INTEGRATION / name).read_text("utf-8"))
    assert isinstance(content, dict)
    return {key: value for key, value in content.items() if not key.startswith(".")}


def texts_of(node: Json, path: str = "") -> dict[str, str]:
    """Return all texts of a translation by their dotted paths."""
    if isinstance(node, str):
        return {path: node}
    return {
        inner: text
        for key, value in node.items()
        for inner, text in texts_of(value, f"{path}.{key}" if path else key).items()
    }


def keys_of(node: Json) -> Iterator[str]:
    """Yield every key that is in a translation."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from keys_of(value)


def words_of(text: str) -> set[str]:
    """Return what a text leaves to be filled in."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def sources() -> str:
    """Return the integration's own code, without the core it carries."""
    return "\n".join(path.read_text("utf-8") for path in modules())


def modules() -> list[Path]:
    """Return the integration's own modules, without the core it carries."""
    return [
        path
        for path in sorted(INTEGRATION.glob("**/*.py"))
        if path.relative_to(INTEGRATION).parts[0] != "core"
    ]


def quoted(code: str) -> set[str]:
    """Return what stands in quotes in some code: all that may name a translation."""
    return set(re.findall(r'"([a-z0-9_]+)"', code))
