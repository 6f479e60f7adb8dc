"""Commands that are forked from a process of `quick_wuts`, each in a terminal of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import override

from scripts.lib.terminal import Terminal

ROOT = Path(__file__).parents[3]
PATIENCE = 240.0


@contextmanager
def quick_wuts(folder: Path) -> Iterator[str]:
    """Start the process that commands are forked from, and yield its address."""
    address = str(folder / "wuts.sock")
    command = [sys.executable, "-m", f"{__package__}.quick_wuts", address]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield address
        finally:
            process.kill()


class Forked:
    """A command, as far as a terminal needs to know it."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.pid = int(connection.recv(64))
        self.returncode: int | None = None

    def poll(self) -> int | None:
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            self._connection.settimeout(timeout)
            try:
                self.returncode = int(self._connection.recv(64))
            except (TimeoutError, BlockingIOError):
                raise subprocess.TimeoutExpired("wuts", timeout or 0.0) from None
            self._connection.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class ForkedTerminal(Terminal):
    """Runs a command with other times, in a terminal.

    Args:
        address: Where commands are forked.
        arguments: Those of ``wuts``.
        environment: All of its variables.
        times: What differs in its ``PairingSettings``.
        columns: How wide the terminal is.
    """

    def __init__(
        self,
        address: str,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        *,
        times: Mapping[str, float],
        columns: int,
    ) -> None:
        super().__init__(arguments, environment, columns=columns)
        self._address = address
        self._request = {
            "times": dict(times),
            "arguments": list(arguments),
            "environment": dict(environment),
        }

    @override
    def start(self, terminal: int) -> Forked:  # type: ignore[override]
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        connection.settimeout(PATIENCE)
        connection.connect(self._address)
        socket.send_fds(connection, [json.dumps(self._request).encode()], [terminal])
        return Forked(connection)
