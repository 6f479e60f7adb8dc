from random import Random

import pytest

from wuts.errors import GatewayBusyError, RateLimitedError, WutsConnectionError, WutsError
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


class Told:
    """A circuit breaker, and what it told."""

    def __init__(self, state: AccountState = HEALTHY) -> None:
        self.changes: list[AccountChange] = []
        self.breaker = CircuitBreaker(SupervisorSettings(), Random(1), state)

    def note(self, changes: list[AccountChange]) -> bool:
        """Note what changed; tell whether anything did."""
        self.changes += changes
        return bool(changes)

    def fail_listings(self, times: int = FAILED_LISTINGS) -> None:
        for _ in range(times):
            self.note(self.breaker.listing_failed(WutsConnectionError()))

    def fail_calls(self, *, is_mass_disconnect: bool = True) -> None:
        for failures in range(1, FAILED_CALLS + 1):
            self.fail_call(GatewayBusyError(), failures, is_mass_disconnect=is_mass_disconnect)

    def fail_call(
        self, error: WutsError, failures: int = 1, *, is_mass_disconnect: bool = False
    ) -> None:
        change = self.breaker.call_failed(
            error, failures, NOW, is_mass_disconnect=is_mass_disconnect
        )
        self.note(change)

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


def test_failed_calls_in_a_mass_disconnect_are_an_outage_and_let_the_account_wait() -> None:
    told = Told()
    told.fail_calls()
    assert told.reasons == [Reason.UNREACHABLE]
    assert told.breaker.open_until > NOW
    assert told.breaker.is_open(NOW)
    assert not told.breaker.is_open(told.breaker.open_until)


def test_failed_calls_of_a_few_devices_are_their_own_affair() -> None:
    told = Told()
    told.fail_calls(is_mass_disconnect=False)
    assert told.changes == []
    assert not told.breaker.is_open(NOW)


def test_too_many_requests_are_no_outage_but_a_wait() -> None:
    told = Told()
    for _ in range(5):
        told.note(told.breaker.listing_failed(RateLimitedError()))
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


@pytest.mark.parametrize("state", [HEALTHY, DOWN])
def test_a_refused_token_stops_everything(state: AccountState) -> None:
    told = Told(state)
    told.note(told.breaker.token_refused("No."))
    assert told.changes == [AccountChange(state, REFUSED, Reason.TOKEN_REFUSED, "No.")]
    assert not told.breaker.may_list
    assert told.breaker.is_open(NOW)


def test_a_refused_token_is_tried_again_only_when_it_is_another() -> None:
    told = Told()
    told.note(told.breaker.token_refused("No."))
    told.breaker.token_replaced()
    assert told.breaker.may_list
    assert told.breaker.is_open(NOW)
    told.note(told.breaker.token_refused("No."))
    assert not told.breaker.may_list
    told.breaker.token_replaced()
    told.note(told.breaker.listing_answered(NOW))
    assert told.reasons == [Reason.TOKEN_REFUSED, Reason.TOKEN_REPLACED]
    assert not told.breaker.is_open(NOW)


def test_a_refused_token_stays_refused_whatever_else_goes_wrong() -> None:
    told = Told()
    told.note(told.breaker.token_refused("No."))
    told.breaker.token_replaced()
    told.fail_listings(5)
    told.fail_calls()
    told.note(told.breaker.mass_disconnect())
    assert not told.recover(is_mass_disconnect=False)
    assert told.reasons == [Reason.TOKEN_REFUSED]


def test_a_token_refused_by_an_earlier_process_is_worth_a_try() -> None:
    assert Told(REFUSED).breaker.may_list


def test_it_is_known_for_how_long_all_was_well() -> None:
    told = Told()
    assert told.breaker.closed_for(NOW) == float("inf")
    told.note(told.breaker.mass_disconnect())
    assert told.breaker.closed_for(NOW + 5) == 0
    told.recover(NOW + 5, is_mass_disconnect=False)
    assert told.breaker.closed_for(NOW + 9) == 4
