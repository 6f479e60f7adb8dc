"""Reads what a person put into a window."""

from typing import Any

from slack_app.blocks.names import Input


def text_of(view: dict[str, Any], name: Input) -> str:
    """Return what was typed, or empty."""
    return str(_element(view, name).get("value") or "").strip()


def choice_of(view: dict[str, Any], name: Input) -> str:
    """Return the value of what was chosen, or empty."""
    return str((_element(view, name).get("selected_option") or {}).get("value", ""))


def _element(view: dict[str, Any], name: Input) -> dict[str, Any]:
    element: dict[str, Any] = view["state"]["values"].get(name.value, {}).get(name.value, {})
    return element
