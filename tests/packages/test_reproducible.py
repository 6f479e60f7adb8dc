"""The same commit gives the same bytes, wherever and however it is built."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from scripts.lib.git_files import listed

from .conftest import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]


def copy_of_the_clone(folder: Path) -> None:
    """Copy what git knows of, with modes and times of now."""
    for name in listed(ROOT):
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_symlink():
            target.symlink_to(source.readlink())
        elif source.is_file():
            target.write_bytes(source.read_bytes())
            target.chmod(0o600)


def test_another_folder_umask_time_zone_and_locale_give_the_same_files(
    dist: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "another place"
    copy_of_the_clone(elsewhere)
    assert not (elsewhere / ".git").exists()
    epoch = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    different = {
        "LC_ALL": "C",
        "PYTHONHASHSEED": "7",
        "SOURCE_DATE_EPOCH": epoch.stdout.strip(),
        "TZ": "Pacific/Auckland",
    }
    subprocess.run(
        [ROOT / "scripts/build", "--source", elsewhere, tmp_path / "out"],
        env=os.environ | different,
        umask=0o077,
        check=True,
    )
    again, before = (folder / "SHA256SUMS" for folder in (tmp_path / "out", dist))
    assert again.read_text() == before.read_text()
    shutil.rmtree(elsewhere)
