"""What translators get wrong is said in plain words; a new language is files, and no Python."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.lib.translations import FOLDERS, ROOT, check, main

GERMAN: dict[str, dict[str, object]] = {
    "core/wuts/page/languages": {"heading": "Ein Telefon verknüpfen"},
    "core/wuts/receivers/languages": {
        "kinds": {"offline": {"one": "Offline: {device}"}},
        "causes": {"unlinked": "Das Telefon hat es getrennt."},
    },
    "wuts_cli/board/languages": {
        "language_name": "Deutsch",
        "alerts": "Offene Alarme",
        "sign_in": {"title": "Bei WUTS anmelden"},
    },
    "slack_app/messages/languages": {"status_title": "WhatsApp-Geräte"},
    "custom_components/wuts/translations": {"title": "WUTS auf Deutsch"},
}
"""A language that is just begun."""

SHOW = """
import asyncio, json
from datetime import UTC
import wuts
from tests.core.wuts.receivers.notified import device_alert, notification
from wuts.page.drawing import draw_page, draw_refusal
from wuts.page.words import words_for
from wuts.receivers import text_of, words_of
from wuts.supervisor import AlertKind
from wuts_cli.board.document import document_for
from wuts_cli.board.words import words_for as board_words_for
from slack_app.messages import strings_for
from slack_app.settings import Settings

words = words_for("de-AT,de;q=0.9,en;q=0.8")
notified = notification(device_alert(1, AlertKind.OFFLINE))
print(json.dumps({
    "from": wuts.__file__,
    "page": draw_page(words, draw_refusal(words, "expired")),
    "notification": list(text_of(notified, words_of("de"), zone=UTC).__getstate__()),
    "board": document_for("de").body.decode(),
    "sign_in": board_words_for("de").sign_in.title,
    "slack": [strings_for("de-DE").status_title, strings_for("de-DE").help_title],
    "setting": Settings(
        bot_token="xoxb-1", app_token="xapp-1", accounts={"home": {"token": "a" * 20}},
        alert_language="de",
    ).alert_language,
}))
"""


def add(root: Path, tag: str, texts: dict[str, dict[str, object]]) -> None:
    for folder, content in texts.items():
        (root / folder / f"{tag}.json").write_text(json.dumps(content), "utf-8")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a folder with the files of every language."""
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def test_there_is_no_mistake_in_any_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0, capsys.readouterr().out


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        ("", "this is not JSON"),
        ("[]", "this is not a JSON object"),
        ('{"no_such_key": "Olá"}', "`no_such_key` is not in the English file"),
        ('{"no_such_key": "Olá", "no_such_key": "Olá"}', "`no_such_key` is there twice"),
        ("{}", "is not translated yet"),
    ],
)
def test_a_spoilt_file_is_named(clone: Path, folder: str, spoil: str, what: str) -> None:
    (clone / folder / "pt-BR.json").write_text(spoil, "utf-8")
    wrong, _told = check(clone)
    assert any(one.startswith(f"{folder}/pt-BR.json: ") and what in one for one in wrong)
    assert all(f"{folder}/pt-BR.json" in one for one in wrong)


@pytest.mark.parametrize(
    ("folder", "keys"),
    [
        ("core/wuts/page/languages", "title"),
        ("core/wuts/receivers/languages", "kinds.offline.one"),
        ("wuts_cli/board/languages", "roles.standby"),
        ("slack_app/messages/languages", "unknown_command"),
        ("custom_components/wuts/translations", "config.abort.already_configured"),
    ],
)
@pytest.mark.parametrize(
    ("mistake", "what"),
    [
        ("Olá", "lacks the placeholder {"),
        ("{} Olá", "lacks the placeholder {"),
        ("", "is empty"),
        (5, 'must be a text in " "'),
        ({"other": "Olá"}, 'must be a text in " "'),
    ],
)
def test_a_text_that_does_not_fit_is_named_with_its_key(
    clone: Path, folder: str, keys: str, mistake: object, what: str
) -> None:
    file = clone / folder / "pt-BR.json"
    content = json.loads(file.read_text("utf-8"))
    *groups, last = keys.split(".")
    node = content
    for group in groups:
        node = node[group]
    node[last] = mistake
    file.write_text(json.dumps(content), "utf-8")
    (wrong,), _told = check(clone)
    assert wrong.startswith(f"{folder}/pt-BR.json: `{keys}` {what}")


def test_a_language_may_be_begun_and_its_rest_is_listed(clone: Path) -> None:
    add(clone, "de", GERMAN)
    wrong, told = check(clone)
    assert wrong == []
    assert len(told) == len(FOLDERS)
    assert all(one.endswith(" texts are not translated yet, and said in English") for one in told)
    wrong, told = check(clone, "de")
    assert wrong == []
    assert "    `title`: Link a phone to {name}" in told
    assert "    `kinds.offline.many`: {count} devices are offline" in told
    assert not [one for one in told if one.startswith("    `heading`")]


def test_what_was_only_copied_is_not_translated(clone: Path) -> None:
    folder = FOLDERS[0]
    shutil.copy(clone / folder / "en.json", clone / folder / "fr.json")
    wrong, told = check(clone, "fr")
    assert wrong == []
    assert "    `title`: Link a phone to {name}" in told
    shutil.copy(clone / folder / "en.json", clone / folder / "pt-BR.json")
    wrong, _told = check(clone)
    assert f"{folder}/pt-BR.json: `title` is still in English" in wrong


def test_a_language_that_is_nowhere_is_said(clone: Path) -> None:
    (wrong,), _told = check(clone, "xx")
    assert wrong.startswith("There is no xx.json in any of core/wuts/page/languages, ")


@pytest.mark.slow
def test_a_new_language_is_seen_everywhere_without_a_line_of_python(tmp_path: Path) -> None:
    for folder in ("core/wuts", "wuts_cli", "slack_app"):
        left_out = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=left_out)
    (tmp_path / "custom_components/wuts/translations").mkdir(parents=True)
    add(tmp_path, "de", GERMAN)
    path = os.pathsep.join([str(tmp_path / "core"), str(tmp_path), str(ROOT)])
    told = subprocess.run(
        [sys.executable, "-c", SHOW],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert told.returncode == 0, told.stderr
    assert told.stderr == ""
    seen = json.loads(told.stdout)
    assert seen["from"].startswith(str(tmp_path))
    assert '<html lang="de">' in seen["page"]
    assert "Ein Telefon verknüpfen" in seen["page"]
    assert "This link has expired." in seen["page"], "what is not translated yet is English"
    assert seen["notification"][0] == "WUTS: Offline: Desk 1"
    assert "Das Telefon hat es getrennt." in seen["notification"][1]
    assert '<button type="button" lang="de" data-language="de">Deutsch</button>' in seen["board"]
    assert "Offene Alarme" in seen["board"]
    assert "Das Telefon hat es getrennt." in seen["board"], "a cause reads the same everywhere"
    assert seen["sign_in"] == "Bei WUTS anmelden"
    assert seen["slack"] == ["WhatsApp-Geräte", "What I can do"]
    assert seen["setting"] == "de"
