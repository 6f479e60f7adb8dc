"""Pack an integration's folder into the archive that HACS unpacks.

Symlinks are followed, so the archive holds real files only. The same files always give the same
bytes. HACS wants manifest.json at the archive's root.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

NO_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can tell
MODE = 0o644


def files(folder: Path) -> Iterator[Path]:
    """Yield the files to ship, in a fixed order."""
    for parent, folders, names in folder.walk(follow_symlinks=True):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            if not name.startswith(".") and not name.endswith(".pyc"):
                yield parent / name


def build(folder: Path, archive: Path) -> None:
    """Write the archive of a folder.

    Raises:
        NotADirectoryError: core is no folder, as if git cannot make symlinks.
    """
    if not (folder / "core").is_dir():
        raise NotADirectoryError(
            f"{folder / 'core'} must be a symlink to core/wuts. Where git made it a text file, turn"
            " on core.symlinks and check the file out again."
        )
    archive.parent.mkdir(parents=True, exist_ok=True)
    with ZipFile(archive, "w", compression=ZIP_DEFLATED) as target:
        for path in files(folder):
            entry = ZipInfo(path.relative_to(folder).as_posix(), NO_TIME)
            entry.external_attr = MODE << 16
            entry.compress_type = ZIP_DEFLATED
            target.writestr(entry, path.read_bytes())


if __name__ == "__main__":
    try:
        build(Path(sys.argv[1]), Path(sys.argv[2]))
    except NotADirectoryError as error:
        sys.exit(f"error: {error}")
