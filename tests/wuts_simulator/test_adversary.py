import asyncio
from datetime import UTC, datetime

import pytest
from aiohttp import ClientError

from tests.wuts_simulator.conftest import Start
from tests.wuts_simulator.gateway import Api, Reply
from wuts_simulator import EndpointName, ManualClock, Mischief, Settings, Simulator

QUICK = 0.05
CALLS = (("GET", "/devices"), ("GET", "/status"), ("POST", "/connect"), ("GET", "/qr"))
PATIENT = [kind for kind in Mischief if kind not in {Mischief.HANG, Mischief.RESET}]


@pytest.fixture
async def sim(start: Start) -> Simulator:
    settings = Settings(
        control=True, seed=1, qr_image=False, connecting_for=0, allow_http_webhooks=True
    )
    sim = await start(settings)
    sim.world.add_devices("home", 4, state="connected")
    return sim


async def called(
    api: Api, method: str, path: str, device_id: str, patience: float = 0.5
) -> Reply | None:
    """Return the answer, None when there was none."""
    try:
        async with asyncio.timeout(patience):
            return await api.call(method, path, device_id=device_id)
    except (ClientError, TimeoutError):
        return None


async def told(
    api: Api, sim: Simulator, clock: ManualClock, rounds: int = 12, patience: float = 0.5
) -> list[str]:
    """Call everything some times, in several spells, and return what came back."""
    answers = []
    for _ in range(rounds):
        for device_id in [*sim.world.registry.devices]:
            for method, path in CALLS:
                reply = await called(api, method, path, device_id, patience)
                answers.append(f"{reply.status} {reply.text}" if reply else "nothing")
        clock.advance(QUICK)
    return answers


async def test_the_same_seed_does_the_same(api: Api) -> None:
    async def story(adversary: int) -> list[str]:
        clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
        settings = Settings(tokens=(("home", "token-home"),), qr_image=False, seed=7)
        async with Simulator(settings, clock) as sim:
            sim.world.add_devices("home", 3, state="connected")
            sim.world.misbehave(adversary, period=QUICK, kinds=PATIENT)
            api.url = sim.url
            return await told(api, sim, clock, rounds=4, patience=60.0)

    first, second, other = await story(3), await story(3), await story(4)
    assert first == second
    assert first != other


@pytest.mark.parametrize("kind", Mischief)
async def test_each_mischief_is_done(
    api: Api, sim: Simulator, clock: ManualClock, kind: Mischief
) -> None:
    hook = {
        "webhook_url": "http://127.0.0.1:1",
        "enabled_events": ["device.connected"],
        "retry_attempts": 0,
    }
    for device_id in sim.world.registry.devices:
        await api.post("/webhook", json=hook, device_id=device_id)
    kinds = {kind}
    if kind is Mischief.PAIRED_ELSEWHERE:
        kinds.add(Mischief.UNLINKED)
    sim.world.misbehave(5, period=QUICK, kinds=kinds)
    adversary = sim.world.adversary
    assert adversary is not None
    for _ in range(20):
        await told(api, sim, clock, rounds=2)
        if kind in adversary.struck:
            break
    assert kind in adversary.struck


async def test_it_ends_when_it_is_told_to(api: Api, sim: Simulator, clock: ManualClock) -> None:
    sim.world.misbehave(11, period=QUICK)
    await told(api, sim, clock, rounds=4)
    sim.world.behave()
    for device_id in [*sim.world.registry.devices]:
        assert (await api.get("/status", device_id=device_id)).data["device_id"] == device_id
    listed = (await api.get("/devices")).body["devices"]
    assert [row["id"] for row in listed] == [*sim.world.registry.devices]


async def test_a_lie_is_never_told_under_the_device_that_was_asked_for(
    api: Api, sim: Simulator
) -> None:
    sim.world.misbehave(2, kinds=[Mischief.WRONG_DEVICE])
    lies = 0
    for _ in range(20):
        for device_id in [*sim.world.registry.devices]:
            data = (await api.get("/status", device_id=device_id)).data
            assert data["connected"] is (data["device_id"] == device_id)
            lies += not data["connected"]
    assert lies


@pytest.mark.usefixtures("sim")
async def test_it_is_steered_by_the_control_api(nobody: Api, api: Api) -> None:
    assert (await nobody.get("/_sim/adversary")).body == {"seed": None, "struck": {}}
    body = {"seed": 9, "period": 3, "kinds": ["empty_list"]}
    assert (await nobody.post("/_sim/adversary", json=body)).status == 200
    for _ in range(30):
        await api.get("/devices")
    ended = (await nobody.delete("/_sim/adversary")).body
    assert ended["seed"] == 9
    assert ended["struck"]["empty_list"] > 0
    assert len((await api.get("/devices")).body["devices"]) == 4


@pytest.mark.parametrize(
    "body", [{}, {"seed": "one"}, {"seed": 1, "period": 0}, {"seed": 1, "kinds": ["worse"]}]
)
async def test_a_wrong_order_is_refused(nobody: Api, sim: Simulator, body: object) -> None:
    assert (await nobody.post("/_sim/adversary", json=body)).status == 400
    assert sim.world.adversary is None


async def test_two_connects_of_a_device_are_still_counted(api: Api, sim: Simulator) -> None:
    sim.world.misbehave(1, kinds=[Mischief.DROPPED])
    device_id = next(iter(sim.world.registry.devices))
    await api.post("/connect", device_id=device_id)
    assert sim.world.requests.connects[device_id] == 1
    assert sim.world.requests.by_endpoint[EndpointName.CONNECT] == 1
