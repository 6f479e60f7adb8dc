"""What the adversary does: its kinds, where each fits, and the faults they are."""

from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from random import Random

from .contract import EndpointName
from .faults import Fault, FaultKind


class Mischief(StrEnum):
    """What the adversary does."""

    # In place of the right answer, or to it
    PAGE = "page"
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - no token
    DEVICE_REFUSED = "device_refused"
    ODD_ROW = "odd_row"
    EMPTY_LIST = "empty_list"
    LEFT_OUT = "left_out"
    REORDERED = "reordered"
    DUPLICATED = "duplicated"
    WRONG_DEVICE = "wrong_device"
    RECONNECT_FAILED = "reconnect_failed"
    CONNECT_NOT_FOUND = "connect_not_found"
    OUTAGE = "outage"
    RETRY_AFTER = "retry_after"
    SLOW = "slow"
    HANG = "hang"
    RESET = "reset"
    TRUNCATED = "truncated"
    WRONG_TYPES = "wrong_types"
    MISSING_FIELDS = "missing_fields"
    CLOCK = "clock"
    # To the devices
    DROPPED = "dropped"
    MASS_DROP = "mass_drop"
    RESTARTED = "restarted"
    UNLINKED = "unlinked"
    PAIRED_ELSEWHERE = "paired_elsewhere"
    RECREATED = "recreated"
    DELIVERIES = "deliveries"


# What lasts for a spell and strikes every call it fits; each at most a quarter of the time.
SPELLS = (
    Mischief.PAGE,
    Mischief.TOKEN_REFUSED,
    Mischief.DEVICE_REFUSED,
    Mischief.RECONNECT_FAILED,
    Mischief.CONNECT_NOT_FOUND,
    Mischief.OUTAGE,
    Mischief.SLOW,
)

_LISTING = frozenset({EndpointName.LIST_DEVICES})
_CONNECT = frozenset({EndpointName.CONNECT})
_ABOUT_A_DEVICE = frozenset(
    {EndpointName.STATUS, EndpointName.CONNECT, EndpointName.DISCONNECT, EndpointName.LOGOUT}
)
_PAIRING = frozenset({EndpointName.QR, EndpointName.PAIR_CODE})
_ONLY_AT: Mapping[Mischief, Collection[EndpointName]] = {
    Mischief.DEVICE_REFUSED: _ABOUT_A_DEVICE,
    Mischief.ODD_ROW: _LISTING,
    Mischief.EMPTY_LIST: _LISTING,
    Mischief.LEFT_OUT: _LISTING,
    Mischief.REORDERED: _LISTING,
    Mischief.DUPLICATED: _LISTING,
    Mischief.WRONG_DEVICE: _ABOUT_A_DEVICE,
    Mischief.RECONNECT_FAILED: _CONNECT,
    Mischief.CONNECT_NOT_FOUND: _CONNECT,
}
_PAGES = (401, 403, 404, 408, 421, 425, 500, 502, 503, 504)
_NONSENSE = ("1", "2", "soon", "-1", "1.5", "Thu, 01 Jan 1970 00:00:00 GMT")
_OUTAGES = (
    (FaultKind.STATUS, 503),
    (FaultKind.HTML, 502),
    (FaultKind.BODY, 503),
    (FaultKind.RESET, 503),
)
_A_DAY_OFF = ("Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 01 Jan 2099 00:00:00 GMT", "yesterday")


def fits(mischief: Mischief, endpoint: EndpointName) -> bool:
    """Return whether a call can meet this mischief."""
    return endpoint in _ONLY_AT.get(mischief, (endpoint,))


def fault_of(mischief: Mischief, endpoint: EndpointName, chance: Random, period: float) -> Fault:
    """Return the fault that a mischief is, at one call.

    Args:
        mischief: What is done.
        endpoint: The call.
        chance: Where the details come from.
        period: How long a spell lasts, in seconds; a slow answer is late by a fifth of it at most.
    """
    if mischief is Mischief.SLOW:
        return Fault(kind=FaultKind.LATENCY, seconds=chance.uniform(0, period / 5))
    if mischief is Mischief.RETRY_AFTER:
        after = "86400" if endpoint in _PAIRING else chance.choice(_NONSENSE)
        return Fault(kind=FaultKind.STATUS, status=chance.choice((429, 503)), retry_after=after)
    made = _FAULTS.get(mischief)
    if made is not None:
        return made(chance)
    return Fault(kind=FaultKind(mischief.value), variant=chance.randrange(1 << 16))


def _status(status: int) -> Callable[[Random], Fault]:
    return lambda _chance: Fault(kind=FaultKind.STATUS, status=status)


def _outage(chance: Random) -> Fault:
    kind, status = chance.choice(_OUTAGES)
    return Fault(kind=kind, status=status, error="service unavailable", body="")


_FAULTS: Mapping[Mischief, Callable[[Random], Fault]] = {
    Mischief.PAGE: lambda chance: Fault(kind=FaultKind.HTML, status=chance.choice(_PAGES)),
    Mischief.TOKEN_REFUSED: _status(401),
    Mischief.DEVICE_REFUSED: _status(403),
    Mischief.RECONNECT_FAILED: _status(503),
    Mischief.CONNECT_NOT_FOUND: _status(404),
    Mischief.OUTAGE: _outage,
    Mischief.CLOCK: lambda chance: Fault(
        kind=FaultKind.LATENCY, seconds=0, headers={"Date": chance.choice(_A_DAY_OFF)}
    ),
}
