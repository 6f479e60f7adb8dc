"""What Slack accepts (Slack reference, Block Kit); a message beyond it is `invalid_blocks`."""

from typing import Any

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MOST_TEXT = {"section": 3000, "header": 150, "context": 2000}
MOST_ELEMENTS = {"actions": 25, "context": 10}
KNOWN = {"section", "header", "context", "actions", "image", "input"}


def check(blocks: list[dict[str, Any]], surface: str = "message") -> None:
    """Assert that Slack would take these blocks."""
    assert 0 < len(blocks) <= MOST_BLOCKS[surface]
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    assert len(ids) == len(set(ids))
    for block in blocks:
        check_block(block)


def check_block(block: dict[str, Any]) -> None:
    kind = block["type"]
    assert kind in KNOWN
    assert len(block.get("block_id", "x")) <= 255
    elements = block.get("elements", [])
    assert len(elements) <= MOST_ELEMENTS.get(kind, 0)
    if kind in {"actions", "context"}:
        assert elements
    if kind in {"section", "header"}:
        check_text(block["text"], MOST_TEXT[kind])
    if kind == "header":
        assert block["text"]["type"] == "plain_text"
    if kind == "image":
        assert 0 < len(block["alt_text"]) <= 2000
        assert set(block["slack_file"]) == {"id"}
    if kind == "input":
        check_text(block["label"], 2000)
        check_text(block.get("hint", block["label"]), 2000)
        check_element(block["element"])
    for element in elements:
        if kind == "context":
            check_text(element, MOST_TEXT["context"])
        else:
            check_element(element)
    if kind == "actions":
        names = [element["action_id"] for element in elements]
        assert len(names) == len(set(names))
    if "accessory" in block:
        check_element(block["accessory"])


def check_element(element: dict[str, Any]) -> None:
    assert 0 < len(element["action_id"]) <= 255
    if element["type"] == "button":
        check_text(element["text"], 75)
        assert element["text"]["type"] == "plain_text"
        assert 0 < len(element["value"]) <= 2000
        assert element.get("style", "primary") in {"primary", "danger"}
        check_confirm(element.get("confirm"))
    for option in element.get("options", []):
        check_option(option)
    assert len(element.get("options", [])) <= 100


def check_confirm(dialog: dict[str, Any] | None) -> None:
    if dialog is None:
        return
    for name, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        assert dialog[name]["type"] == "plain_text"
        check_text(dialog[name], most)
    assert dialog["style"] in {"primary", "danger"}


def check_option(option: dict[str, Any]) -> None:
    check_text(option["text"], 75)
    assert 0 < len(option["value"]) <= 150


def check_text(text: dict[str, Any], most: int) -> None:
    assert text["type"] in {"plain_text", "mrkdwn"}
    assert 0 < len(text["text"]) <= most


def check_home(view: dict[str, Any]) -> None:
    """Assert that Slack would publish this home."""
    assert set(view) == {"type", "blocks"}
    assert view["type"] == "home"
    check(view["blocks"], "home")


def check_window(view: dict[str, Any]) -> None:
    """Assert that Slack would open this window."""
    assert view["type"] == "modal"
    assert len(view["callback_id"]) <= 255
    assert len(view["private_metadata"]) <= 3000
    for name in ("title", "submit", "close"):
        check_text(view[name], 24)
    check(view["blocks"], "modal")
