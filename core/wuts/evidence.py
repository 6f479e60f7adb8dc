"""What an answer proves. Pure: the one place where that is decided.

A device is logged in or not, a token is good or not, a gateway is up or not: one odd answer settles
none of it. `weigh` says what may be concluded from an answer; the supervisor, the pairing and the
frontends decide what to do about it. The rules for operators are in ``docs/evidence.md``.
"""

from dataclasses import dataclass
from enum import StrEnum

from .errors import (
    AlreadyConnectedError,
    AlreadyPairedError,
    DeviceNotConnectedError,
    DeviceNotFoundError,
    DeviceNotReadyError,
    ForbiddenError,
    GatewayBusyError,
    GatewayError,
    InvalidTokenError,
    QrNotReadyError,
    RateLimitedError,
    RequestRefusedError,
    RetryLaterError,
    WrongDeviceError,
    WutsConnectionError,
    WutsError,
)
from .http.endpoints import LIST_DEVICES, Endpoint


class Verdict(StrEnum):
    """What an answer proves."""

    ANSWERED = "answered"
    """The token is good and the gateway is up; what the answer says about its device counts."""
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - a verdict, not a secret
    """The gateway's own 401 or 403 to a listing: the token is not good."""
    TOKEN_DOUBTED = "token_doubted"  # noqa: S105 - a verdict, not a secret
    """The gateway's own 401 to a call about a device: ask for the listing, which decides."""
    DEVICE_REFUSED = "device_refused"
    """The gateway's own 403 to a call about a device: this device is not for this token."""
    DEVICE_UNKNOWN = "device_unknown"
    """The gateway's own 404 about the device: it may be gone, the listing decides."""
    DEVICE_FAILED = "device_failed"
    """The gateway is up and speaks, but could not do it for this device."""
    GATEWAY_FAILED = "gateway_failed"
    """The gateway, or the way to it, does not work. It says nothing about the device."""
    RATE_LIMITED = "rate_limited"
    """The gateway asks for fewer requests."""
    WRONG_DEVICE = "wrong_device"
    """The answer is about another device: none of it counts, and nothing may be changed."""
    NOTHING = "nothing"
    """Something that is not the gateway's word, such as a proxy's page: back off."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an answer proves.

    Attributes:
        verdict: What.
        retry_after: Seconds that the gateway asked us to wait, as it said, or None. Whoever honours
            it bounds it.
    """

    verdict: Verdict
    retry_after: float | None = None

    @property
    def is_gateway_up(self) -> bool:
        """Whether it proves that the gateway itself works."""
        return self.verdict in _GATEWAY_IS_UP


_GATEWAY_IS_UP = frozenset(
    {
        Verdict.ANSWERED,
        Verdict.DEVICE_FAILED,
        Verdict.DEVICE_REFUSED,
        Verdict.DEVICE_UNKNOWN,
    }
)


_OF_A_LISTING: tuple[tuple[type[WutsError], Verdict], ...] = (
    # 401 and 403 are these classes only in the gateway's own envelope.
    (InvalidTokenError, Verdict.TOKEN_REFUSED),
    (ForbiddenError, Verdict.TOKEN_REFUSED),
    (RateLimitedError, Verdict.RATE_LIMITED),
    (WutsConnectionError, Verdict.GATEWAY_FAILED),
    (GatewayBusyError, Verdict.GATEWAY_FAILED),
    (GatewayError, Verdict.GATEWAY_FAILED),
)

_OF_A_DEVICE: tuple[tuple[type[WutsError], Verdict], ...] = (
    (WrongDeviceError, Verdict.WRONG_DEVICE),
    (InvalidTokenError, Verdict.TOKEN_DOUBTED),
    (ForbiddenError, Verdict.DEVICE_REFUSED),
    (DeviceNotFoundError, Verdict.DEVICE_UNKNOWN),
    (RateLimitedError, Verdict.RATE_LIMITED),
    (WutsConnectionError, Verdict.GATEWAY_FAILED),
    (GatewayBusyError, Verdict.GATEWAY_FAILED),
    (GatewayError, Verdict.GATEWAY_FAILED),
    (AlreadyConnectedError, Verdict.ANSWERED),
    (AlreadyPairedError, Verdict.ANSWERED),
    (DeviceNotConnectedError, Verdict.DEVICE_FAILED),
    (DeviceNotReadyError, Verdict.DEVICE_FAILED),
    (QrNotReadyError, Verdict.DEVICE_FAILED),
)

_IN_ITS_OWN_WORDS = (GatewayBusyError, GatewayError, RequestRefusedError)
"""What is the device's own failure when the gateway says it: who can say so is up."""


def weigh(endpoint: Endpoint, answer: object) -> Evidence:
    """Say what the answer to a call proves.

    Args:
        endpoint: The call. Only ``GET /devices`` speaks of the token; every other is taken to be
            about a device.
        answer: The error it ended with, or anything else for a success.
    """
    if not isinstance(answer, WutsError):
        return Evidence(Verdict.ANSWERED)
    retry_after = answer.retry_after if isinstance(answer, RetryLaterError) else None
    return Evidence(_verdict(answer, is_listing=endpoint is LIST_DEVICES), retry_after)


def _verdict(error: WutsError, *, is_listing: bool) -> Verdict:
    if not is_listing and error.from_gateway and isinstance(error, _IN_ITS_OWN_WORDS):
        return Verdict.DEVICE_FAILED
    verdicts = _OF_A_LISTING if is_listing else _OF_A_DEVICE
    return next((one for kind, one in verdicts if isinstance(error, kind)), Verdict.NOTHING)
