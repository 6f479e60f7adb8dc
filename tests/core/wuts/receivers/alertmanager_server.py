"""A real Alertmanager in a folder of its own."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from scripts.lib.parts import free_port
from tests.core.wuts.receivers.listening import Json

_UNPACKED = ".cache/alertmanager/usr/bin/prometheus-alertmanager"
_CONFIG = """
route: {{receiver: nobody}}
receivers: [{{name: nobody}}]
global: {{resolve_timeout: {resolve_timeout}}}
"""


def alertmanager() -> str | None:
    """Return the program, if it is on this machine."""
    named = os.environ.get("WUTS_ALERTMANAGER")
    unpacked = Path(__file__).parents[4] / _UNPACKED
    found = (shutil.which(name) for name in ("alertmanager", "prometheus-alertmanager"))
    return named or next(
        (one for one in found if one), str(unpacked) if unpacked.exists() else None
    )


class Server:
    """One that runs, and may be restarted; it forgets its alerts then."""

    def __init__(self, program: str, folder: Path, resolve_timeout: str) -> None:
        self.place = f"127.0.0.1:{free_port()}"
        self._config = folder / "alertmanager.yml"
        self._config.write_text(_CONFIG.format(resolve_timeout=resolve_timeout))
        self._command = [
            program,
            f"--config.file={self._config}",
            f"--storage.path={folder / 'data'}",
            f"--web.listen-address={self.place}",
            "--cluster.listen-address=",
        ]
        self._log = folder / "log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            # One that was only unpacked reads its templates from below its folder.
            folder = Path(self._command[0]).parents[2]
            self._process = subprocess.Popen(self._command, cwd=folder, stdout=log, stderr=log)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    async def until_ready(self) -> None:
        async with asyncio.timeout(120):
            while not await self._answers():  # noqa: ASYNC110 - nothing tells
                await asyncio.sleep(0.05)

    async def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self._log.read_text()
        try:
            async with httpx.AsyncClient(trust_env=False) as client:
                return (await client.get(f"http://{self.place}/-/ready")).status_code == 200
        except httpx.TransportError:
            return False

    async def alerts(self) -> list[Json]:
        """Return those that are not over, by its own API."""
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.get(f"http://{self.place}/api/v2/alerts")
        answer.raise_for_status()
        found: list[Json] = answer.json()
        return found


@contextmanager
def running(program: str, folder: Path, resolve_timeout: str = "5m") -> Iterator[Server]:
    server = Server(program, folder, resolve_timeout)
    server.start()
    try:
        yield server
    finally:
        server.stop()
