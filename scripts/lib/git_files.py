"""The files of a clone: those that git tracks, or would add."""

import subprocess
from pathlib import Path


def listed(root: Path, *paths: str) -> list[str]:
    """Return their names, sorted; links and files that were just removed are among them.

    Args:
        root: The clone.
        paths: Folders and files to look below; all of the clone if there are none.
    """
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *paths]
    listing = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)
    return sorted(filter(None, listing.stdout.split("\0")))


def regular(root: Path, *paths: str) -> list[str]:
    """Return the names of those that are files on the disk and no links; see `listed`."""
    names = listed(root, *paths)
    return [one for one in names if (root / one).is_file() and not (root / one).is_symlink()]
