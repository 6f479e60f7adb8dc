"""The one HTML document of the board, in each language, and what browsers let it do."""

import json
from dataclasses import asdict
from functools import cache
from html import escape
from importlib.resources import files
from string import Template

from wuts.page.languages import liked_best
from wuts.page.policy import headers_for, policy_of

from .en import EN
from .payload import Payload
from .pt_br import PT_BR

_LANGUAGES = {"en": EN, "pt": PT_BR}


def document_for(accept_language: str) -> Payload:
    """Return the page that begins in the language a browser likes best."""
    return _document(liked_best(accept_language, {name: name for name in _LANGUAGES}, "en"))


@cache
def headers() -> dict[str, str]:
    """Return the headers of each answer."""
    return headers_for(policy_of(document_for("").body.decode()))


@cache
def _document(language: str) -> Payload:
    words = _LANGUAGES[language]
    page = Template(_part("board.html")).substitute(
        language=words.language,
        title=escape(words.title),
        noscript=escape(words.noscript),
        style=_part("board.css"),
        script=_part("board.js") + _part("live.js"),
        words=_data({one.language: asdict(one) for one in _LANGUAGES.values()}),
    )
    return Payload.of(page.encode(), "text/html")


def _part(name: str) -> str:
    return files(__package__).joinpath("page", name).read_text("utf-8")


def _data(content: object) -> str:
    """Return JSON that no HTML parser takes for the end of its element."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
