"""Whatever happens in whatever order: nothing is forgotten, and what can be healed is healed."""

from collections.abc import Callable

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.core.wuts.supervisor.invariants import check_controller, check_story
from tests.core.wuts.supervisor.virtual import DAY, HOME, HOUR, World
from wuts.errors import (
    AlreadyConnectedError,
    DeviceNotFoundError,
    ForbiddenError,
    GatewayBusyError,
    GatewayError,
    InvalidTokenError,
    RateLimitedError,
    UnexpectedAnswerError,
    WrongDeviceError,
    WutsConnectionError,
    WutsError,
    WutsTimeoutError,
)
from wuts.supervisor import AccountState, DeviceState, SupervisorSettings
from wuts.supervisor.account.work_queue import Call, CallKind

OTHER = "other"
IDS = st.sampled_from([f"d{number}" for number in range(6)])
ACCOUNTS = st.sampled_from([HOME, OTHER])
ERRORS: list[Callable[[], WutsError]] = [
    GatewayBusyError,
    GatewayError,
    UnexpectedAnswerError,
    WutsConnectionError,
    WutsTimeoutError,
    AlreadyConnectedError,
    ForbiddenError,
    InvalidTokenError,
    DeviceNotFoundError,
    WrongDeviceError,
    lambda: GatewayBusyError(retry_after=100.0),
    lambda: RateLimitedError(retry_after=50.0),
    RateLimitedError,
]
SPANS = st.sampled_from([0.0, 0.01, 0.3, 1.0, 5.0, 31.0, 61.0, 600.0, HOUR, DAY])


