from random import Random

import pytest

from wuts.errors import (
    DeviceNotReadyError,
    ForbiddenError,
    GatewayBusyError,
    InvalidTokenError,
    RateLimitedError,
    WutsConnectionError,
    WutsError,
)
from wuts.evidence import weigh
from wuts.http.endpoints import CONNECT, LIST_DEVICES
from wuts.supervisor import AccountState, Reason, SupervisorSettings
from wuts.supervisor.account.breaker import (
    FAILED_CALLS,
    FAILED_LISTINGS,
    AccountChange,
    CircuitBreaker,
)

NOW = 1_790_000_000.0
HEALTHY, REFUSED, DOWN = (
    AccountState.HEALTHY,
    AccountState.TOKEN_REFUSED,
    AccountState.GATEWAY_DOWN,
)


UNREACHABLE = WutsConnectionError()


class Told:
    """A circuit breaker, and what it told."""

    def __init__(self, state: AccountState = HEALTHY) -> None:
        self.changes: list[AccountChange] = []
        self.breaker = CircuitBreaker(SupervisorSettings(), Random(1), state)

    def note(self, changes: list[AccountChange]) -> bool:
        """Note what changed; tell whether anything did."""
        self.changes += changes
        return bool(changes)

    def fail_listings(self, times: int = FAILED_LISTINGS, error: WutsError = UNREACHABLE) -> None:
        for _ in range(times):
            evidence = weigh(LIST_DEVICES, error)
            self.note(self.breaker.listing_failed(evidence, error.message))

    def fail_calls(self, times: int = FAILED_CALLS, *, is_mass: bool = True) -> None:
        for number in range(times):
            self.fail_call(GatewayBusyError(), f"d{number}", is_mass=is_mass)

    def fail_call(self, error: WutsError, device_id: str = "d0", *, is_mass: bool = False) -> None:
        self.breaker.call_failed(device_id, weigh(CONNECT, error), NOW, is_mass=is_mass)

    def answer_call(self, device_id: str, answer: object = None) -> None:
        self.breaker.call_answered(device_id, weigh(CONNECT, answer))

    def recover(self, now: float = NOW, *, is_mass_disconnect: bool) -> bool:
        return self.note(self.breaker.recover(now, is_mass_disconnect=is_mass_disconnect))

    @property
    def reasons(self) -> list[Reason]:
        return [change.reason for change in self.changes]


def test_one_failed_listing_is_no_outage() -> None:
    told = Told()
    told.fail_listings(1)
    assert told.breaker.state is HEALTHY
    assert not told.breaker.is_open(NOW)


def test_two_failed_listings_are_an_outage_with_the_gateway_s_words() -> None:
    told = Told()
    told.fail_listings()
    assert told.changes == [
        AccountChange(HEALTHY, DOWN, Reason.UNREACHABLE, WutsConnectionError().message)
    ]
    assert told.breaker.is_open(NOW)
    assert not told.breaker.is_reachable


def test_an_answered_listing_ends_an_outage_of_listings() -> None:
    told = Told()
    told.fail_listings()
    told.note(told.breaker.listing_answered(NOW))
    assert told.recover(is_mass_disconnect=True)
    assert told.reasons == [Reason.UNREACHABLE, Reason.RECOVERED]


def test_an_answered_listing_does_not_end_a_mass_disconnect() -> None:
    told = Told()
    told.note(told.breaker.mass_disconnect())
    told.fail_listings()
    told.note(told.breaker.listing_answered(NOW))
    assert not told.recover(is_mass_disconnect=True)
    assert told.recover(is_mass_disconnect=False)


def test_a_mass_disconnect_found_after_an_outage_goes_on_with_it() -> None:
    told = Told()
    told.fail_listings()
    told.note(told.breaker.listing_answered(NOW))
    told.note(told.breaker.mass_disconnect())
    assert not told.recover(is_mass_disconnect=True)
    assert told.reasons == [Reason.UNREACHABLE]


def test_nothing_recovers_while_listings_fail() -> None:
    told = Told()
    told.fail_listings()
    assert not told.recover(is_mass_disconnect=False)


def test_failed_calls_in_a_mass_disconnect_let_the_account_wait() -> None:
    told = Told()
    told.fail_calls()
    assert told.breaker.open_until > NOW
    assert told.breaker.is_open(NOW)
    assert told.breaker.is_half_open
    assert not told.breaker.is_open(told.breaker.open_until)


def test_failed_calls_alone_do_not_mean_that_the_gateway_is_down() -> None:
    told = Told()
    told.fail_calls(50)
    assert told.changes == []


def test_failed_calls_of_a_few_devices_are_their_own_affair() -> None:
    told = Told()
    told.fail_calls(is_mass=False)
    assert told.changes == []
    assert not told.breaker.is_open(NOW)


def test_a_listing_that_is_answered_lets_the_calls_probe() -> None:
    told = Told()
    told.fail_calls(9)
    told.breaker.listing_answered(NOW)
    assert not told.breaker.is_open(NOW)
    assert told.breaker.is_half_open


def test_a_call_that_is_answered_closes_it() -> None:
    told = Told()
    told.fail_calls()
    told.answer_call("d9")
    assert not told.breaker.is_half_open


