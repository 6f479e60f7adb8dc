import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    return tmp_path


def check(repository: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scripts.lib.check_files", repository],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )


# Put together here, so that this file does not hold what is forbidden.
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("see https://" + "pypi" + ".org/simple", "registry"),
        ("http://deb." + "debian.org/debian", "registry"),
        ("registry.npm" + "js.org", "registry"),
        ("read /" + "root/notes", "path of one machine"),
        ("as ../" + "shared/facts says", "path of one machine"),
        ("done in issue " + "#7", "issue"),
    ],
)
def test_text_that_does_not_belong_in_a_clone_is_named_with_its_line(
    repository: Path, text: str, reason: str
) -> None:
    (repository / "notes.md").write_text(f"first line\n{text}\n")

    checked = check(repository)

    assert checked.returncode == 1
    assert checked.stdout.startswith("notes.md:2: ")
    assert reason in checked.stdout


def test_a_long_source_file_is_named(repository: Path) -> None:
    (repository / "long.py").write_text("\n" * 411)

    checked = check(repository)

    assert checked.returncode == 1
    assert checked.stdout.startswith("long.py:411: is longer")


def test_ignored_files_images_and_links_are_left_alone(repository: Path) -> None:
    (repository / ".gitignore").write_text("local\n")
    (repository / "local").write_text("/" + "root/notes\n")
    (repository / "image.png").write_bytes(b"\x89PNG\xff/" + b"root/")
    (repository / "link").symlink_to("missing")

    checked = check(repository)

    assert checked.returncode == 0, checked.stdout
