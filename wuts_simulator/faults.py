"""Faults: what the gateway does wrong, at which call, for whom and how often."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count

from pydantic import with_config

from .contract import EndpointName
from .errors import InvalidError, UnknownError

EVERYWHERE = "*"


class FaultKind(StrEnum):
    """What happens instead of the right answer."""

    STATUS = "status"
    LATENCY = "latency"
    HANG = "hang"
    RESET = "reset"
    HTML = "html"
    TRUNCATED = "truncated"
    WRONG_TYPES = "wrong_types"
    MISSING_FIELDS = "missing_fields"
    BODY = "body"
    WRONG_DEVICE = "wrong_device"
    EMPTY_LIST = "empty_list"
    ODD_ROW = "odd_row"
    LEFT_OUT = "left_out"
    REORDERED = "reordered"
    DUPLICATED = "duplicated"


@with_config(extra="forbid", allow_inf_nan=False)
@dataclass(slots=True, kw_only=True)
class Fault:
    """One fault.

    Attributes:
        kind: What happens.
        endpoint: At which call, such as ``GET /status``; ``*`` for all.
        device_id: Only for this device; None for any.
        tenant: Only for this tenant's tokens; None for any.
        times: How often it still happens; None means forever.
        status: The HTTP status of the kinds ``status``, ``html`` and ``body``.
        error: The envelope's ``error``; None for what the contract documents for that status.
        error_code: The envelope's ``error_code``.
        seconds: How late ``latency`` answers.
        retry_after: The ``Retry-After`` header, sent as it is.
        body: What ``body`` sends: a text as it is, anything else as JSON.
        fields: What ``missing_fields`` leaves out, as dotted paths; all but ``success`` when empty.
            The ids of the devices that ``left_out`` leaves out; one by ``variant`` when empty.
        variant: Which row, and which of its ways, a kind that spoils a list takes.
        headers: More headers of the answer.
        id: Names the fault in the control API.
    """

    kind: FaultKind
    endpoint: str = EVERYWHERE
    device_id: str | None = None
    tenant: str | None = None
    times: int | None = None
    status: int | None = None
    error: str | None = None
    error_code: str | None = None
    seconds: float = 1.0
    retry_after: str | None = None
    body: object = field(default=None, repr=False)
    fields: tuple[str, ...] = ()
    variant: int = 0
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    id: str = field(default="", init=False)

    def concerns(self, endpoint: EndpointName, device_id: str | None, tenant: str | None) -> bool:
        """Return whether it strikes this request."""
        return (
            self.endpoint in {EVERYWHERE, endpoint}
            and self.device_id in {None, device_id}
            and self.tenant in {None, tenant}
        )


class Faults:
    """The faults that are set, oldest first. A request meets at most one: the first that fits."""

    def __init__(self) -> None:
        self._faults: dict[str, Fault] = {}
        self._numbers = count(1)

    def __len__(self) -> int:
        """Return how many are set."""
        return len(self._faults)

    def __iter__(self) -> Iterator[Fault]:
        """Walk through them, oldest first."""
        return iter(tuple(self._faults.values()))

    def add(self, fault: Fault) -> str:
        """Set a fault and return its id.

        Raises:
            InvalidError: The endpoint is not one of the contract, or a number makes no sense.
        """
        if fault.endpoint != EVERYWHERE and fault.endpoint not in set(EndpointName):
            raise InvalidError(f"no such endpoint: {fault.endpoint}")
        if fault.times is not None and fault.times < 1:
            raise InvalidError("times must be 1 or more, or null for no limit")
        if fault.status is not None and fault.status not in range(200, 600):
            raise InvalidError("status must be from 200 to 599")
        if fault.seconds < 0:
            raise InvalidError("seconds must not be negative")
        fault.id = f"fault-{next(self._numbers)}"
        self._faults[fault.id] = fault
        return fault.id

    def remove(self, fault_id: str) -> None:
        """Lift one fault.

        Raises:
            UnknownError: There is none of that id; perhaps it was used up.
        """
        if self._faults.pop(fault_id, None) is None:
            raise UnknownError("no such fault")

    def clear(self) -> None:
        """Lift all faults."""
        self._faults.clear()

    def take(
        self, endpoint: EndpointName, device_id: str | None, tenant: str | None
    ) -> Fault | None:
        """Return the fault that strikes this request, and count it."""
        for fault in self._faults.values():
            if fault.concerns(endpoint, device_id, tenant):
                self._use(fault)
                return fault
        return None

    def _use(self, fault: Fault) -> None:
        if fault.times is None:
            return
        fault.times -= 1
        if not fault.times:
            del self._faults[fault.id]
