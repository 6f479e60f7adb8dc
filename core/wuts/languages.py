"""Words for people, in each language that a folder has a file of.

``languages/pt-BR.json`` is named by the language's tag (BCP 47), and says in that language what
``en.json`` beside it says. docs/translating.md tells translators how.
"""

import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import TypeAdapter

_LOGGER = logging.getLogger(__name__)

ENGLISH = "en"
"""The language that every other falls back to, text by text."""

LONGEST_HEADER = 1000
"""Characters of an ``Accept-Language`` header that are read."""

_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
_PLACEHOLDER = re.compile(r"\{\w+\}|%[A-Za-z]")
"""What is filled in, and the parts of a date."""

type Texts = Mapping[str, Any]
"""Texts, and groups of them, by their keys."""


class Folder(Protocol):
    """A folder, in a file system or in a package (`importlib.resources`)."""

    @property
    def name(self) -> str:
        """Its name, or that of a file in it."""

    def iterdir(self) -> Iterator[Any]:
        """Yield what is in it."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A text that does not fit the English one.

    Attributes:
        where: Its keys, joined by dots.
        what: What is wrong, in words for a translator.
        is_missing: Whether it is only not translated yet.
    """

    where: str
    what: str
    is_missing: bool = False

    def __str__(self) -> str:
        return f"`{self.where}` {self.what}"


def load[T](folder: Folder, kind: type[T]) -> dict[str, T]:
    """Return the words of each language in a folder, by tag, English first.

    A text that is missing or does not fit is said in English. It reads files, so call it where a
    module is imported.

    Args:
        folder: Where ``en.json`` and its translations are.
        kind: A dataclass with a field for each key, and ``language`` for the tag.

    Raises:
        ValueError: A file is no translation at all; the message says which, and why.
    """
    files = read_folder(folder)
    english, adapter = files[ENGLISH], TypeAdapter(kind)
    for tag, texts in files.items():
        unfit = [str(one) for one in mistakes(english, texts) if not one.is_missing]
        if unfit:
            _LOGGER.warning("%s.json does not fit %s.json: %s", tag, ENGLISH, "; ".join(unfit))
    return {
        tag: adapter.validate_python({"language": tag, **_filled(english, texts)})
        for tag, texts in files.items()
    }


def read_folder(folder: Folder) -> dict[str, Texts]:
    """Return what each file of a folder says, by tag, English first.

    Raises:
        ValueError: A file is not named by a tag, or is not a JSON object.
    """
    files = {file.name: file for file in folder.iterdir() if file.name.endswith(".json")}
    names = sorted(files, key=lambda name: (name != f"{ENGLISH}.json", name))
    return {_tag_of(name): _read(name, files[name].read_text("utf-8")) for name in names}


def mistakes(english: Texts, translated: Texts, group: str = "") -> Iterator[Mistake]:
    """Yield what does not fit in a translation."""
    for key in [*english, *(key for key in translated if key not in english)]:
        where = f"{group}.{key}" if group else key
        if key not in translated:
            yield Mistake(where, "is not translated yet", is_missing=True)
        elif key not in english:
            yield Mistake(where, "is not in the English file: correct the key, or delete the line")
        elif isinstance(english[key], Mapping) and isinstance(translated[key], Mapping):
            yield from mistakes(english[key], translated[key], where)
        elif what := _misfit(english[key], translated[key]):
            yield Mistake(where, what)
        elif english[key] == translated[key] and _has_words(english[key]):
            yield Mistake(where, "is still in English", is_missing=True)


def nearest(tag: str, known: Iterable[str]) -> str | None:
    """Return the known language that is nearest to a tag, or None.

    ``pt`` and ``pt-PT`` give ``pt-BR`` if that is the only Portuguese.
    """
    by_name = {one.lower(): one for one in known}
    wanted = tag.strip().lower().replace("_", "-")
    while wanted:
        for name, one in by_name.items():
            if name == wanted:
                return one
        for name, one in by_name.items():
            if name.startswith(f"{wanted}-"):
                return one
        wanted = wanted.rpartition("-")[0]
    return None


def liked_best[T](accept_language: str, known: Mapping[str, T]) -> T:
    """Return what there is in the language that ``Accept-Language`` likes best, or in English.

    Args:
        accept_language: The header; hostile.
        known: By tag, English among them.
    """
    best, best_quality = ENGLISH, 0.0
    for part in accept_language[:LONGEST_HEADER].split(","):
        wanted, _, parameters = part.partition(";")
        quality = _quality(parameters)
        if quality > best_quality and (tag := nearest(wanted, known)) is not None:
            best, best_quality = tag, quality
    return known[best]


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        quality = float(value)
    except ValueError:
        return 0.0
    return quality if quality <= 1 else 0.0


def _tag_of(name: str) -> str:
    tag = name.removesuffix(".json")
    if not _TAG.fullmatch(tag):
        raise ValueError(
            f"{name}: name the file by the language's tag, such as de.json, pt-BR.json"
        )
    return tag


def _read(name: str, text: str) -> Texts:
    try:
        content = json.loads(text, object_pairs_hook=_without_repeats)
    except ValueError as error:
        raise ValueError(f"{name}: this is not JSON: {error}") from None
    if not isinstance(content, dict):
        raise ValueError(f"{name}: this is not a JSON object")  # noqa: TRY004 - of a file
    return content


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"`{key}` is there twice")
        found[key] = value
    return found


def _filled(english: Texts, translated: Texts) -> dict[str, Any]:
    """Return a translation in which English stands for what does not fit."""
    return {key: _chosen(one, translated.get(key)) for key, one in english.items()}


def _chosen(english: str | Texts, translated: object) -> object:
    if isinstance(english, Mapping):
        return _filled(english, translated if isinstance(translated, Mapping) else {})
    return english if translated is None or _misfit(english, translated) else translated


def _misfit(english: object, translated: object) -> str | None:
    """Say what is wrong with a translation of one text, if anything is."""
    if not isinstance(english, str):
        return "must be a group of texts in { }"
    if not isinstance(translated, str):
        return 'must be a text in " "'
    if english and not translated.strip():
        return "is empty: translate it, or delete the line"
    needed, found = placeholders(english), placeholders(translated)
    for one in (*sorted(needed - found), *sorted(found - needed)):
        return f"lacks the placeholder {one}" if one in needed else f"has an unknown {one}"
    if re.search(r"[{}]", _PLACEHOLDER.sub("", translated)):
        return "has a { or } that belongs to no placeholder"
    return None


def _has_words(text: str) -> bool:
    """Tell whether no two languages can say a text alike."""
    return len(re.findall(r"[^\W\d_]{2,}", _PLACEHOLDER.sub("", text))) > 1


def placeholders(text: str) -> set[str]:
    """Return what a text leaves to be filled in."""
    return set(_PLACEHOLDER.findall(text))
