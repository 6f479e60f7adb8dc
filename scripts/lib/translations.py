"""Check the files of each language, for whoever translates: docs/translating.md.

    translations.py [TAG]

Each mistake is printed as FILE: `KEY` REASON. With a language's tag, such as de, every text that is
not translated yet is listed as well, in English. Only in the languages that are kept complete is
that a mistake.
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from wuts.languages import ENGLISH, Texts, mistakes, read_folder

ROOT = Path(__file__).parents[2]
FOLDERS = (
    "core/wuts/page/languages",
    "core/wuts/receivers/languages",
    "wuts_cli/board/languages",
    "slack_app/messages/languages",
    "custom_components/wuts/translations",
)
COMPLETE = {"pt-BR"}
"""Languages in which nothing may be missing."""


def check(root: Path, listed: str | None = None) -> tuple[list[str], list[str]]:
    """Return the mistakes in the files below a folder, and what else is worth saying."""
    wrong: list[str] = []
    told: list[str] = []
    for folder in FOLDERS:
        try:
            files = read_folder(root / folder)
        except ValueError as error:
            wrong.append(f"{folder}/{error}")
            continue
        english = files[ENGLISH]
        for tag, texts in files.items():
            name = f"{folder}/{tag}.json"
            missing = []
            for one in mistakes(english, texts):
                if tag in COMPLETE or not one.is_missing:
                    wrong.append(f"{name}: {one}")
                elif tag != ENGLISH:
                    missing.append(one.where)
            told += _told(name, english, missing, is_listed=tag == listed)
    if listed and all(not (root / folder / f"{listed}.json").exists() for folder in FOLDERS):
        wrong.append(f"There is no {listed}.json in any of {', '.join(FOLDERS)}.")
    return wrong, told


def _told(name: str, english: Texts, missing: list[str], *, is_listed: bool) -> Iterator[str]:
    places = {place: text for group in missing for place, text in _texts_at(english, group)}
    if places:
        yield f"{name}: {len(places)} texts are not translated yet, and said in English"
    if is_listed:
        yield from (f"    `{place}`: {text}" for place, text in places.items())


def _texts_at(english: Texts, where: str) -> Iterator[tuple[str, str]]:
    """Yield each text of a group, or the one text, with its place."""
    node: object = english
    for key in where.split("."):
        assert isinstance(node, Mapping)  # noqa: S101 - it was found there
        node = node[key]
    if not isinstance(node, Mapping):
        yield where, str(node)
        return
    for key in node:
        yield from _texts_at(english, f"{where}.{key}")


def main(listed: str | None = None) -> int:
    """Print what there is to say of all languages; return the exit code."""
    wrong, told = check(ROOT, listed)
    print("\n".join([*told, *wrong]) if told or wrong else "No mistakes.")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
