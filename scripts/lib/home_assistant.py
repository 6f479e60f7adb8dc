"""Runs a real Home Assistant with the integration as HACS would install it, and nothing else."""

import asyncio
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import httpx

from scripts.lib.parts import LOOK_AGAIN, PATIENCE, ROOT, Part, PartError

ARCHIVE = ROOT / "dist/wuts.zip"
HASS = ROOT / ".venv-hass/bin/hass"
"""Home Assistant's program, in an environment where nothing of ours is installed."""

# Where Debian's Python was unpacked for the project. A package is compiled at the first start.
_HEADERS = ROOT / ".cache/python3.14/usr/include"

USER = PASSWORD = "demo"  # noqa: S105 - it listens on this machine only, and holds nothing

_CONFIGURATION = """\
homeassistant:
  name: Demo
  country: BR
  media_dirs:
    local: {media}
  auth_providers:
    - type: trusted_networks
      trusted_networks: [127.0.0.1]
      allow_bypass_login: true
    - type: homeassistant
automation: !include automations.yaml
frontend:
config:
history:
logbook:
logger:
  default: info
  logs:
    custom_components.wuts: debug
repairs:
system_health:
template:
  - image:
      - name: Front door
        url: "http://127.0.0.1:{port}/static/icons/favicon-192x192.png"
"""


@dataclass(frozen=True, slots=True)
class HomeAssistant:
    """A Home Assistant with a folder and a port of its own.

    Attributes:
        folder: Its configuration; what is there from an earlier run is gone on with.
        port: Where it listens.
    """

    folder: Path
    port: int

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def media(self) -> Path:
        """Its one media folder: in a container it would be one of the machine's."""
        return self.folder / "media"

    def install(self, archive: Path) -> None:
        """Put the integration where HACS would, and say where to listen."""
        integration = self.folder / "custom_components/wuts"
        shutil.rmtree(integration, ignore_errors=True)
        integration.mkdir(parents=True)
        with ZipFile(archive) as content:
            content.extractall(integration)
        (self.folder / "configuration.yaml").write_text(
            _CONFIGURATION.format(port=self.port, media=self.media)
        )
        self.media.mkdir(exist_ok=True)
        # Automations that people make in the editor are kept here.
        (self.folder / "automations.yaml").touch()
        # Where to listen is Home Assistant's own setting since 2026.11, not one of the YAML.
        storage = self.folder / ".storage"
        storage.mkdir(exist_ok=True)
        (storage / "http").write_text(json.dumps(_listening(self.port)))

    def part(self, log: Path) -> Part:
        """Return how to run it, and where to write what it says."""
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        if _HEADERS.is_dir():
            environment["CPATH"] = str(_HEADERS)
        return Part(
            name="Home Assistant",
            command=(HASS, "--config", self.folder),
            log=log,
            is_ready=self._is_up,
            environment=environment,
            folder=self.folder,
        )

    async def onboard(self) -> str | None:
        """Make the first person, and finish the questions that a new one asks.

        Returns:
            A token of that person's, or None if that was done in an earlier run.

        Raises:
            PartError: It does not let us, or is not loaded in time.
        """
        async with httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=120) as http:
            # Behind the last question it is gone.
            if (await http.get("/api/onboarding")).status_code == httpx.codes.NOT_FOUND:
                return None
            person = {"name": "Demo", "username": USER, "password": PASSWORD, "language": "en"}
            site = f"{self.url}/"
            made = await http.post("/api/onboarding/users", json={"client_id": site, **person})
            if not made.is_success:
                raise PartError(f"Home Assistant does not start from scratch. Delete {self.folder}")
            code = {"grant_type": "authorization_code", "code": made.json()["auth_code"]}
            tokens = (await http.post("/auth/token", data={"client_id": site, **code})).json()
            http.headers["Authorization"] = f"Bearer {tokens['access_token']}"
            await http.post("/api/onboarding/core_config")
            await http.post("/api/onboarding/analytics")
            there = {"client_id": site, "redirect_uri": site}
            await http.post("/api/onboarding/integration", json=there)
            await self._until_running(http)
            return str(tokens["access_token"])

    async def states(self, token: str) -> dict[str, str]:
        """Return what all entities say, by their ids."""
        states = await self.ask(token, "GET", "states")
        return {state["entity_id"]: state["state"] for state in states}

    async def ask(
        self, token: str, method: str, path: str, body: Mapping[str, object] | None = None
    ) -> Any:  # noqa: ANN401 - it is JSON
        """Ask its REST API for something, as a person.

        Raises:
            httpx.HTTPStatusError: It says no.
        """
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(trust_env=False, headers=headers, timeout=120) as http:
            answer = await http.request(method, f"{self.url}/api/{path}", json=body)
        return answer.raise_for_status().json()

    async def _until_running(self, http: httpx.AsyncClient) -> None:
        """Wait until all is loaded: before that, pages are not yet what they will be.

        Raises:
            PartError: It takes too long.
        """
        try:
            async with asyncio.timeout(PATIENCE):
                while (await http.get("/api/config")).json()["state"] != "RUNNING":  # noqa: ASYNC110
                    await asyncio.sleep(LOOK_AGAIN)
        except TimeoutError:
            raise PartError(f"Home Assistant was not loaded within {PATIENCE:.0f} s") from None

    async def _is_up(self) -> bool:
        try:
            async with httpx.AsyncClient(trust_env=False) as http:
                answer = await http.get(f"{self.url}/manifest.json")
        except httpx.TransportError:
            return False
        return answer.is_success


def _listening(port: int) -> dict[str, object]:
    stable = {
        "server_host": ["127.0.0.1"],
        "server_port": port,
        "cors_allowed_origins": ["https://cast.home-assistant.io"],
        "login_attempts_threshold": -1,
        "ip_ban_enabled": True,
        "ssl_profile": "intermediate_v6",
        "use_x_frame_options": True,
        "created_at": "2026-11-01T00:00:00+00:00",
        "error": None,
        "error_message": None,
    }
    data = {"stable": stable, "pending": None, "yaml_migration_done": True}
    return {"version": 3, "minor_version": 1, "key": "http", "data": data}
