"""Each QR as a PNG in a file, for terminals that cannot draw one."""

import os
import tempfile
from pathlib import Path
from typing import Self

from wuts.pairing import QrReady
from wuts_cli.errors import UsageError


class QrFile:
    """A file that holds the present QR for as long as the context lasts.

    Only its owner can read it, for whoever scans it holds the device. It is always whole: a viewer
    that watches it sees one QR or the next.

    Args:
        path: Where; it must not exist yet. None writes nothing.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def __enter__(self) -> Self:
        """Take the name.

        Raises:
            UsageError: Something is there already, or nothing can be written there.
        """
        if self._path is not None:
            try:
                os.close(os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            except FileExistsError:
                raise UsageError(
                    f"{self._path} already exists. Choose a new file for the QR."
                ) from None
            except OSError as error:
                raise _cannot_write(self._path, error) from None
        return self

    def __exit__(self, *_exc: object) -> None:
        """Remove the file, so that no QR stays behind."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    async def write(self, event: QrReady) -> None:
        """Put a QR in place of the one before.

        Raises:
            UsageError: It cannot be written.
        """
        if self._path is None:
            return
        png = await event.png()
        try:
            _replace(self._path, png)
        except OSError as error:
            raise _cannot_write(self._path, error) from None


def _replace(path: Path, content: bytes) -> None:
    # The temporary file belongs to its owner alone from its first moment.
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def _cannot_write(path: Path, error: OSError) -> UsageError:
    return UsageError(f"The QR cannot be written to {path}: {error.strerror}.")
