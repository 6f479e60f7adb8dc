"""Words in files: what translators may get wrong, and what people read then."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuts.languages import liked_best, load, mistakes, nearest, read_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    language: str
    hello: str
    day: str
    states: Mapping[str, str]


ENGLISH = {
    "hello": "Hello {name}",
    "day": "%Y-%m-%d",
    "states": {"up": "connected", "down": "offline"},
}
GERMAN = {"hello": "Hallo {name}", "day": "%d.%m.%Y", "states": {"up": "an", "down": "aus"}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "en", ENGLISH)
    return tmp_path


def write(folder: Path, tag: str, texts: object) -> None:
    (folder / f"{tag}.json").write_text(json.dumps(texts), "utf-8")


def test_a_language_is_a_file_and_nothing_else(folder: Path) -> None:
    write(folder, "de", GERMAN)
    languages = load(folder, Words)
    assert list(languages) == ["en", "de"]
    assert languages["de"] == Words(language="de", **GERMAN)  # type: ignore[arg-type]


def test_what_is_not_translated_is_said_in_english(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(folder, "de", {"states": {"up": "an"}})
    german = load(folder, Words)["de"]
    assert german.hello == "Hello {name}"
    assert german.states == {"up": "an", "down": "offline"}
    assert not caplog.records, "that is no fault"


@pytest.mark.parametrize(
    ("texts", "where", "what"),
    [
        ({"hello": "Hallo"}, "hello", "lacks the placeholder {name}"),
        ({"hello": "Hallo {naam}"}, "hello", "lacks the placeholder {name}"),
        ({"hello": "Hallo {name} {last}"}, "hello", "has an unknown {last}"),
        ({"hello": "Hallo {name} {"}, "hello", "has a { or } that belongs to no placeholder"),
        ({"hello": "Hallo {name!r}"}, "hello", "lacks the placeholder {name}"),
        ({"hello": "Hallo {{name}}"}, "hello", "has a { or } that belongs to no placeholder"),
        ({"hello": " "}, "hello", "is empty: translate it, or delete the line"),
        ({"hello": ["Hallo {name}"]}, "hello", 'must be a text in " "'),
        ({"hello": None}, "hello", 'must be a text in " "'),
        ({"day": "%d.%m."}, "day", "lacks the placeholder %Y"),
        ({"states": "an"}, "states", "must be a group of texts in { }"),
        ({"states": {"up": 3}}, "states.up", 'must be a text in " "'),
        (
            {"states": {"upp": "an"}},
            "states.upp",
            "is not in the English file: correct the key, or delete the line",
        ),
        (
            {"language": "fr"},
            "language",
            "is not in the English file: correct the key, or delete the line",
        ),
    ],
)
def test_a_text_that_does_not_fit_is_named_and_said_in_english(
    folder: Path, caplog: pytest.LogCaptureFixture, texts: dict[str, object], where: str, what: str
) -> None:
    found = [one for one in mistakes(ENGLISH, texts) if not one.is_missing]
    assert [(one.where, one.what) for one in found] == [(where, what)]
    write(folder, "de", texts)
    with caplog.at_level(logging.WARNING):
        german = load(folder, Words)["de"]
    assert german == Words(language="de", **ENGLISH)  # type: ignore[arg-type]
    assert caplog.messages == [f"de.json does not fit en.json: `{where}` {what}"]


def test_what_is_not_translated_is_named() -> None:
    found = list(mistakes(ENGLISH, {"hello": "Hallo {name}", "states": {"up": "an"}}))
    assert all(one.is_missing for one in found)
    assert [str(one) for one in found] == [
        "`day` is not translated yet",
        "`states.down` is not translated yet",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"hello": "Hallo {name}",}', "de.json: this is not JSON: .*line 1"),
        ('{"hello": "a", "hello": "b"}', "de.json: this is not JSON: `hello` is there twice"),
        ("[]", "de.json: this is not a JSON object"),
        ("", "de.json: this is not JSON"),
    ],
)
def test_a_file_that_is_no_translation_is_named(folder: Path, content: str, said: str) -> None:
    (folder / "de.json").write_text(content)
    with pytest.raises(ValueError, match=said):
        load(folder, Words)


@pytest.mark.parametrize("name", ["pt_BR.json", "german.json", "PT.json", "pt-br.json"])
def test_a_file_that_is_named_by_no_tag_is_named(folder: Path, name: str) -> None:
    (folder / name).write_text("{}")
    with pytest.raises(ValueError, match=f"{name}: name the file by the language's tag"):
        read_folder(folder)


@pytest.mark.parametrize("name", ["pt-BR", "de", "zh-Hant", "es-419", "zh-Hant-TW"])
def test_a_tag_is_a_name(folder: Path, name: str) -> None:
    write(folder, name, {})
    assert list(read_folder(folder)) == ["en", name]


def test_other_files_are_left_alone(folder: Path) -> None:
    (folder / "README.md").write_text("Hello")
    assert list(read_folder(folder)) == ["en"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("pt-BR", "pt-BR"),
        ("pt-br", "pt-BR"),
        ("pt_BR", "pt-BR"),
        ("pt", "pt-BR"),
        ("pt-PT", "pt-BR"),
        ("zh-Hant-TW", "zh-Hant"),
        ("zh-Hans-CN", "zh-Hans"),
        ("de-AT", "de"),
        ("fr", None),
        ("p", None),
        ("*", None),
        ("", None),
    ],
)
def test_the_nearest_language_is_found(wanted: str, found: str | None) -> None:
    assert nearest(wanted, ["en", "de", "pt-BR", "zh-Hans", "zh-Hant"]) == found


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        ("pt-PT, pt-BR;q=0.9", "pt-PT"),
        ("pt-BR, pt-PT;q=0.9", "pt-BR"),
        ("de;q=0.4, pt;q=0.5", "pt-BR"),
        ("de;q=2, en;q=0.1", "en"),
        ("xx", "en"),
    ],
)
def test_a_browser_gets_what_it_likes_best(header: str, tag: str) -> None:
    assert liked_best(header, {one: one for one in ("en", "de", "pt-BR", "pt-PT")}) == tag


@given(st.text())
def test_any_header_gives_a_language(header: str) -> None:
    assert liked_best(header, {"en": 1, "pt-BR": 2}) in {1, 2}
