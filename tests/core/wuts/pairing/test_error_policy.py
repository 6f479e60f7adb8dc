import pytest

from wuts.errors import GatewayBusyError, GatewayError, QrNotReadyError, RateLimitedError, WutsError
from wuts.pairing.error_policy import delay_before_retry


@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 10), (6, 10), (1000, 10)]
)
def test_the_pause_doubles_up_to_ten_seconds(failures: int, seconds: float) -> None:
    assert delay_before_retry(GatewayError(), failures) == seconds


@pytest.mark.parametrize(("failures", "seconds"), [(1, 0), (2, 1), (3, 2), (1000, 10)])
def test_a_qr_that_was_not_ready_is_worth_one_more_try_at_once(
    failures: int, seconds: float
) -> None:
    assert delay_before_retry(QrNotReadyError(), failures) == seconds


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (RateLimitedError(retry_after=20), 20),
        (GatewayBusyError(retry_after=20), 20),
        (GatewayBusyError(retry_after=0), 1),
        (GatewayBusyError(retry_after=0.5), 1),
        (RateLimitedError(), 1),
    ],
)
def test_the_gateways_own_wait_counts_when_it_is_longer(error: WutsError, seconds: float) -> None:
    assert delay_before_retry(error, 1) == seconds


@pytest.mark.parametrize("kind", [RateLimitedError, GatewayBusyError])
@pytest.mark.parametrize("asked", [31, 86_400])
def test_a_person_who_waits_is_not_kept_for_longer_than_half_a_minute(
    kind: type[RateLimitedError | GatewayBusyError], asked: float
) -> None:
    assert delay_before_retry(kind(retry_after=asked), 1) == 30
