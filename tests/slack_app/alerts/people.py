"""The app at work in Slack, on a gateway whose devices fail."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from slack_app.app import AppStore, RunningApp, Tempo, running_app
from slack_app.settings import Settings
from tests.slack_app.strict_files import Sent
from tests.slack_app.strict_slack import ANA, BOB, OPS, PATIENCE, StrictSlack
from tests.slack_app.test_app import TEMPO
from wuts.supervisor import Alert, DeviceState
from wuts_simulator import Simulator

NIGHT = "C2NIGHT"
PHONE = "5511912344321"
NAMES: dict[str, Sent] = {
    ANA: {"real_name": "Ana Souza", "tz": "America/Sao_Paulo", "tz_offset": -10_800},
    BOB: {"real_name": "Bob", "team_id": "T1"},
}
WAITING = replace(TEMPO, group_wait=3.0, group_interval=0.6)
"""Long enough for more than five alerts to come together; what comes later joins them."""


@dataclass(frozen=True)
class Office:
    """Slack, the gateway and the app."""

    slack: StrictSlack
    sim: Simulator
    app: RunningApp

    async def connected(self, count: int = 1) -> list[str]:
        """Connect so many devices; return their ids once the app knows them."""
        made = [
            self.sim.world.add_device(name=f"Desk {n}", state="connected", phone=f"551191234{n:04}")
            for n in range(count)
        ]
        devices = self.app.services.supervisor.devices("home")

        def are_seen() -> bool:
            states = [devices[one.id].state if one.id in devices else None for one in made]
            return all(state is DeviceState.CONNECTED for state in states)

        await self.until(are_seen)
        return [one.id for one in made]

    async def unlinked(self, *ids: str) -> None:
        """Unlink devices as their phones do, and have the app see it."""
        for device_id in ids:
            self.sim.world.unlink(device_id)
        self.app.services.supervisor.wake("home")

    def paired(self, device_id: str) -> None:
        """Pair a device again, as by another program."""
        device = self.sim.world.device(device_id)
        self.sim.world.sessions.store_credentials(device, PHONE)
        device.open_session(self.sim.world.sessions.calendar())
        self.app.services.supervisor.wake("home")

    async def shows(self, text: str, channel: str = OPS) -> Sent:
        """Wait for a message with these words in a channel; return the newest."""
        await self.slack.until(lambda: bool(self._with(text, channel)))
        return self._with(text, channel)[-1]

    def button(self, about: str, action: str, channel: str = OPS) -> Sent:
        """Return a button of the newest message with these words."""
        return buttons_of(self._with(about, channel)[-1])[action]

    def messages(self, channel: str = OPS) -> list[Sent]:
        """Return a channel's messages as they are now, with their ``ts``, oldest first."""
        found = self.slack.messages.items()
        return [{**sent, "ts": ts} for (where, ts), sent in found if where == channel]

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so that Slack does not hear of."""
        async with asyncio.timeout(PATIENCE):
            while not is_so():
                await self.slack.client.auth_test()

    def texts(self, channel: str = OPS) -> list[str]:
        """Return what a channel's messages say in one line, oldest first."""
        return [sent["text"] for sent in self.messages(channel)]

    def alerts(self) -> tuple[Alert, ...]:
        return self.app.services.supervisor.open_alerts()

    def _with(self, text: str, channel: str) -> list[Sent]:
        return [sent for sent in self.messages(channel) if text in str(sent)]


def buttons_of(sent: Sent) -> dict[str, Sent]:
    """Return a message's buttons, by their ids."""
    found = {}
    for block in sent["blocks"]:
        for element in [*block.get("elements", []), block.get("accessory", {})]:
            if element.get("type") == "button":
                found[element["action_id"]] = element
    return found


@asynccontextmanager
async def an_office(
    slack: StrictSlack,
    sim: Simulator,
    settings: Settings,
    *,
    store: AppStore | None = None,
    tempo: Tempo = TEMPO,
) -> AsyncIterator[Office]:
    slack.facts |= NAMES
    async with running_app(settings, store=store, tempo=tempo) as app:
        yield Office(slack, sim, app)
