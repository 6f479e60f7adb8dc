"""Writes to standard output so that a reader who does not read blocks nothing."""

import asyncio
import contextlib
import io
import os
import sys
import threading
from queue import SimpleQueue

from wuts_cli.errors import OutputLostError


class Writer:
    """Writes from a thread of its own, which ends with the process.

    It bypasses `sys.stdout`: whoever blocks in there would keep the process from ending.

    Attributes:
        file: For Rich: what is put into it is written by the next `drain`.
    """

    def __init__(self) -> None:
        sys.stdout.flush()
        self.file = io.StringIO()
        self._encoding = sys.stdout.encoding
        self._descriptor = sys.stdout.fileno()
        self._jobs = SimpleQueue[tuple[bytes, asyncio.Future[None]]]()
        threading.Thread(target=self._work, name="wuts writer", daemon=True).start()

    async def write(self, text: str) -> None:
        """Write a text; it was taken when this returns.

        Raises:
            OutputLostError: Nobody can read it.
        """
        written = asyncio.get_running_loop().create_future()
        self._jobs.put((text.encode(self._encoding, errors="replace"), written))
        try:
            await written
        except OSError as error:
            raise OutputLostError(error) from None

    async def drain(self) -> None:
        """Write what was put into `file`.

        Raises:
            OutputLostError: Nobody can read it.
        """
        text = self.file.getvalue()
        self.file.seek(0)
        self.file.truncate()
        await self.write(text)

    def _work(self) -> None:
        while True:
            rest, written = self._jobs.get()
            problem = None
            try:
                while rest:
                    rest = rest[os.write(self._descriptor, rest) :]
            except OSError as error:
                problem = error
            # The loop is closed if this took until after the end of the command.
            with contextlib.suppress(RuntimeError):
                written.get_loop().call_soon_threadsafe(_settle, written, problem)


def _settle(written: asyncio.Future[None], problem: OSError | None) -> None:
    if written.done():
        return
    if problem is None:
        written.set_result(None)
    else:
        written.set_exception(problem)
