"""A bell that a home tells somebody of, and the gateway that is away meanwhile."""

import asyncio
import time
from collections import Counter

from tests.home_assistant.house import NUMBER_OF_ANA, House
from tests.home_assistant.road import Road
from wuts_simulator import Simulator

OUTAGE = 120.0
"""Seconds for which the gateway is away."""

PAUSE = 5.0
"""Seconds from one ring of the bell to the next."""

BY_RECIPIENT, BY_NUMBER = "bell_by_recipient", "bell_by_number"
"""The automations that answer to the bell."""


class Bell:
    """A bell of which two automations tell Ana, each with a message of its own a ring."""

    def __init__(self, house: House, gateway: Simulator) -> None:
        self.rings = 0
        self._house = house
        self._gateway = gateway

    async def ring(self) -> int:
        """Ring once, and return which ring it was."""
        self.rings += 1
        await self._house.ask("POST", "events/bell", ring=self.rings)
        return self.rings

    async def ring_for(self, seconds: float) -> None:
        """Ring again and again for so long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            await self.ring()
            await asyncio.sleep(PAUSE)

    def arrived(self) -> Counter[str]:
        """Return which messages are on Ana's phone, and how often."""
        return Counter(
            message.text
            for message in self._gateway.world.messages
            if message.text.startswith("bell_")
        )

    async def failed(self) -> dict[str, str]:
        """Wait until each ring was answered to; return what went wrong by message, from traces."""
        errors: dict[str, str] = {}
        for name in (BY_RECIPIENT, BY_NUMBER):
            for trace in await self._house.traces(name, self.rings):
                ring = trace["trace"]["trigger/0"][0]["changed_variables"]["trigger"]["event"]
                if error := trace.get("error"):
                    errors[f"{name} {ring['data']['ring']}"] = error
        return errors


class Outage:
    """A gateway that goes away, while the bell rings."""

    def __init__(self, gateway: Simulator, road: Road, bell: Bell) -> None:
        self.bell = bell
        self._gateway = gateway
        self._road = road
        self._ringing: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Close the road to the gateway, and ring on."""
        self._road.close()
        self._ringing = asyncio.create_task(self.bell.ring_for(OUTAGE))

    async def end(self) -> None:
        """Open the road when two minutes have passed."""
        assert self._ringing is not None
        await self._ringing
        self._gateway.world.requests.reset()
        await self._road.open()

    def listings(self) -> int:
        """Return how often the gateway was asked for its devices since the road is open."""
        return self._gateway.world.requests.by_endpoint["GET /devices"]


async def answer_bell(house: House, sender: str) -> None:
    """Make the automations; a device, named by an entity of it, sends to the number itself."""
    bell = [{"trigger": "event", "event_type": "bell"}]
    text = "{{ trigger.event.data.ring }}"
    by_recipient = {
        "action": "notify.send_message",
        "target": {"entity_id": "notify.ana"},
        "data": {"message": f"{BY_RECIPIENT} {text}"},
    }
    by_number = {
        "action": "wuts.send_message",
        "data": {
            "device_id": await house.device_of(sender),
            "to": f"+{NUMBER_OF_ANA}",
            "message": f"{BY_NUMBER} {text}",
        },
    }
    for name, action in ((BY_RECIPIENT, by_recipient), (BY_NUMBER, by_number)):
        await house.automate(name, triggers=bell, actions=[action], mode="parallel", max=20)
