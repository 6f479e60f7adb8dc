"""An account's circuit breaker: whether its gateway and token let calls through. No I/O.

*Closed*: the account is healthy, calls are made. *Open*: listings fail, the token is refused, or
calls about devices wait until `CircuitBreaker.open_until`. *Half-open*: the gateway counts as down
still, and the few calls that the limiter allows find out whether it is back.

Times are seconds since 1970, passed in.
"""

from dataclasses import dataclass
from random import Random

from ...errors import RateLimitedError, RetryLaterError, WutsError
from ..events import AccountState, Reason
from ..settings import SupervisorSettings, honoured

FAILED_LISTINGS = 2
"""Failed ``GET /devices`` in a row that mean that the gateway is down."""

FAILED_CALLS = 5
"""Failed calls about devices in a row that mean the same, when most devices are waiting."""


@dataclass(frozen=True, slots=True)
class AccountChange:
    """An account's state before and after, why it changed, and the gateway's problem, if any."""

    old: AccountState
    new: AccountState
    reason: Reason
    problem: str | None = None


class CircuitBreaker:
    """The state machine of an account; what changed is returned.

    Args:
        settings: Intervals and limits.
        rng: The source of jitter.
        state: What an earlier process left; the token may be another by now.

    Attributes:
        state: What the account is.
        closed_at: When the gateway was last found to be back.
        open_until: When calls about devices may be made again.
    """

    def __init__(
        self,
        settings: SupervisorSettings,
        rng: Random,
        state: AccountState = AccountState.HEALTHY,
    ) -> None:
        self.state = state
        self.closed_at = float("-inf")
        self.open_until = 0.0
        self._settings = settings
        self._rng = rng
        self._failed_listings = 0
        self._asked_until = 0.0
        self._is_token_new = True
        self._is_listing_proof = True

    @property
    def is_reachable(self) -> bool:
        """Whether listings are answered, as far as is known."""
        return self._failed_listings < FAILED_LISTINGS

    @property
    def may_list(self) -> bool:
        """Whether the token is worth a try."""
        return self._is_token_new or self.state is not AccountState.TOKEN_REFUSED

    def is_open(self, now: float) -> bool:
        """Tell whether calls about devices must wait."""
        refused = self.state is AccountState.TOKEN_REFUSED
        return refused or not self.is_reachable or self.open_until > now

    def closed_for(self, now: float) -> float:
        """Return for how many seconds nothing was wrong, 0 while something is."""
        return now - self.closed_at if self.state is AccountState.HEALTHY else 0.0

    def hurry(self, now: float) -> None:
        """Wait no longer than the gateway itself asks: a person wants to know."""
        self.open_until = min(self.open_until, max(now, self._asked_until))

    def token_replaced(self) -> None:
        """Give the new token a try."""
        self._is_token_new = True

    def token_refused(self, problem: str) -> list[AccountChange]:
        """Take in a 401 or 403."""
        self._is_token_new = False
        return self._enter(AccountState.TOKEN_REFUSED, Reason.TOKEN_REFUSED, problem)

    def listing_answered(self, now: float) -> list[AccountChange]:
        """Take in that a listing came: the token is good and the gateway answers."""
        self._failed_listings = 0
        self._is_token_new = False
        if self.state is not AccountState.TOKEN_REFUSED:
            return []
        return self._close(Reason.TOKEN_REPLACED, now)

    def listing_failed(self, error: WutsError) -> list[AccountChange]:
        """Take in that a listing failed."""
        self._failed_listings += 1
        if self.is_reachable or isinstance(error, RateLimitedError):
            return []
        self._is_listing_proof |= self.state is AccountState.HEALTHY
        return self._gateway_down(Reason.UNREACHABLE, error.message)

    def wait_to_list(self, error: WutsError) -> float:
        """Return the seconds from a listing that failed to the next."""
        return self._wait(self._failed_listings, error)

    def mass_disconnect(self) -> list[AccountChange]:
        """Take in that most devices dropped at once."""
        self._is_listing_proof = False
        return self._gateway_down(Reason.MASS_DROP)

    def call_failed(
        self, error: WutsError, failures: int, now: float, *, is_mass_disconnect: bool
    ) -> list[AccountChange]:
        """Let the account wait when its calls keep failing, or the gateway says so.

        Args:
            error: Why the last one failed.
            failures: How many failed in a row.
            now: The time.
            is_mass_disconnect: Whether most devices are waiting.
        """
        if isinstance(error, RateLimitedError):
            self._asked_until = max(self._asked_until, now + honoured(error.retry_after))
            self._open_at_least_until(now + self._wait(1, error))
        excess = failures - FAILED_CALLS
        if excess < 0 or not is_mass_disconnect:
            return []
        self._open_at_least_until(now + self._wait(excess + 1, error))
        self._is_listing_proof = False
        return self._gateway_down(Reason.UNREACHABLE, error.message)

    def recover(self, now: float, *, is_mass_disconnect: bool) -> list[AccountChange]:
        """Close again unless most devices still wait.

        Where nothing but listings had failed, one that is answered is proof enough.
        """
        if self.state is not AccountState.GATEWAY_DOWN or not self.is_reachable:
            return []
        if is_mass_disconnect and not self._is_listing_proof:
            return []
        return self._close(Reason.RECOVERED, now)

    def _gateway_down(self, reason: Reason, problem: str | None = None) -> list[AccountChange]:
        """A token that was refused stays refused until it is proved good."""
        if self.state is not AccountState.HEALTHY:
            return []
        return self._enter(AccountState.GATEWAY_DOWN, reason, problem)

    def _close(self, reason: Reason, now: float) -> list[AccountChange]:
        self.closed_at = now
        return self._enter(AccountState.HEALTHY, reason)

    def _enter(
        self, state: AccountState, reason: Reason, problem: str | None = None
    ) -> list[AccountChange]:
        if self.state is state:
            return []
        old, self.state = self.state, state
        return [AccountChange(old, state, reason, problem)]

    def _open_at_least_until(self, when: float) -> None:
        self.open_until = max(self.open_until, when)

    def _wait(self, failures: int, error: WutsError) -> float:
        wait = self._settings.backoff(failures, self._rng)
        asked = error.retry_after if isinstance(error, RetryLaterError) else None
        return max(wait, honoured(asked))