class Sequences(RuleBasedStateMachine):
    @initialize(
        seed=st.integers(0, 99),
        latency=st.sampled_from([0.01, 2.0, 45.0]),
        concurrency=st.sampled_from([(1, 1), (3, 2), (100, 20)]),
        debounce=st.sampled_from([0.0, 60.0]),
        devices=st.integers(0, 6),
    )
    def begin(
        self,
        seed: int,
        latency: float,
        concurrency: tuple[int, int],
        debounce: float,
        devices: int,
    ) -> None:
        of_all, of_one = concurrency
        chosen = SupervisorSettings(
            concurrency=of_all, account_concurrency=of_one, debounce=debounce
        )
        self.world = World(chosen, seed=seed, accounts=(HOME, OTHER), latency=latency)
        for gateway in self.world.gateways.values():
            gateway.add(*(f"d{number}" for number in range(devices)))
        self.world.start()

    # The gateway and the phones

    @rule(account=ACCOUNTS, device_id=IDS, connected=st.booleans(), linked=st.booleans())
    def be(self, account: str, device_id: str, *, connected: bool, linked: bool) -> None:
        """A device is added, paired, unlinked, dropped or restored."""
        gateway = self.world.gateways[account]
        gateway.add(device_id, connected=connected and linked, linked=linked)
        gateway.credentials_lost.discard(device_id)

    @rule(account=ACCOUNTS)
    def drop_all(self, account: str) -> None:
        self.world.gateways[account].drop()

    @rule(account=ACCOUNTS, device_id=IDS)
    def lose_credentials(self, account: str, device_id: str) -> None:
        gateway = self.world.gateways[account]
        if device_id in gateway.phones and gateway.phones[device_id].linked:
            gateway.credentials_lost.add(device_id)
            gateway.drop(device_id)

    @rule(account=ACCOUNTS, device_id=IDS)
    def delete(self, account: str, device_id: str) -> None:
        self.world.gateways[account].phones.pop(device_id, None)

    @rule(account=ACCOUNTS, device_ids=st.sets(IDS))
    def leave_out(self, account: str, device_ids: set[str]) -> None:
        """Listings lack devices that are there."""
        self.world.gateways[account].left_out = device_ids

    @rule(account=ACCOUNTS, device_ids=st.sets(IDS))
    def scramble(self, account: str, device_ids: set[str]) -> None:
        """Rows of the listing cannot be read."""
        self.world.gateways[account].unreadable = tuple(sorted(device_ids))

    @rule(account=ACCOUNTS, is_down=st.booleans())
    def break_down(self, account: str, *, is_down: bool) -> None:
        self.world.gateways[account].is_down = is_down

    @rule(account=ACCOUNTS, is_good=st.booleans())
    def refuse_token(self, account: str, *, is_good: bool) -> None:
        self.world.gateways[account].is_token_good = is_good

    @rule(account=ACCOUNTS, kind=st.sampled_from(CallKind), error=st.sampled_from(ERRORS))
    def spoil(self, account: str, kind: CallKind, error: Callable[[], WutsError]) -> None:
        def fault(call: Call) -> WutsError | None:
            return error() if call.kind is kind else None

        if not (kind is CallKind.LIST and error is DeviceNotFoundError):
            self.world.gateways[account].fault = fault

    @rule(account=ACCOUNTS)
    def spoil_nothing(self, account: str) -> None:
        self.world.gateways[account].fault = lambda _call: None

    # People and webhooks

    @rule(account=ACCOUNTS, device_id=IDS)
    def pause(self, account: str, device_id: str) -> None:
        self.world.pause(device_id, account)

    @rule(account=ACCOUNTS, device_id=IDS)
    def resume(self, account: str, device_id: str) -> None:
        self.world.resume(device_id, account)

    @rule(account=ACCOUNTS, device_id=IDS)
    def forget(self, account: str, device_id: str) -> None:
        self.world.forget(device_id, account)

    @rule(account=ACCOUNTS)
    def wake(self, account: str) -> None:
        self.world.wake(None, account)

    @rule(account=ACCOUNTS, device_id=IDS)
    def wake_device(self, account: str, device_id: str) -> None:
        self.world.wake(device_id, account)

    @rule(account=ACCOUNTS, is_good=st.booleans())
    def replace_token(self, account: str, *, is_good: bool) -> None:
        self.world.replace_token(account, is_good=is_good)

    @rule()
    def restart(self) -> None:
        self.world.restart()

    # Time

    @rule(seconds=SPANS)
    def run(self, seconds: float) -> None:
        self.world.run(seconds)

    @rule(seconds=st.sampled_from([1.0, 100.0, HOUR, 10 * DAY]))
    def leap(self, seconds: float) -> None:
        """The machine was asleep: nothing was looked at meanwhile."""
        self.world.now += seconds

    @precondition(lambda self: hasattr(self, "world"))
    @invariant()
    def nothing_is_forgotten(self) -> None:
        check_controller(self.world.controller)
        check_story(self.world.events)
        connects = [key for key in self.world.most if isinstance(key, tuple)]
        assert all(self.world.most[key] == 1 for key in connects)

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        for name, gateway in self.world.gateways.items():
            gateway.is_down, gateway.fault = False, lambda _call: None
            gateway.left_out, gateway.unreadable = set(), ()
            self.world.replace_token(name)
        self.world.run(3 * HOUR)
        self.nothing_is_forgotten()
        for name in self.world.gateways:
            self.check_is_healed(name)

    def check_is_healed(self, name: str) -> None:
        account, gateway = self.world.controller.accounts[name], self.world.gateways[name]
        assert account.state is AccountState.HEALTHY
        assert account.devices.keys() == gateway.phones.keys()
        for device in account.devices.values():
            phone = gateway.phones[device.id]
            if device.state is DeviceState.PAUSED:
                continue
            if phone.linked and device.id not in gateway.credentials_lost:
                assert phone.connected
                assert device.state is DeviceState.CONNECTED
            else:
                unpaired = (DeviceState.NEEDS_PAIRING, DeviceState.NEVER_PAIRED)
                assert device.state in unpaired
                assert not device.was_paired or device.state is DeviceState.NEEDS_PAIRING


@pytest.mark.timeout(900)
@pytest.mark.slow
def test_no_sequence_of_events_makes_the_controller_forget_or_lie() -> None:
    run_state_machine_as_test(
        Sequences, settings=settings(max_examples=100, stateful_step_count=40)
    )
