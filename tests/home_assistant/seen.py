"""What a person sees of a page, read from all of its shadows."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from scripts.lib.home_page import HomePage
from scripts.lib.parts import ROOT
from tests.home_assistant.house import keep

_TRANSLATIONS = ROOT / "custom_components/wuts/translations"

_READ = """root => {
  const seen = [];
  const note = (text, box) => {
    if (box.width && box.height) seen.push({text, left: box.left, right: box.right});
  };
  const walk = node => {
    if (node.nodeType === Node.TEXT_NODE) {
      const text = node.textContent.trim();
      if (!text || !node.parentElement?.checkVisibility({visibilityProperty: true})) return;
      const range = document.createRange();
      range.selectNodeContents(node);
      note(text, range.getBoundingClientRect());
    } else if (node.localName === "slot") {
      const given = node.assignedNodes({flatten: true});
      (given.length ? given : [...node.childNodes]).forEach(walk);
    } else if (node.nodeType === Node.ELEMENT_NODE && node.localName !== "style") {
      if (node.localName === "img") note("□", node.getBoundingClientRect());
      [...(node.shadowRoot ?? node).childNodes].forEach(walk);
    }
  };
  walk(root);
  return {seen, width: innerWidth};
}"""


class Reader:
    """Reads one dialog after the other in Portuguese.

    Args:
        window: Where they are.

    Attributes:
        english: What was English, by the name of the dialog.
        beyond: What a dialog did not show from its left to its right end, by the dialog's name.
    """

    def __init__(self, window: HomePage) -> None:
        self.english: dict[str, list[str]] = {}
        self.beyond: dict[str, list[str]] = {}
        self._window = window

    async def read(self, name: str, said: str) -> None:
        """Wait until the page says something, read all of it, and keep a picture."""
        await self._window.says(said)
        await keep(self._window, f"pt-{name}")
        root = self._window.dialog.first
        if not (is_dialog := await root.is_visible()):
            root = self._window.page.locator("ha-panel-config")
        page: dict[str, Any] = await root.evaluate(_READ)
        english = [one["text"] for one in page["seen"] if is_english(one["text"])]
        beyond = [
            one["text"]
            for one in page["seen"]
            # In its own lists Home Assistant shortens what is too long.
            if is_dialog and (one["left"] < -1 or one["right"] > page["width"] + 1)
        ]
        self.english |= {name: english} if english else {}
        self.beyond |= {name: beyond} if beyond else {}


def is_english(text: str) -> bool:
    """Tell whether a text has words of ours that only the English translation has."""
    return _english().search(text) is not None


@cache
def _english() -> re.Pattern[str]:
    """Return what finds a piece of an English text that no Portuguese text has."""
    portuguese = "\n".join(_texts("pt-BR")).lower()
    pieces = {
        piece.strip()
        for text in _texts("en")
        for piece in re.split(r"\{\w+\}|[*_#`\n]|!?\[|\]\(?|\)", text)
    }
    ours = {
        piece for piece in pieces if re.search(r"\w{4}", piece) and piece.lower() not in portuguese
    }
    longest_first = sorted(ours, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})", re.IGNORECASE)


def _texts(language: str) -> Iterator[str]:
    found: list[Any] = [json.loads((_TRANSLATIONS / f"{language}.json").read_text())]
    while found:
        one = found.pop()
        if isinstance(one, str):
            yield one
        else:
            found += one.values()
