"""A device's dialog, driven as the frontend drives it."""

import asyncio
from typing import Any

from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.wuts.const import SUBENTRY_DEVICE
from custom_components.wuts.pairing.window import CHOICES
from tests.custom_components.wuts.helpers import PATIENCE, Condition, Result


class Dialog:
    """Drives a subentry's flow as the frontend does."""

    def __init__(self, hass: HomeAssistant, result: Result) -> None:
        self.hass = hass
        self.result: Result = result

    @classmethod
    async def add(cls, hass: HomeAssistant, entry: MockConfigEntry) -> Dialog:
        return cls(
            hass,
            await hass.config_entries.subentries.async_init(
                (entry.entry_id, SUBENTRY_DEVICE), context={"source": SOURCE_USER}
            ),
        )

    @classmethod
    async def again(cls, hass: HomeAssistant, entry: MockConfigEntry) -> Dialog:
        (subentry_id,) = entry.subentries
        return cls(hass, await entry.start_subentry_reconfigure_flow(hass, subentry_id))

    async def answer(self, **answers: Any) -> Result:  # noqa: ANN401 - a form's
        self.result = await self.hass.config_entries.subentries.async_configure(
            self.result["flow_id"], answers
        )
        return self.result

    async def choose(self, step: str) -> Result:
        return await self.answer(next_step_id=step)

    async def read(self) -> Result:
        """Read the flow again, as the frontend does when it hears that something changed."""
        self.result = await self.hass.config_entries.subentries.async_configure(
            self.result["flow_id"]
        )
        return self.result

    async def until(self, condition: Condition) -> Result:
        async with asyncio.timeout(PATIENCE):
            while not condition(self.result):
                await asyncio.sleep(0.02)
                await self.read()
        return self.result

    async def shows(self, stage: str) -> dict[str, str]:
        """Wait until a stage of the pairing is shown, and return its texts."""
        await self.until(lambda result: stage in stages_of(result))
        texts: dict[str, str] = self.result["description_placeholders"]
        return texts

    async def ends(self) -> Result:
        return await self.until(lambda result: not stages_of(result))


def stages_of(result: Result) -> set[str]:
    """Return the stage of the pairing that a dialog shows, in a progress or in a menu, if any."""
    if result["type"] == FlowResultType.SHOW_PROGRESS:
        action: str = result["progress_action"]
        return {action, action.partition("_")[0]}  # the stage, and what is waited for
    return {result.get("step_id")} & CHOICES.keys()
