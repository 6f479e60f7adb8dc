"""A home: a real Home Assistant with the integration, a gateway, a phone's owner, and a browser."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser

from scripts.lib.browser import running_browser
from scripts.lib.home_assistant import ARCHIVE, HomeAssistant
from scripts.lib.parts import ROOT, free_port, running
from wuts_simulator import Device, Settings, Simulator

SCREENSHOTS = ROOT / ".cache/tests/screenshots"
TOKEN = "s3cret-token-of-a-home"
PATIENCE = 90.0
"""Seconds for Home Assistant to show something: it looks every 30."""


class House:
    """All of it, running.

    Attributes:
        sim: The gateway.
        home: Home Assistant.
        browser: Where its pages are seen.
        secrets: What no log may hold; tests add what they see.
    """

    def __init__(self, sim: Simulator, home: HomeAssistant, browser: Browser, logs: Path) -> None:
        self.sim = sim
        self.home = home
        self.browser = browser
        self.secrets = {TOKEN}
        self._logs = logs
        self._starts = 0
        self._run = AsyncExitStack()
        self._bearer = ""

    async def start(self) -> None:
        """Start Home Assistant; the first time a person is made as well."""
        self._starts += 1
        log = self._logs / f"start-{self._starts}.log"
        await self._run.enter_async_context(running(self.home.part(log)))
        self._bearer = await self.home.onboard() or self._bearer

    async def stop(self) -> None:
        """Stop Home Assistant."""
        await self._run.aclose()

    def devices(self) -> list[Device]:
        """Return the gateway's devices."""
        return list(self.sim.world.registry.user("home").tenant.devices.values())

    async def states(self) -> dict[str, str]:
        """Return what all entities say, by their ids."""
        return await self.home.states(self._bearer)

    async def until_there(self, entity_id: str) -> None:
        """Wait until an entity is available."""
        async with asyncio.timeout(PATIENCE):
            while (await self.states()).get(entity_id) in {None, "unavailable"}:  # noqa: ASYNC110
                await asyncio.sleep(0.2)

    async def until(self, entity_id: str, wanted: str) -> None:
        """Wait until an entity says so."""
        seen = None
        try:
            async with asyncio.timeout(PATIENCE):
                while (seen := (await self.states()).get(entity_id)) != wanted:  # noqa: ASYNC110
                    await asyncio.sleep(0.2)
        except TimeoutError:
            raise AssertionError(f"{entity_id} is {seen}, and not {wanted}") from None

    async def act(self, domain: str, action: str, entity_id: str) -> None:
        """Do something with an entity."""
        path = f"services/{domain}/{action}"
        await self.home.ask(self._bearer, "POST", path, {"entity_id": entity_id})

    async def send(self, entity_id: str, **fields: str) -> None:
        """Send a message by the device that has an entity."""
        template = {"template": f"{{{{ device_id('{entity_id}') | tojson }}}}"}
        device_id: str = await self.home.ask(self._bearer, "POST", "template", template)
        data = {"device_id": device_id, **fields}
        await self.home.ask(self._bearer, "POST", "services/wuts/send_message", data)

    def logged(self) -> str:
        """Return all that Home Assistant wrote."""
        files = [*self._logs.glob("*.log"), *self.home.folder.glob("*.log*")]
        return "\n".join(file.read_text(errors="replace") for file in files)


@asynccontextmanager
async def a_house(folder: Path, settings: Settings) -> AsyncIterator[House]:
    """Run a house for as long as the context lasts."""
    home = HomeAssistant(folder / "config", free_port())
    home.install(ARCHIVE)
    async with Simulator(settings) as sim, running_browser() as browser:
        house = House(sim, home, browser, folder / "logs")
        await house.start()
        try:
            yield house
        finally:
            await house.stop()
