import subprocess
import sys
from pathlib import Path

import pytest

from scripts.lib import prose

ROOT = Path(__file__).parents[2]
HABITS = prose.rules()

BAD = [(rule, sentence) for rule in HABITS for sentence in rule.bad]


def found(name: str, source: str) -> list[tuple[int, str]]:
    return [
        (line, reason.split("”")[0].removeprefix("“"))
        for line, reason in prose.complaints(name, source, HABITS)
    ]


@pytest.mark.parametrize(("rule", "sentence"), BAD, ids=[sentence for _, sentence in BAD])
def test_each_rule_finds_its_bad_sentences(rule: prose.Rule, sentence: str) -> None:
    assert list(rule.found(sentence))


@pytest.mark.parametrize("sentence", [good for rule in HABITS for good in rule.good])
def test_no_rule_finds_a_good_sentence_of_any(sentence: str) -> None:
    assert found("page.md", sentence) == []


def test_every_rule_says_what_to_write_and_proves_itself() -> None:
    assert all(rule.write and rule.bad and rule.good for rule in HABITS)


@pytest.mark.parametrize(
    "sentence",
    [
        "Nobody should get that who wanted to scan, again and again as codes expire.",
        "This page is for who operates one of them",
        "the next is told who is at it",
        "just begin anew: the newest dialog of a device goes on",
        "*What we do not:* encrypt the token at rest",
        "the gateway knows it no more",
        "Home Assistant pays no heed to what the gateway delivers",
        "It is asked again by itself; you need not do anything",
        "is left alone, as somebody wished",
        "Shall it stay?",
        "Tell who runs this app",
        "the store's database did not take leave in time",
    ],
)
def test_sentences_that_once_stood_here_do_not_come_back(sentence: str) -> None:
    assert found("page.md", sentence)


def test_a_habit_is_found_in_comments_docstrings_and_strings_of_code_with_its_line() -> None:
    source = '''"""Opens a door.

It goes on until it ends.
"""

# The owner
# shall know.
MESSAGE = f"{1} of it need " f"not wait"
'''

    assert sorted(found("door.py", source)) == [(3, "goes on"), (7, "shall"), (8, "need not")]


def test_a_habit_is_found_across_the_end_of_a_line_but_not_of_a_paragraph() -> None:
    assert found("page.md", "It goes\non.") == [(1, "goes on")]
    assert found("page.md", "It goes\n\non.") == []


@pytest.mark.parametrize(
    "source",
    [
        "Write `goes on` as code.",
        "```sh\nthis goes on\n```",
        "It goes on. <!-- prose: ok -->",
        "<!-- prose: ok -->\nIt goes on.",
        "<!-- prose: off -->\nIt goes on.\n\nIt goes on.\n<!-- prose: on -->",
        "<!-- prose: off -->\nIt goes on.",
    ],
)
def test_code_and_what_is_marked_is_left_out(source: str) -> None:
    assert found("page.md", source) == []


def test_what_follows_a_fence_or_a_mark_is_checked_again() -> None:
    assert found("page.md", "```sh\ncode\n```\nIt goes on.") == [(4, "goes on")]
    assert found("page.md", "<!-- prose: off -->\n<!-- prose: on -->\nIt goes on.") == [
        (3, "goes on")
    ]


@pytest.mark.parametrize("name", ["translations/en.json", "strings.json", "setup.sh", "a.toml"])
def test_strings_and_comments_of_other_files_are_read(name: str) -> None:
    assert found(name, '{"title": "It goes on"}') == [(1, "goes on")]


def test_other_languages_other_json_and_the_rules_themselves_are_not() -> None:
    assert found("fixtures/answer.json", '"It goes on"') == []
    files = prose.english_files(ROOT, [])
    assert "docs/library.md" in files
    assert "core/wuts/client.py" in files
    assert "custom_components/wuts/translations/en.json" in files
    assert "core/wuts/page/languages/en.json" in files
    assert "scripts/lint" in files
    assert not {"LICENSE", "scripts/lib/prose.toml"} & set(files)
    assert not [name for name in files if "pt-BR" in name or name.startswith("requirements/")]


def test_a_test_may_quote_a_habit_but_not_have_it() -> None:
    source = """'''It goes on.'''\nQUOTED = "It goes on."  # and goes on\n"""
    assert found("door.py", source) == [(1, "goes on"), (2, "goes on"), (2, "goes on")]
    assert found("tests/test_door.py", source) == [(1, "goes on"), (2, "goes on")]


def test_the_command_names_the_place_and_fails() -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "scripts.lib.prose", "docs/images"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert (checked.returncode, checked.stdout) == (0, "No complaints.\n")


def test_a_complaint_names_the_line_and_what_to_write(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    (tmp_path / "page.md").write_text("First.\nIt begins anew.\n")
    (tmp_path / "image.md").write_bytes(b"\x89PNG\xff anew")

    assert prose.main(tmp_path, []) == 1

    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "page.md:2: “anew”: write again, or from the start",
        "1 complaints in 1 files.",
    ]


def test_a_file_that_is_not_python_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    (tmp_path / "door.py").write_text("opened = 1\n<<<<<<< here\n")

    assert prose.main(tmp_path, []) == 1

    assert capsys.readouterr().out.startswith("door.py:2: is not Python: ")
