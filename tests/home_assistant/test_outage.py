"""An account's gateway is away for two minutes, and nothing is lost in silence.

The two minutes are real ones: Home Assistant looks every 30 seconds. Meanwhile people live in the
home, with another account whose gateway is there. Each test goes on where the one before it ended.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from scripts.lib.home_page import HomePage
from tests.home_assistant.house import CHAIN_TOKEN, NUMBER_OF_ANA, SHOP_TOKEN, House, keep
from tests.home_assistant.road import Road
from wuts_simulator import Settings, Simulator

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.chromium,
    pytest.mark.timeout(400),
]

OUTAGE = 120.0
"""Seconds for which the gateway is away."""

PAUSE = 5.0
"""Seconds from one ring of the bell to the next."""

BY_RECIPIENT, BY_NUMBER = "bell_by_recipient", "bell_by_number"
"""The automations that answer to the bell."""

STATE, CONNECTIVITY = "sensor.till_state", "binary_sensor.till_connectivity"


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


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def outage(house: House) -> AsyncIterator[Outage]:
    """An account with a connected device, a recipient and a bell, and the road to its gateway."""
    house.secrets |= {SHOP_TOKEN, CHAIN_TOKEN, NUMBER_OF_ANA}
    gateway = Simulator(Settings(tokens=(("home", SHOP_TOKEN),)))
    till = gateway.world.add_device("home", "Till", state="connected").id
    async with gateway, Road(int(gateway.url.rpartition(":")[2])) as road:
        address = {"url": f"http://127.0.0.1:{road.port}"}
        made = await house.fill_flow("wuts", {"token": SHOP_TOKEN, "advanced": address})
        entry_id = made["result"]["entry_id"]
        await house.fill_flow([entry_id, "device"], {"device_id": till})
        ana = {"name": "Ana", "recipient": f"+{NUMBER_OF_ANA}", "device_id": till}
        await house.fill_flow([entry_id, "recipient"], ana)
        await house.until(STATE, "connected")
        await house.until_there("notify.ana")
        await answer_the_bell(house)
        yield Outage(gateway, road, Bell(house, gateway))


async def answer_the_bell(house: House) -> None:
    """Make the automations."""
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
            "device_id": await house.device_of(STATE),
            "to": f"+{NUMBER_OF_ANA}",
            "message": f"{BY_NUMBER} {text}",
        },
    }
    for name, action in ((BY_RECIPIENT, by_recipient), (BY_NUMBER, by_number)):
        await house.automate(name, triggers=bell, actions=[action], mode="parallel", max=20)


async def test_a_message_fails_in_the_moment_in_which_the_gateway_goes(
    house: House, outage: Outage
) -> None:
    ring = await outage.bell.ring()
    assert await outage.bell.failed() == {}
    assert outage.bell.arrived() == {f"{BY_RECIPIENT} {ring}": 1, f"{BY_NUMBER} {ring}": 1}
    outage.begin()
    ring = await outage.bell.ring()
    failed = await outage.bell.failed()
    assert {f"{BY_RECIPIENT} {ring}", f"{BY_NUMBER} {ring}"} <= set(failed)


async def test_a_recipient_stays_available_when_home_assistant_has_seen_it(
    house: House, outage: Outage
) -> None:
    await house.until(STATE, "unavailable")
    assert (await house.states())["notify.ana"] != "unavailable"


async def test_after_two_minutes_the_first_listing_brings_all_of_it_back(
    house: House, outage: Outage, window: HomePage
) -> None:
    await keep(window, "outage")
    await outage.end()
    await house.until(STATE, "connected")
    assert outage.listings() == 1
    await house.until(CONNECTIVITY, "on")
    await outage.bell.ring()


async def test_each_message_arrived_once_or_failed_in_trace_and_log(
    house: House, outage: Outage
) -> None:
    failed, arrived = await outage.bell.failed(), outage.bell.arrived()
    rings = range(1, outage.bell.rings + 1)
    assert set(arrived.values()) == {1}
    assert set(failed) | set(arrived) == {
        f"{name} {ring}" for name in (BY_RECIPIENT, BY_NUMBER) for ring in rings
    }
    assert not set(failed) & set(arrived)
    print(failed, len(rings))
    print("\n".join(x for x in house.logged().splitlines() if "bell" in x and "ERR" in x))
