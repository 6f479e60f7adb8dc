"""The one HTML document of the board, in each language, and what browsers let it do."""

import json
from functools import cache
from html import escape
from importlib.resources import files
from string import Template

from wuts.page.policy import headers_for, policy_of

from .payload import Payload
from .words import LANGUAGES, Words, shown_words, words_for


def document_for(accept_language: str) -> Payload:
    """Return the page that begins in the language a browser likes best."""
    return _document(words_for(accept_language).language)


@cache
def headers() -> dict[str, str]:
    """Return the headers of each answer."""
    return headers_for(policy_of(document_for("").body.decode()))


@cache
def _document(language: str) -> Payload:
    words = LANGUAGES[language]
    page = Template(_part("board.html")).substitute(
        language=words.language,
        title=escape(words.title),
        noscript=escape(words.noscript),
        style=_part("board.css"),
        script=_part("board.js") + _part("live.js"),
        languages="\n".join(map(_choice, LANGUAGES.values())),
        words=_data({tag: shown_words(one) for tag, one in LANGUAGES.items()}),
    )
    return Payload.of(page.encode(), "text/html")


def _choice(words: Words) -> str:
    tag = words.language
    name = escape(words.language_name)
    return f'<button type="button" lang="{tag}" data-language="{tag}">{name}</button>'


def _part(name: str) -> str:
    return files(__package__).joinpath("page", name).read_text("utf-8")


def _data(content: object) -> str:
    """Return JSON that no HTML parser takes for the end of its element."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
