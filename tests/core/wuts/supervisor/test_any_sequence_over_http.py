"""The real supervisor and the real simulator through arbitrary sequences.

Every step lets things happen for a moment and then checks what must hold at all times. Nothing is
said about how long anything takes, except the end: what can be healed is healed.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from tests.core.wuts.supervisor.home import ACCOUNT, until
from tests.core.wuts.supervisor.invariants import check_controller, check_story
from tests.core.wuts.supervisor.store.listener import Listener
from wuts import WutsClient
from wuts.errors import WutsError
from wuts.http import endpoints
from wuts.supervisor import (
    AccountState,
    AlertKind,
    Device,
    DeviceState,
    Supervisor,
    SupervisorSettings,
)
from wuts.supervisor.store import MemoryStore, Store
from wuts.supervisor.store.sql import SqlStore
from wuts_simulator import (
    ConflictError,
    EndpointName,
    Fault,
    FaultKind,
    Settings,
    Simulator,
    UnknownError,
)

QUICK = SupervisorSettings(
    interval=0.05,
    base=0.01,
    cap=0.05,
    debounce=0.0,
    stable_after=0.2,
    concurrency=6,
    account_concurrency=4,
    gone_after=0.1,
    refused_cap=0.2,
)
CALL_TIMEOUT = 0.5
LEFT_ALONE = (DeviceState.PAUSED, DeviceState.NEEDS_PAIRING, DeviceState.NEVER_PAIRED)
PICK = st.integers(0, 9)
OUR_CALLS = st.sampled_from([EndpointName.LIST_DEVICES, EndpointName.STATUS, EndpointName.CONNECT])
MISTAKES = st.sampled_from(
    [
        Fault(kind=FaultKind.HANG),
        Fault(kind=FaultKind.RESET),
        Fault(kind=FaultKind.HTML),
        Fault(kind=FaultKind.TRUNCATED),
        Fault(kind=FaultKind.WRONG_TYPES),
        Fault(kind=FaultKind.MISSING_FIELDS),
        Fault(kind=FaultKind.LATENCY, seconds=0.1),
        Fault(kind=FaultKind.STATUS, status=503),
        Fault(kind=FaultKind.STATUS, status=500),
        Fault(kind=FaultKind.STATUS, status=429, retry_after="1"),
        Fault(kind=FaultKind.STATUS, status=401),
        Fault(kind=FaultKind.STATUS, status=403),
    ]
)


class Sequences(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.tokens = 0
        self.connects: dict[tuple[str, float], int] = {}

    def do(self, step: Coroutine[object, object, None]) -> None:
        """Take a step, give it a moment, and check what must hold."""

        async def step_and_check() -> None:
            await step
            await asyncio.sleep(0.03)
            await self.check()

        self.runner.run(step_and_check())

    # The beginning

    @initialize(
        devices=st.integers(1, 6), latency=st.sampled_from([0.0, 0.01]), on_disk=st.booleans()
    )
    def begin(self, devices: int, latency: float, *, on_disk: bool) -> None:
        folder = self.stack.enter_context(TemporaryDirectory())
        self.folder = Path(folder) if on_disk else None
        self.do(self.set_up(devices, latency))

    async def set_up(self, devices: int, latency: float) -> None:
        chosen = Settings(
            tokens=((ACCOUNT, "token-0"),), connecting_for=0.02, connect_latency=latency
        )
        sim = await self.stack.enter_async_context(Simulator(chosen))
        self.sim, self.world = sim, sim.world
        self.world.add_devices(ACCOUNT, devices, state="connected")
        self.listener = Listener()
        self.memory = MemoryStore()
        await self.start()

    def store(self) -> Store:
        if self.folder is None:
            return self.memory
        return SqlStore(f"sqlite:///{self.folder / 'store.db'}")

    async def start(self) -> None:
        self.supervisor = Supervisor(QUICK, store=self.store())
        self.supervisor.subscribe(self.listener)
        await self.supervisor.start()
        self.supervisor.add_account(ACCOUNT, await self.new_client())
        await self.supervisor.until_owner(ACCOUNT)

    async def new_client(self) -> WutsClient:
        client = WutsClient(f"token-{self.tokens}", base_url=self.sim.url)
        return await self.stack.enter_async_context(client)

    def pick(self, number: int) -> str | None:
        ids = [*self.world.registry.devices]
        return ids[number % len(ids)] if ids else None

    async def world_does(self, act: Callable[[str], object], number: int) -> None:
        device_id = self.pick(number)
        if device_id is not None:
            with suppress(ConflictError, UnknownError):
                act(device_id)

    # Phones and the gateway

    @rule(number=PICK)
    def drop(self, number: int) -> None:
        self.do(self.world_does(self.world.drop, number))

    @rule(number=PICK)
    def restore(self, number: int) -> None:
        self.do(self.world_does(self.world.restore, number))

    @rule(number=PICK)
    def unlink(self, number: int) -> None:
        self.do(self.world_does(self.world.unlink, number))

    @rule(number=PICK)
    def delete(self, number: int) -> None:
        self.do(self.world_does(self.world.remove, number))

    @rule(number=PICK)
    def pair(self, number: int) -> None:
        def scan(device_id: str) -> None:
            device = self.world.device(device_id)
            if device.jid is None:
                self.world.sessions.begin_pairing(device, f"55119{number:08}")

        self.do(self.world_does(scan, number))

    @rule(state=st.sampled_from(["connected", "disconnected", "never_paired"]))
    def add(self, state: str) -> None:
        async def step() -> None:
            self.world.add_device(ACCOUNT, state=state)

        self.do(step())

    @rule(down_for=st.sampled_from([0.0, 0.1]), drop_share=st.sampled_from([0.3, 1.0]))
    def restart_gateway(self, down_for: float, drop_share: float) -> None:
        async def step() -> None:
            self.world.restart(down_for=down_for, drop_share=drop_share)

        self.do(step())

    @rule(mistake=MISTAKES, endpoint=OUR_CALLS, times=st.sampled_from([1, 3, None]))
    def make_mistakes(self, mistake: Fault, endpoint: str, times: int | None) -> None:
        async def step() -> None:
            self.world.faults.add(replace(mistake, endpoint=endpoint, times=times))

        self.do(step())

    @rule()
    def make_no_more_mistakes(self) -> None:
        async def step() -> None:
            self.world.faults.clear()

        self.do(step())

    # Tokens, people and processes

    @rule()
    def revoke_token(self) -> None:
        async def step() -> None:
            with suppress(UnknownError):
                self.world.revoke_token(f"token-{self.tokens}")

        self.do(step())

    async def replace_the_token(self) -> None:
        self.tokens += 1
        self.world.add_tenant(ACCOUNT, f"token-{self.tokens}")
        await self.supervisor.replace_client(ACCOUNT, await self.new_client())

    @rule()
    def replace_token(self) -> None:
        self.do(self.replace_the_token())

    async def person_does(
        self, act: Callable[[str, str], Coroutine[object, object, None]], number: int
    ) -> None:
        device_id = self.pick(number)
        if device_id is not None:
            with suppress(WutsError):
                await act(ACCOUNT, device_id)

    @rule(number=PICK)
    def disconnect(self, number: int) -> None:
        self.do(self.person_does(self.supervisor.disconnect, number))

    @rule(number=PICK)
    def pause(self, number: int) -> None:
        self.do(self.person_does(self.supervisor.pause, number))

    @rule(number=PICK)
    def resume(self, number: int) -> None:
        self.do(self.person_does(self.supervisor.resume, number))

    @rule(number=PICK, all_of_them=st.booleans())
    def wake(self, number: int, *, all_of_them: bool) -> None:
        async def step() -> None:
            self.supervisor.wake(ACCOUNT, None if all_of_them else self.pick(number))

        self.do(step())

    @rule()
    def restart_process(self) -> None:
        async def step() -> None:
            await self.supervisor.stop()
            self.connects.clear()
            await self.start()

        self.do(step())

    # What must hold

    @property
    def devices(self) -> list[Device]:
        return [*self.supervisor.devices(ACCOUNT).values()]

    async def check(self) -> None:
        check_controller(self.supervisor._controller)
        check_story(self.listener.events)
        assert all(count <= 1 for count in self.world.requests.max_in_flight.values())
        self.check_who_is_left_alone()

    def check_who_is_left_alone(self) -> None:
        """No connect of a device that stayed what it was since the last check."""
        in_flight = self.supervisor._controller.account(ACCOUNT).queue.in_flight
        connects = {
            (device.id, device.since): self.world.requests.connects[device.id]
            for device in self.devices
            if device.state in LEFT_ALONE and device.id not in in_flight
        }
        for key in connects.keys() & self.connects.keys():
            assert connects[key] == self.connects[key], "a device was not left alone"
        self.connects = connects

    # The end

    def teardown(self) -> None:
        if not hasattr(self, "supervisor"):
            return
        try:
            self.runner.run(self.heal())
            self.runner.run(self.check())
        finally:
            self.runner.run(self.end())
            self.runner.close()

    async def heal(self) -> None:
        self.world.break_for(0)
        self.world.faults.clear()
        await self.replace_the_token()
        await until(self.is_well)

    def is_well(self) -> bool:
        supervised = self.supervisor.devices(ACCOUNT)
        return (
            self.supervisor.account_state(ACCOUNT) is AccountState.HEALTHY
            and supervised.keys() == self.world.registry.devices.keys()
            and all(map(self.is_as_it_should_be, supervised.values()))
        )

    def is_as_it_should_be(self, device: Device) -> bool:
        real = self.world.device(device.id)
        if device.state is DeviceState.PAUSED:
            return True
        if real.jid is not None:
            return device.state is DeviceState.CONNECTED and real.is_connected
        subject = (AlertKind.NEEDS_PAIRING, device.id)
        alerts = [(alert.kind, alert.device_id) for alert in self.supervisor.open_alerts()]
        if device.was_paired:
            return device.state is DeviceState.NEEDS_PAIRING and alerts.count(subject) == 1
        return device.state is DeviceState.NEVER_PAIRED and subject not in alerts

    async def end(self) -> None:
        await self.supervisor.stop()
        check_story(self.listener.events)
        await self.stack.aclose()


@pytest.mark.timeout(900)
def test_no_sequence_of_events_is_too_much_over_http(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LIST_DEVICES", "GET_STATUS", "CONNECT"):
        quick = replace(getattr(endpoints, name), timeout=CALL_TIMEOUT)
        monkeypatch.setattr(endpoints, name, quick)
    run_state_machine_as_test(Sequences, settings=settings(max_examples=25, stateful_step_count=15))
