"""A home: a real Home Assistant with the integration, a gateway, a phone's owner, and a browser."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser

from scripts.lib.browser import running_browser
from scripts.lib.home_assistant import ARCHIVE, HomeAssistant
from scripts.lib.home_page import HomePage
from scripts.lib.parts import ROOT, free_port, running
from tests.home_assistant.wire import Wire, wire_to
from wuts_simulator import Device, Settings, Simulator

SCREENSHOTS = ROOT / ".cache/tests/screenshots"
TOKEN = "s3cret-token-of-a-home"
SHOP_TOKEN = "s3cret-token-of-a-shop"
CHAIN_TOKEN = "s3cret-token-of-a-chain"
OFFICE_TOKEN = "s3cret-token-of-an-office"
TENANTS = (("home", TOKEN), ("chain", CHAIN_TOKEN), ("office", OFFICE_TOKEN))
OTHER_NUMBER = "5511888888888"
NUMBER_OF_ANA = "5511777777776"
PATIENCE = 240.0
"""Seconds for Home Assistant to show something: it looks every 30."""

MANY = 500
"""More than any test makes of anything."""


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

    def devices(self, tenant: str = "home") -> list[Device]:
        """Return the gateway's devices of an account."""
        return list(self.sim.world.registry.user(tenant).tenant.devices.values())

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

    async def act(self, domain: str, action: str, entity_id: str, **fields: str) -> None:
        """Do something with an entity."""
        await self.ask("POST", f"services/{domain}/{action}", entity_id=entity_id, **fields)

    async def device_of(self, entity_id: str) -> str:
        """Return the id of the device that has an entity."""
        template = f"{{{{ device_id('{entity_id}') | tojson }}}}"
        return str(await self.ask("POST", "template", template=template))

    async def send(self, entity_id: str, **fields: str) -> None:
        """Send a message by the device that has an entity."""
        device_id = await self.device_of(entity_id)
        await self.ask("POST", "services/wuts/send_message", device_id=device_id, **fields)

    async def ask(self, method: str, path: str, **body: object) -> Any:  # noqa: ANN401 - it is JSON
        """Ask Home Assistant's REST API for something."""
        return await self.home.ask(self._bearer, method, path, body or None)

    def wire(self) -> AbstractAsyncContextManager[Wire]:
        """Connect to Home Assistant's WebSocket for as long as the context lasts."""
        return wire_to(self.home.url, self._bearer)

    async def fill_flow(
        self, handler: str | list[str], *answers: Mapping[str, object]
    ) -> dict[str, Any]:
        """Answer a dialog's questions as fast as they come, and return how it ends."""
        kind = "flow" if isinstance(handler, str) else "subentries/flow"
        path = f"config/config_entries/{kind}"
        result: dict[str, Any] = await self.ask("POST", path, handler=handler)
        for answer in answers:
            result = await self.ask("POST", f"{path}/{result['flow_id']}", **answer)
        return result

    async def automate(self, name: str, **automation: object) -> None:
        """Make an automation as the editor does; all of its traces are kept."""
        kept = {"alias": name, "trace": {"stored_traces": MANY}, **automation}
        await self.ask("POST", f"config/automation/config/{name}", **kept)
        await self.until(f"automation.{name}", "on")

    async def traces(self, name: str, count: int) -> list[dict[str, Any]]:
        """Wait until an automation has run so often, and return what it did each time."""
        which = {"domain": "automation", "item_id": name}
        async with self.wire() as wire, asyncio.timeout(PATIENCE):
            while True:
                runs = await wire.ask("trace/list", **which)
                if sum(run["state"] == "stopped" for run in runs) >= count:
                    break
                await asyncio.sleep(0.2)
            return [await wire.ask("trace/get", **which, run_id=run["run_id"]) for run in runs]

    def logged(self) -> str:
        """Return all that Home Assistant wrote."""
        files = [*self._logs.glob("*.log"), *self.home.folder.glob("*.log*")]
        return "\n".join(file.read_text(errors="replace") for file in files)


async def keep(window: HomePage, name: str) -> None:
    """Keep what is seen, for people to look at."""
    await window.page.screenshot(path=SCREENSHOTS / f"{name}.png")


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