@pytest.mark.parametrize("tries", [1, 2])
def test_what_one_device_needed_in_tries_others_may_need(tries: int) -> None:
    told = Told()
    told.fail_calls()
    for _ in range(tries - 1):
        told.fail_call(GatewayBusyError(), "d0", is_mass=True)
    told.answer_call("d0")
    told.breaker.listing_answered(NOW)
    for _ in range(tries):
        for number in range(20, 40):
            told.fail_call(GatewayBusyError(), f"d{number}", is_mass=True)
            assert told.breaker.is_usual(f"d{number}")
    assert not told.breaker.is_half_open
    for number in range(20, 40):
        told.fail_call(GatewayBusyError(), f"d{number}", is_mass=True)
    assert told.breaker.is_half_open


def test_too_many_requests_are_no_outage_but_a_wait() -> None:
    told = Told()
    told.fail_listings(5, RateLimitedError())
    assert told.changes == []
    told.fail_call(RateLimitedError(retry_after=70))
    assert told.changes == []
    assert told.breaker.open_until >= NOW + 70


def test_a_wake_ends_a_wait_but_not_one_that_the_gateway_asked_for() -> None:
    told = Told()
    told.fail_calls()
    told.breaker.hurry(NOW)
    assert not told.breaker.is_open(NOW)
    told.fail_call(RateLimitedError(retry_after=70))
    told.breaker.hurry(NOW)
    assert told.breaker.open_until == NOW + 70


def test_wakes_bring_one_try_forward() -> None:
    told = Told()
    told.fail_calls()
    told.breaker.hurry(NOW)
    told.fail_call(GatewayBusyError(), is_mass=True)
    wait = told.breaker.open_until
    assert wait > NOW
    told.breaker.hurry(NOW)
    assert told.breaker.open_until == wait


@pytest.mark.parametrize("state", [HEALTHY, DOWN])
def test_a_refused_listing_stops_all_calls(state: AccountState) -> None:
    told = Told(state)
    told.fail_listings(1, InvalidTokenError("No."))
    assert told.changes == [AccountChange(state, REFUSED, Reason.TOKEN_REFUSED, "No.")]
    assert told.breaker.is_open(NOW)


@pytest.mark.parametrize(
    ("refusals", "in_doubt"),
    [([InvalidTokenError()], True), ([ForbiddenError()], False), ([ForbiddenError()] * 2, True)],
)
def test_refused_calls_put_the_token_in_doubt_until_a_listing_decides(
    refusals: list[WutsError], *, in_doubt: bool
) -> None:
    told = Told()
    for error in refusals:
        told.breaker.refused(weigh(CONNECT, error))
    assert told.breaker.is_open(NOW) is in_doubt
    assert told.changes == []
    told.breaker.listing_answered(NOW)
    assert not told.breaker.is_open(NOW)


def test_a_good_answer_between_two_refusals_takes_the_doubt_away() -> None:
    told = Told()
    told.breaker.refused(weigh(CONNECT, ForbiddenError()))
    told.answer_call("d1")
    told.breaker.refused(weigh(CONNECT, ForbiddenError()))
    assert not told.breaker.in_doubt


def test_a_device_s_own_failure_between_two_refusals_does_not() -> None:
    told = Told()
    told.breaker.refused(weigh(CONNECT, ForbiddenError()))
    told.answer_call("d1", DeviceNotReadyError())
    told.breaker.refused(weigh(CONNECT, ForbiddenError()))
    assert told.breaker.in_doubt


def test_a_refused_token_that_is_good_again_says_whether_it_is_another() -> None:
    for is_another, reason in ((True, Reason.TOKEN_REPLACED), (False, Reason.RECOVERED)):
        told = Told()
        told.fail_listings(1, InvalidTokenError())
        if is_another:
            told.breaker.token_replaced()
        told.note(told.breaker.listing_answered(NOW))
        assert told.reasons == [Reason.TOKEN_REFUSED, reason]
        assert not told.breaker.is_open(NOW)


def test_a_refused_token_stays_refused_whatever_else_goes_wrong() -> None:
    told = Told()
    told.fail_listings(1, InvalidTokenError())
    told.breaker.token_replaced()
    told.fail_listings(5)
    told.fail_calls()
    told.note(told.breaker.mass_disconnect())
    assert not told.recover(is_mass_disconnect=False)
    assert told.reasons == [Reason.TOKEN_REFUSED]


@pytest.mark.parametrize("asked", [None, 20.0, 86_400.0])
def test_a_failed_listing_waits_as_long_as_the_gateway_limits_the_rate_but_no_longer_than_an_hour(
    asked: float | None,
) -> None:
    told = Told()
    evidence = weigh(LIST_DEVICES, RateLimitedError(retry_after=asked))
    told.fail_listings(50)
    wait = told.breaker.wait_to_list(evidence, 0.0)
    assert wait == pytest.approx(max(30.0, min(asked or 0.0, 3_600.0)), rel=0.05)


@pytest.mark.parametrize("failed", [1, 2, 50])
@pytest.mark.parametrize("is_own_word", [True, False])
def test_a_busy_gateway_is_listed_again_within_an_interval_whatever_it_asks(
    failed: int, *, is_own_word: bool
) -> None:
    told = Told()
    error = GatewayBusyError(status=503, retry_after=86_400.0)
    error.from_gateway = is_own_word
    told.fail_listings(failed)
    assert told.breaker.wait_to_list(weigh(LIST_DEVICES, error), 0.0) <= 30.0


def test_it_is_known_for_how_long_all_was_well() -> None:
    told = Told()
    assert told.breaker.closed_for(NOW) == float("inf")
    told.note(told.breaker.mass_disconnect())
    assert told.breaker.closed_for(NOW + 5) == 0
    told.recover(NOW + 5, is_mass_disconnect=False)
    assert told.breaker.closed_for(NOW + 9) == 4
