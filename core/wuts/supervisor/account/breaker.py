"""An account's circuit breaker: whether its gateway and token let calls through. No I/O.

*Closed*: the account is healthy, calls are made. *Open*: listings fail, the token is refused or in
doubt, or calls about devices wait until `CircuitBreaker.open_until`. *Half-open*: a few calls find
out whether the gateway is back, among them one about a device whose failure opened the breaker.

Times are seconds since 1970, passed in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from ...evidence import Evidence, Verdict
from ..events import AccountChanged, AccountState, AlertKind, Reason, utc
from ..settings import SupervisorSettings, honoured
from .work_queue import SPREAD

FAILED_LISTINGS = 2
"""Failed ``GET /devices`` in a row that mean that the gateway is down."""

FAILED_CALLS = 5
"""Failed calls about devices in a row that mean the same, when most devices are waiting."""

REFUSALS = 2
"""Refusals in a row, without a good answer between, that put the token in doubt."""

SHORTEST_PAUSE = 0.4
"""The share of the interval that passes at least after a listing has failed again and again."""


@dataclass(frozen=True, slots=True)
class AccountChange:
    """An account's state before and after, why it changed, and the gateway's problem, if any."""

    old: AccountState
    new: AccountState
    reason: Reason
    problem: str | None = None

    def event(self, account: str, now: float) -> AccountChanged:
        """Return what subscribers get."""
        return AccountChanged(
            account=account,
            old=self.old,
            new=self.new,
            reason=self.reason,
            problem=self.problem,
            at=utc(now),
        )


@dataclass(frozen=True, slots=True)
class AccountTrouble:
    """A trouble of an account that began or ended; one that ends without having begun is none."""

    kind: AlertKind
    is_on: bool


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
        in_doubt: Whether only a listing can tell if the token is good still.
        suspects: Devices whose calls failed with the gateway, and how often each in a row.
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
        self.in_doubt = False
        self.suspects: dict[str, int] = {}
        self._settings = settings
        self._rng = rng
        self._failed_listings = 0
        self._refused_listings = 0
        self._refusals = 0
        self._failed_calls = 0
        self._openings = 0
        self._usual_failures = 0
        self._asked_until = 0.0
        self._hurried_until = 0.0
        self._is_token_new = True
        self._is_vouched_for = False
        self._is_listing_proof = True

    @property
    def is_reachable(self) -> bool:
        """Whether listings are answered, if known."""
        return self._failed_listings < FAILED_LISTINGS

    @property
    def is_half_open(self) -> bool:
        """Whether the next calls are to find out if the gateway is back."""
        return self._openings > 0

    def is_open(self, now: float) -> bool:
        """Return whether calls about devices must wait."""
        refused = self.in_doubt or self.state is AccountState.TOKEN_REFUSED
        return refused or not self.is_reachable or self.open_until > now

    def closed_for(self, now: float) -> float:
        """Return for how many seconds nothing was wrong, 0 while something is."""
        return now - self.closed_at if self.state is AccountState.HEALTHY else 0.0

    def hurry(self, now: float) -> None:
        """Bring one try forward, though not before what the gateway itself asked for."""
        if now < self._hurried_until or self.open_until <= now:
            return
        self._hurried_until = self.open_until
        self.open_until = max(now, self._asked_until)

    # The token

    def token_replaced(self) -> None:
        """Give the new token a try."""
        self._is_token_new = True

    def refused(self, evidence: Evidence) -> None:
        """Take in a 401 or 403 to a call about a device: it may come to doubt the token.

        Where a listing has just contradicted such a doubt, the next one has to come first: a fleet
        whose devices answer so once each would be listed, and wait, for each of them.
        """
        self._refusals += 1
        if self._is_vouched_for:
            return
        if evidence.verdict is Verdict.TOKEN_DOUBTED or self._refusals >= REFUSALS:
            self.in_doubt = True

    # Listings

    def listing_answered(self, now: float) -> list[AccountChange]:
        """Note that a listing came: the token is good and the gateway answers."""
        was_new, self._is_token_new = self._is_token_new, False
        self._failed_listings = self._refused_listings = self._refusals = 0
        self._is_vouched_for, self.in_doubt = self.in_doubt, False
        # That is evidence against a gateway that is down: see what its calls do now.
        self.open_until = min(self.open_until, max(now, self._asked_until))
        if self.state is not AccountState.TOKEN_REFUSED:
            return []
        return self._close(Reason.TOKEN_REPLACED if was_new else Reason.RECOVERED, now)

    def listing_failed(self, evidence: Evidence, problem: str) -> list[AccountChange]:
        """Note that a listing failed."""
        self._is_vouched_for = False
        if evidence.verdict is Verdict.TOKEN_REFUSED:
            self._is_token_new = self.in_doubt = False
            self._failed_listings = 0
            self._refused_listings += 1
            return self._enter(AccountState.TOKEN_REFUSED, Reason.TOKEN_REFUSED, problem)
        self._failed_listings += 1
        if self.is_reachable or evidence.verdict is Verdict.RATE_LIMITED:
            return []
        self._forget_calls()
        self._is_listing_proof |= self.state is AccountState.HEALTHY
        return self._gateway_down(Reason.UNREACHABLE, problem)

    def wait_to_list(self, evidence: Evidence, took: float) -> float:
        """Return the seconds from a listing that failed to the next.

        A listing is cheap. However long it fails, and though the last one hung for an interval, the
        next comes within two intervals of the gateway's return, unless the token is refused or the
        gateway limits the rate: a busy one asks for patience, not for being left alone.

        Args:
            evidence: Why it failed.
            took: Seconds from when it was sent until it had failed.
        """
        interval = self._settings.interval
        if evidence.verdict is Verdict.TOKEN_REFUSED:
            wait = interval * 2.0 ** min(self._refused_listings - 1, 60)
            return min(wait, max(interval, self._settings.refused_cap))
        wait = min(self._settings.backoff(self._failed_listings, self._rng), interval)
        if self._failed_listings > FAILED_LISTINGS:
            regular = interval * (1 - self._rng.uniform(0.0, SPREAD)) - took
            wait = max(regular, SHORTEST_PAUSE * interval)
        asked = honoured(evidence.retry_after)
        return max(
            wait, asked if evidence.verdict is Verdict.RATE_LIMITED else min(asked, interval)
        )

    # Calls about devices

    def mass_disconnect(self) -> list[AccountChange]:
        """Note that most devices dropped at once."""
        self._is_listing_proof = False
        self._forget_calls()
        return self._gateway_down(Reason.MASS_DROP)

    def call_answered(self, device_id: str, evidence: Evidence) -> None:
        """Note that the gateway answered a call, whatever it said about the device.

        If a device took several tries, others may need as many: that doesn't count against a
        gateway that answers listings.
        """
        if evidence.verdict is Verdict.ANSWERED:
            self._refusals = 0
        failures = self.suspects.pop(device_id, 0)
        if self.is_half_open or self.state is AccountState.GATEWAY_DOWN:
            self._usual_failures = max(self._usual_failures, failures)
        self._failed_calls = self._openings = 0

    def call_failed(self, device_id: str, evidence: Evidence, now: float, *, is_mass: bool) -> None:
        """Let the calls wait when they keep failing, or the gateway says so.

        That alone does not mean that the gateway is down: it answers listings.

        Args:
            device_id: Whose call failed.
            evidence: What that proves.
            now: The time.
            is_mass: Whether most devices are waiting.
        """
        if evidence.verdict is Verdict.RATE_LIMITED:
            wait = self._wait(1, evidence)
            self._asked_until = max(self._asked_until, now + honoured(evidence.retry_after))
            self.open_until = max(self.open_until, now + wait)
        self.suspects[device_id] = self.suspects.get(device_id, 0) + 1
        if self.is_usual(device_id):
            return
        self._failed_calls += 1
        if not is_mass:
            self._usual_failures = 0
        elif self._failed_calls >= FAILED_CALLS:
            if self.open_until <= now:
                self._openings += 1
            self.open_until = max(self.open_until, now + self._wait(self._openings, evidence))

    def is_usual(self, device_id: str) -> bool:
        """Return whether other devices needed as many tries as this one failed."""
        return self.suspects.get(device_id, 0) <= self._usual_failures

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
        self._forget_calls()
        return self._enter(AccountState.HEALTHY, reason)

    def _forget_calls(self) -> None:
        """What the calls of one outage showed says nothing about another."""
        self.suspects.clear()
        self._failed_calls = self._openings = self._usual_failures = 0

    def _enter(
        self, state: AccountState, reason: Reason, problem: str | None = None
    ) -> list[AccountChange]:
        if self.state is state:
            return []
        old, self.state = self.state, state
        return [AccountChange(old, state, reason, problem)]

    def _wait(self, failures: int, evidence: Evidence) -> float:
        return max(self._settings.backoff(failures, self._rng), honoured(evidence.retry_after))


class Troubles:
    """The devices that are missing with most others, and those that got another's answers.

    Attributes:
        wrong: Devices whose last answer named another device.
        missing: Devices that vanished with most others.
    """

    def __init__(self) -> None:
        self.wrong: set[str] = set()
        self.missing: set[str] = set()
        self._most_missing = 0
        self._is_wrong_over = False

    def answered_wrong(self, device_id: str) -> list[AccountTrouble]:
        """Note that an answer about a device named another."""
        self.wrong.add(device_id)
        self._is_wrong_over = False
        return [AccountTrouble(AlertKind.WRONG_DEVICE, is_on=True)]

    def answered_right(self, device_id: str) -> list[AccountTrouble]:
        """Note that an answer about a device named no other."""
        self.wrong.discard(device_id)
        if self.wrong or self._is_wrong_over:
            return []
        # The first time it is reported in any case: an earlier process may have left an alert.
        self._is_wrong_over = True
        return [AccountTrouble(AlertKind.WRONG_DEVICE, is_on=False)]

    def vanished(self, device_ids: Iterable[str]) -> list[AccountTrouble]:
        """Note that devices are gone with most others."""
        self.missing.update(device_ids)
        self._most_missing = len(self.missing)
        return [AccountTrouble(AlertKind.DEVICES_MISSING, is_on=True)] if self.missing else []

    def listed(self, device_ids: Iterable[str]) -> list[AccountTrouble]:
        """Take in which devices there are: it is over when most are back."""
        self.missing.difference_update(device_ids)
        if len(self.missing) * 2 >= max(1, self._most_missing):
            return []
        self._most_missing = 0
        self.missing.clear()
        return [AccountTrouble(AlertKind.DEVICES_MISSING, is_on=False)]

    def forget(self, device_id: str) -> list[AccountTrouble]:
        """Expect a device no longer."""
        over = self.answered_right(device_id) if device_id in self.wrong else []
        return [*over, *(self.listed([device_id]) if device_id in self.missing else [])]
