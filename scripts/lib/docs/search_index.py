"""Let a search find the pages first, and in the reference what is called, not each field of it."""

import json
import re
from pathlib import Path
from typing import Any

_LABELS = re.compile(r"\s*<small>.*</small>")

type Json = Any


def keep_what_people_look_for(path: Path) -> None:
    """Rewrite the index of a built site."""
    index = json.loads(path.read_text())
    index["items"] = [_without_labels(item) for item in index["items"] if not _is_field(item)]
    path.write_text(json.dumps(index, ensure_ascii=False))


def _is_field(item: Json) -> bool:
    return item["location"].startswith("api/") and "-attribute" in item["title"]


def _without_labels(item: Json) -> Json:
    return {**item, "title": _LABELS.sub("", item["title"])}
