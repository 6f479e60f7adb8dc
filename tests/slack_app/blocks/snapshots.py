"""Block Kit as JSON beside the tests. ``WUTS_UPDATE_SNAPSHOTS=1`` writes them again."""

import json
import os
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "snapshots"


def matches(name: str, blocks: Any) -> None:  # noqa: ANN401 - JSON
    """Assert that the blocks are as they were when they were last looked at."""
    path = _FOLDER / f"{name}.json"
    text = json.dumps(blocks, ensure_ascii=False, indent=2) + "\n"
    if os.environ.get("WUTS_UPDATE_SNAPSHOTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8")) == json.loads(text)
