import json
from pathlib import Path

from scripts.lib.docs.search_index import keep_what_people_look_for


def test_pages_and_calls_are_found_and_not_each_field(tmp_path: Path) -> None:
    path = tmp_path / "search.json"
    labels = "  <small><code>class-attribute</code> <code>instance-attribute</code></small>"
    items = [
        {"location": "alerts/", "title": "Alerts"},
        {"location": "api/supervisor/#Cause.REPLACED", "title": f"REPLACED{labels}"},
        {"location": "api/client/#get_qr", "title": "get_qr  <small><code>async</code></small>"},
    ]
    path.write_text(json.dumps({"config": {"lang": ["en"]}, "items": items}))

    keep_what_people_look_for(path)

    index = json.loads(path.read_text())
    assert index["config"] == {"lang": ["en"]}
    assert [item["title"] for item in index["items"]] == ["Alerts", "get_qr"]
