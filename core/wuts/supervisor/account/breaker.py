"""An account's token and gateway: healthy, refused or down, and whether calls may be made.

No I/O: times are seconds since 1970, passed in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from ...errors import RateLimitedError, RetryLaterError, WutsError
from ..device.backoff import floor_of, full_jitter
from ..settings import SupervisorSettings
from ..states import AccountState, Reason

FAILED_LISTINGS = 2
"""Failed ``GET /devices`` in a row that mean that the gateway is down."""

FAILED_CALLS = 5
"""Failed calls about devices in a row that mean the same, when most devices are waiting."""


@dataclass(frozen=True, slots=True)
class AccountChange:
    """What an account was before, why that changed, and the gateway's problem in words, if any."""

    old: AccountState
    reason: Reason
    problem: str | None


class Health:
    """The state machine of an account.

    Args:
        settings: Intervals and limits.
        rng: The source of jitter.
        on_change: Is told of every change, and when it happened.

    Attributes:
        state: What the account is.
        was_down_until: When the gateway was last found to be back.
        resume_at: When calls about devices may be made again.
    """

    def __init__(
        self,
        settings: SupervisorSettings,
        rng: Random,
        on_change: Callable[[AccountChange, float], None],
    ) -> None:
        self.state = AccountState.HEALTHY
        self.was_down_until = float("-inf")
        self.resume_at = 0.0
        self._settings = settings
        self._rng = rng
        self._on_change = on_change
        self._failed_listings = 0
        self._asked_until = 0.0
        self._is_token_new = True
        self._is_listing_proof = True

    def restore(self, state: AccountState) -> None:
        """Take in what an earlier process left; the token may be another by now."""
        self.state = state

    @property
    def is_reachable(self) -> bool:
        """Whether listings are answered, as far as is known."""
        return self._failed_listings < FAILED_LISTINGS

    @property
    def may_list(self) -> bool:
        """Whether the token is worth a try."""
        return self._is_token_new or self.state is not AccountState.TOKEN_REFUSED

    def may_call(self, now: float) -> bool:
        """Tell whether calls about devices may be made."""
        refused = self.state is AccountState.TOKEN_REFUSED
        return self.is_reachable and not refused and self.resume_at <= now

    def was_healthy_for(self, now: float) -> float:
        """Return for how many seconds nothing was wrong, 0 while something is."""
        return now - self.was_down_until if self.state is AccountState.HEALTHY else 0.0

    def woken(self, now: float) -> None:
        """Wait no longer than the gateway itself asks."""
        self.resume_at = min(self.resume_at, max(now, self._asked_until))

    def token_replaced(self) -> None:
        """Give the new token a try."""
        self._is_token_new = True

    def token_refused(self, problem: str, now: float) -> None:
        """Take in a 401 or 403."""
        self._is_token_new = False
        self._enter(AccountState.TOKEN_REFUSED, Reason.TOKEN_REFUSED, now, problem)

    def listing_answered(self, now: float) -> None:
        """Take in that a listing came: the token is good and the gateway answers."""
        self._failed_listings = 0
        self._is_token_new = False
        if self.state is AccountState.TOKEN_REFUSED:
            self._enter(AccountState.HEALTHY, Reason.TOKEN_REPLACED, now)

    def listing_failed(self, error: WutsError, now: float) -> float:
        """Take in that a listing failed; return the seconds to the next."""
        self._failed_listings += 1
        if not self.is_reachable and not isinstance(error, RateLimitedError):
            self._is_listing_proof |= self.state is AccountState.HEALTHY
            self._gateway_down(Reason.UNREACHABLE, now, error.message)
        return self._wait(self._failed_listings, error)

    def mass_drop(self, now: float) -> None:
        """Take in that most devices dropped at once."""
        self._is_listing_proof = False
        self._gateway_down(Reason.MASS_DROP, now)

    def call_failed(self, error: WutsError, failures: int, now: float, *, is_storm: bool) -> bool:
        """Let the account wait when its calls keep failing, or the gateway says so.

        Args:
            error: Why the last one failed.
            failures: How many failed in a row.
            now: The time.
            is_storm: Whether most devices are waiting.

        Returns:
            Whether `resume_at` was set anew.
        """
        before = self.resume_at
        if isinstance(error, RateLimitedError):
            self._asked_until = max(self._asked_until, now + floor_of(error.retry_after))
            self._resume_later(now + self._wait(1, error))
        excess = failures - FAILED_CALLS
        if excess >= 0 and is_storm:
            self._resume_later(now + self._wait(excess + 1, error))
            self._is_listing_proof = False
            self._gateway_down(Reason.UNREACHABLE, now, error.message)
        return self.resume_at != before

    def recover(self, now: float, *, is_storm: bool) -> bool:
        """Be healthy again unless most devices wait still; tell whether that is new.

        Where nothing but listings had failed, one that is answered is proof enough.
        """
        if self.state is not AccountState.GATEWAY_DOWN or not self.is_reachable:
            return False
        if is_storm and not self._is_listing_proof:
            return False
        self._enter(AccountState.HEALTHY, Reason.RECOVERED, now)
        return True

    def _gateway_down(self, reason: Reason, now: float, problem: str | None = None) -> None:
        """A token that was refused stays refused until it is proved good."""
        if self.state is AccountState.HEALTHY:
            self._enter(AccountState.GATEWAY_DOWN, reason, now, problem)

    def _resume_later(self, when: float) -> None:
        self.resume_at = max(self.resume_at, when)

    def _enter(
        self, state: AccountState, reason: Reason, now: float, problem: str | None = None
    ) -> None:
        if self.state is state:
            return
        old, self.state = self.state, state
        if state is AccountState.HEALTHY:
            self.was_down_until = now
        self._on_change(AccountChange(old, reason, problem), now)

    def _wait(self, failures: int, error: WutsError) -> float:
        settings = self._settings
        wait = full_jitter(failures, base=settings.base, cap=settings.cap, rng=self._rng)
        asked = error.retry_after if isinstance(error, RetryLaterError) else None
        return max(wait, floor_of(asked))
