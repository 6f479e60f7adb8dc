"""A simulator in a process of its own, so that its work is not counted as a client's."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

ACCOUNT = "home"


def account_names(count: int) -> list[str]:
    """Return the names of a run's accounts; the first is there from the start."""
    return [ACCOUNT, *(f"account-{number}" for number in range(2, count + 1))]


def token_of(account: str) -> str:
    """Return the token of an account of a simulator that lives as long as the run."""
    return f"{account}-token"


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where the simulator is.

    Attributes:
        url: Its address.
    """

    url: str

    @property
    def token(self) -> str:
        """The token of its first account."""
        return token_of(ACCOUNT)

    def control(self, path: str, **body: object) -> dict[str, Any]:
        """Tell its control API to do something and return the answer."""
        return self._ask(path, json.dumps(body).encode())

    def request_count(self) -> int:
        """Return how many requests it was sent."""
        return int(self._ask("requests", None)["total"])

    def _ask(self, path: str, body: bytes | None) -> dict[str, Any]:
        """By the standard library: a worker chooses for itself what ``import httpx`` is."""
        request = urllib.request.Request(  # noqa: S310 - our own simulator
            f"{self.url}/_sim/{path}", data=body, headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return dict(json.load(answer))

    def add_devices(
        self, count: int, *, account: str = ACCOUNT, state: str = "connected"
    ) -> list[str]:
        """Make devices and return their ids."""
        answer = self.control("devices", tenant=account, count=count, state=state)
        return list(answer["device_ids"])


@contextmanager
def running_gateway(*flags: str) -> Iterator[Gateway]:
    """Run a simulator for as long as the context lasts."""
    command = [sys.executable, "-m", "wuts_simulator", "--port", "0", "--control", "--json"]
    command += ["--token", f"{ACCOUNT}={token_of(ACCOUNT)}", *flags]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout is None:
                raise RuntimeError("The simulator has no output")
            yield Gateway(json.loads(process.stdout.readline())["url"])
        finally:
            process.terminate()


def add_fleet(gateway: Gateway, devices: int, accounts: int) -> None:
    """Make accounts, and spread connected devices evenly over them."""
    for number, name in enumerate(account_names(accounts)):
        if number:
            gateway.control("tenants", name=name, tokens=[token_of(name)])
        share = devices // accounts + (number < devices % accounts)
        if share:
            gateway.add_devices(share, account=name)
