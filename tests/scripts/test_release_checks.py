import json
from pathlib import Path

import pytest

from scripts.lib.release_checks import complaints, main, notes

ROOT = Path(__file__).parents[2]

CHANGELOG = """# Changelog

## [Unreleased]

### Added

- Something for later.

## [1.2.0] - 2026-11-23

### Added

- A QR that replaces itself: see [the page](docs/page.md#qr) and [the rest](#changed).

## [1.1.0] - 2026-10-01

- Older.

[1.2.0]: https://example.org/compare
"""

SLACK = """[project]
version = "{0}"
dependencies = ["aiohttp>=3.13", "wuts[page,store]=={1}"]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project that is ready to release version 1.2.0."""
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "1.2.0"\n')
    (tmp_path / "slack_app").mkdir()
    (tmp_path / "slack_app/pyproject.toml").write_text(SLACK.format("1.2.0", "1.2.0"))
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)
    (tmp_path / "hacs.json").write_text(json.dumps({"homeassistant": "2026.10.0"}))
    write_manifest(tmp_path, "1.2.0")
    (tmp_path / "requirements").mkdir()
    write_pins(tmp_path, "qrcode==8.2", "homeassistant==2026.10.4")
    return tmp_path


def write_manifest(project: Path, version: str) -> None:
    folder = project / "custom_components/wuts"
    folder.mkdir(parents=True, exist_ok=True)
    manifest = {"version": version, "requirements": ["pydantic>=2.12", "qrcode==8.2"]}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def write_pins(project: Path, *pins: str) -> None:
    lines = "".join(f"{pin} \\\n    --hash=sha256:{'0' * 64}\n" for pin in pins)
    (project / "requirements/home-assistant.txt").write_text(lines)


def test_a_project_that_agrees_with_itself_is_ready(project: Path) -> None:
    assert list(complaints(project, "1.2.0")) == []


def test_the_notes_are_what_the_changelog_says_of_that_version(project: Path) -> None:
    target = project / "dist/notes.md"
    assert main(project, "1.2.0", target) == 0
    link = "https://github.com/wuts/wuts/blob/v1.2.0/docs/page.md#qr"
    told = f"- A QR that replaces itself: see [the page]({link}) and [the rest](#changed).\n"
    assert target.read_text().startswith(f"### Added\n\n{told}\n[How to check")


def test_the_notes_say_how_to_check_a_release(project: Path) -> None:
    target = project / "dist/notes.md"
    assert main(project, "1.2.0", target) == 0
    page = target.read_text().rpartition("/blob/v1.2.0/")[2].removesuffix(")\n")
    assert (ROOT / page).is_file()


def test_a_last_version_has_notes_without_the_links_below_it(project: Path) -> None:
    assert notes(project, "1.1.0") == "- Older."


def test_a_version_that_the_changelog_does_not_know_is_told(project: Path) -> None:
    (project / "CHANGELOG.md").write_text(
        "# Changelog\n\n## [Unreleased]\n\n[1.2.0]: https://example.org/compare\n"
    )
    (complaint,) = complaints(project, "1.2.0")
    assert complaint == "CHANGELOG.md says nothing under '## [1.2.0] - YYYY-MM-DD'"


def test_a_file_with_another_version_is_named(project: Path) -> None:
    write_manifest(project, "1.1.9")
    (complaint,) = complaints(project, "1.2.0")
    assert complaint == "custom_components/wuts/manifest.json has version 1.1.9, not 1.2.0"


def test_a_slack_app_with_another_version_is_named(project: Path) -> None:
    (project / "slack_app/pyproject.toml").write_text(SLACK.format("1.1.9", "1.2.0"))
    (complaint,) = complaints(project, "1.2.0")
    assert complaint == "slack_app/pyproject.toml has version 1.1.9, not 1.2.0"


def test_a_slack_app_that_asks_for_another_library_is_told(project: Path) -> None:
    (project / "slack_app/pyproject.toml").write_text(SLACK.format("1.2.0", "1.1.9"))
    (complaint,) = complaints(project, "1.2.0")
    assert complaint == "slack_app/pyproject.toml asks for wuts 1.1.9, not 1.2.0"


def test_a_version_without_a_link_is_told(project: Path) -> None:
    path = project / "CHANGELOG.md"
    path.write_text(path.read_text().replace("[1.2.0]: https", "[1.1.0]: https"))
    (complaint,) = complaints(project, "1.2.0")
    assert complaint == "CHANGELOG.md has no link '[1.2.0]: …'"


def test_a_pin_that_was_not_tested_is_named(project: Path) -> None:
    write_pins(project, "qrcode==8.3", "homeassistant==2026.10.4")
    (complaint,) = complaints(project, "1.2.0")
    assert "qrcode 8.2" in complaint
    assert "8.3" in complaint


def test_a_home_assistant_that_is_not_the_oldest_allowed_is_told(project: Path) -> None:
    write_pins(project, "qrcode==8.2", "homeassistant==2026.11.0")
    (complaint,) = complaints(project, "1.2.0")
    assert "2026.10" in complaint


def test_a_project_that_disagrees_gets_no_notes(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(project, "9.9.9", project / "dist/notes.md") == 1
    assert "pyproject.toml" in capsys.readouterr().out
    assert not (project / "dist/notes.md").exists()
