"""The demonstration's gateway: the simulator, with a few devices, and the hands on its phones."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from scripts.lib.parts import Part, listens

DEVICES = ("Front desk", "Workshop")
TENANT = "home"


@dataclass(frozen=True, slots=True)
class Gateway:
    """A simulator that serves its control API.

    Attributes:
        port: Where it listens.
        token: The account's token.
    """

    port: int
    token: str

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def part(self, log: Path) -> Part:
        """Return how to run it."""
        return Part(
            name="The gateway",
            command=(sys.executable, "-m", "wuts_simulator", "--port", str(self.port), "--control"),
            log=log,
            is_ready=lambda: listens(self.port),
            environment={**os.environ, "WUTS_SIMULATOR_TOKEN": self.token},
        )

    async def add_devices(self) -> dict[str, str]:
        """Make the devices that are there at the beginning, none of them paired.

        Returns:
            Their ids, by name.
        """
        ids = {}
        for name in DEVICES:
            wanted = {"tenant": TENANT, "name": name, "state": "never_paired"}
            [ids[name]] = (await self.do("devices", wanted))["device_ids"]
        return ids

    async def device(self, device_id: str) -> Any:  # noqa: ANN401 - JSON
        """Return how a device is."""
        async with httpx.AsyncClient(trust_env=False) as http:
            answer = await http.get(f"{self.url}/_sim/devices/{device_id}")
        return answer.raise_for_status().json()

    async def do(self, verb: str, body: dict[str, Any] | None = None) -> Any:  # noqa: ANN401 - JSON
        """Ask its control API for something.

        Raises:
            httpx.HTTPStatusError: It says no.
        """
        async with httpx.AsyncClient(trust_env=False) as http:
            answer = await http.post(f"{self.url}/_sim/{verb}", json=body or {})
        return answer.raise_for_status().json()
