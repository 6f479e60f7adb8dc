from random import Random

import pytest

from wuts.errors import GatewayBusyError, RateLimitedError, WutsConnectionError
from wuts.supervisor import AccountState, Reason, SupervisorSettings
from wuts.supervisor.account.breaker import FAILED_CALLS, FAILED_LISTINGS, AccountChange, Health

NOW = 1_790_000_000.0
HEALTHY, REFUSED, DOWN = (
    AccountState.HEALTHY,
    AccountState.TOKEN_REFUSED,
    AccountState.GATEWAY_DOWN,
)


class Told:
    """A health, and what it told."""

    def __init__(self, state: AccountState = HEALTHY) -> None:
        self.changes: list[AccountChange] = []
        self.health = Health(
            SupervisorSettings(), Random(1), lambda change, _now: self.changes.append(change)
        )
        self.health.restore(state)

    @property
    def reasons(self) -> list[Reason]:
        return [change.reason for change in self.changes]


def fail_listings(health: Health, times: int = FAILED_LISTINGS) -> None:
    for _ in range(times):
        health.listing_failed(WutsConnectionError(), NOW)


def fail_calls(health: Health, *, is_storm: bool = True) -> None:
    for failures in range(1, FAILED_CALLS + 1):
        health.call_failed(GatewayBusyError(), failures, NOW, is_storm=is_storm)


def test_one_failed_listing_is_no_outage() -> None:
    told = Told()
    fail_listings(told.health, 1)
    assert told.health.state is HEALTHY
    assert told.health.may_call(NOW)


def test_two_failed_listings_are_an_outage_with_the_gateway_s_words() -> None:
    told = Told()
    fail_listings(told.health)
    assert told.changes == [
        AccountChange(HEALTHY, Reason.UNREACHABLE, WutsConnectionError().message)
    ]
    assert not told.health.may_call(NOW)
    assert not told.health.is_reachable


def test_an_answered_listing_ends_an_outage_of_listings() -> None:
    told = Told()
    fail_listings(told.health)
    told.health.listing_answered(NOW)
    assert told.health.recover(NOW, is_storm=True)
    assert told.reasons == [Reason.UNREACHABLE, Reason.RECOVERED]


def test_an_answered_listing_does_not_end_a_storm() -> None:
    told = Told()
    told.health.mass_drop(NOW)
    fail_listings(told.health)
    told.health.listing_answered(NOW)
    assert not told.health.recover(NOW, is_storm=True)
    assert told.health.recover(NOW, is_storm=False)


def test_a_storm_found_after_an_outage_goes_on_with_it() -> None:
    told = Told()
    fail_listings(told.health)
    told.health.listing_answered(NOW)
    told.health.mass_drop(NOW)
    assert not told.health.recover(NOW, is_storm=True)
    assert told.reasons == [Reason.UNREACHABLE]


def test_nothing_recovers_while_listings_fail() -> None:
    told = Told()
    fail_listings(told.health)
    assert not told.health.recover(NOW, is_storm=False)


def test_failed_calls_in_a_storm_are_an_outage_and_let_the_account_wait() -> None:
    told = Told()
    fail_calls(told.health)
    assert told.reasons == [Reason.UNREACHABLE]
    assert told.health.resume_at > NOW
    assert not told.health.may_call(NOW)
    assert told.health.may_call(told.health.resume_at)


def test_failed_calls_of_a_few_devices_are_their_own_affair() -> None:
    told = Told()
    fail_calls(told.health, is_storm=False)
    assert told.changes == []
    assert told.health.may_call(NOW)


def test_too_many_requests_are_no_outage_but_a_wait() -> None:
    told = Told()
    for _ in range(5):
        told.health.listing_failed(RateLimitedError(), NOW)
    assert told.changes == []
    assert told.health.call_failed(RateLimitedError(retry_after=70), 1, NOW, is_storm=False)
    assert told.health.resume_at >= NOW + 70


def test_a_wake_ends_a_wait_but_not_one_that_the_gateway_asked_for() -> None:
    told = Told()
    fail_calls(told.health)
    told.health.woken(NOW)
    assert told.health.may_call(NOW)
    told.health.call_failed(RateLimitedError(retry_after=70), 1, NOW, is_storm=False)
    told.health.woken(NOW)
    assert told.health.resume_at == NOW + 70


@pytest.mark.parametrize("state", [HEALTHY, DOWN])
def test_a_refused_token_stops_everything(state: AccountState) -> None:
    told = Told(state)
    told.health.token_refused("No.", NOW)
    assert told.changes == [AccountChange(state, Reason.TOKEN_REFUSED, "No.")]
    assert not told.health.may_list
    assert not told.health.may_call(NOW)


def test_a_refused_token_is_tried_again_only_when_it_is_another() -> None:
    told = Told()
    told.health.token_refused("No.", NOW)
    told.health.token_replaced()
    assert told.health.may_list
    assert not told.health.may_call(NOW)
    told.health.token_refused("No.", NOW)
    assert not told.health.may_list
    told.health.token_replaced()
    told.health.listing_answered(NOW)
    assert told.reasons == [Reason.TOKEN_REFUSED, Reason.TOKEN_REPLACED]
    assert told.health.may_call(NOW)


def test_a_refused_token_stays_refused_whatever_else_goes_wrong() -> None:
    told = Told()
    told.health.token_refused("No.", NOW)
    told.health.token_replaced()
    fail_listings(told.health, 5)
    fail_calls(told.health)
    told.health.mass_drop(NOW)
    assert not told.health.recover(NOW, is_storm=False)
    assert told.reasons == [Reason.TOKEN_REFUSED]


def test_a_token_refused_by_an_earlier_process_is_worth_a_try() -> None:
    assert Told(REFUSED).health.may_list


def test_it_is_known_for_how_long_all_was_well() -> None:
    told = Told()
    assert told.health.was_healthy_for(NOW) == float("inf")
    told.health.mass_drop(NOW)
    assert told.health.was_healthy_for(NOW + 5) == 0
    told.health.recover(NOW + 5, is_storm=False)
    assert told.health.was_healthy_for(NOW + 9) == 4
