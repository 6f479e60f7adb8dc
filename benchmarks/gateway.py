"""A simulator in a process of its own, so that its work is not counted as a client's."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

TOKEN = "benchmark-token"  # noqa: S105 - of a simulator that lives as long as the run
TENANT = "home"


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where the simulator is.

    Attributes:
        url: Its address.
        token: The token of its tenant ``home``.
    """

    url: str
    token: str = TOKEN

    def control(self, path: str, **body: object) -> dict[str, list[str]]:
        """Ask its control API for something and return the answer.

        By the standard library, because a worker chooses for itself what ``import httpx`` is.
        """
        request = urllib.request.Request(  # noqa: S310 - our own simulator
            f"{self.url}/_sim/{path}",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return dict(json.load(answer))

    def add_devices(
        self, count: int, *, tenant: str = TENANT, state: str = "connected"
    ) -> list[str]:
        """Make devices and return their ids."""
        answer = self.control("devices", tenant=tenant, count=count, state=state)
        return answer["device_ids"]


@contextmanager
def running_gateway(*flags: str) -> Iterator[Gateway]:
    """Run a simulator for as long as the context lasts."""
    command = [sys.executable, "-m", "simulator", "--port", "0", "--control", "--json"]
    command += ["--token", f"{TENANT}={TOKEN}", *flags]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout is None:
                raise RuntimeError("The simulator has no output")
            yield Gateway(json.loads(process.stdout.readline())["url"])
        finally:
            process.terminate()
