"""A disk that is really full: a small file system of this test's own."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
mount -t tmpfs -o size=300k wuts "$1" && exec "$2" "$3" "$1"
"""


def has_own_mounts() -> bool:
    program = shutil.which("unshare")
    if program is None:
        return False
    command = [program, "--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "x", "/mnt"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def test_a_full_disk_is_reported_and_when_there_is_room_all_is_saved(tmp_path: Path) -> None:
    if not has_own_mounts():
        pytest.skip("this machine lets nobody mount a file system of his own (unshare)")
    program = Path(__file__).with_name("full_disk_user.py")
    answer = subprocess.run(
        [
            "unshare",
            "--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            SCRIPT,
            "sh",
            tmp_path,
            sys.executable,
            program,
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    assert answer.stderr == ""
    assert answer.stdout.splitlines() == ["full", "readable", "saved"]
