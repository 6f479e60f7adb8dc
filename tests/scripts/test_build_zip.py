import subprocess
import sys
import sysconfig
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
INTEGRATION = ROOT / "custom_components/wuts"

# The interpreter runs isolated, without the project's own path entry, as a user's would.
# The package around core is an empty one: its own module needs Home Assistant, which is not here.
IMPORT_EVERYTHING = """
import importlib.util, pkgutil, sys, types
sys.path[:0] = [sys.argv[1]]
sys.path.append(sys.argv[2])
assert importlib.util.find_spec("wuts") is None, "the repository is on the path"
package = types.ModuleType("custom_components.wuts")
package.__path__ = [sys.argv[1] + "/custom_components/wuts"]
sys.modules[package.__name__] = package
from custom_components.wuts import core
for module in pkgutil.walk_packages(core.__path__, core.__name__ + "."):
    if ".migrations." not in module.name:  # only the migration tool may run those
        importlib.import_module(module.name)
print(core.__file__)
"""


def build(folder: Path, archive: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "scripts/lib/build_zip.py", folder, archive],
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "dist/wuts.zip"
    built = build(INTEGRATION, path)
    assert built.returncode == 0, built.stderr
    return path


def test_the_archive_holds_every_file_of_core_as_a_real_file(archive: Path) -> None:
    with ZipFile(archive) as content:
        packed = {name: content.read(name) for name in content.namelist()}

    sources = {
        f"core/{path.relative_to(ROOT / 'core/wuts').as_posix()}": path.read_bytes()
        for path in (ROOT / "core/wuts").rglob("*.py")
    }
    assert sources
    assert {name: packed.get(name) for name in sources} == sources
    assert "manifest.json" in packed
    assert "core" not in packed


def test_the_archive_holds_no_leftovers_of_python(archive: Path) -> None:
    (INTEGRATION / "core/__pycache__").mkdir(exist_ok=True)
    with ZipFile(archive) as content:
        assert [name for name in content.namelist() if "__pycache__" in name] == []


def test_the_same_files_give_the_same_bytes(archive: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.zip"
    build(INTEGRATION, again)
    assert again.read_bytes() == archive.read_bytes()


def test_the_unpacked_integration_imports_where_no_repository_is(
    archive: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with ZipFile(archive) as content:
        content.extractall(home / "custom_components/wuts")

    imported = subprocess.run(
        [
            *(sys.executable, "-I", "-S", "-c", IMPORT_EVERYTHING),
            *(home, sysconfig.get_path("purelib")),
        ],
        check=False,
        cwd=elsewhere,
        capture_output=True,
        text=True,
    )

    assert imported.returncode == 0, imported.stderr
    assert Path(imported.stdout.strip()).is_relative_to(home)


def test_a_checkout_without_symlinks_is_told_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "core").write_text("../../core/wuts")

    built = build(tmp_path, tmp_path / "wuts.zip")

    assert built.returncode == 1
    assert "core.symlinks" in built.stderr
    assert "Traceback" not in built.stderr
    assert not (tmp_path / "wuts.zip").exists()
