"""One device under supervision: what is known of it, how it changed, what survives a restart."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import override

from ...clock import Clock
from ..events import WORST_FIRST, DeviceState, Reason, StateChanged, utc
from ..settings import SupervisorSettings
from .phone import NO_PHONE, Phone, PhoneQuestion, phones_differ

_RANKS = {state: rank for rank, state in enumerate(WORST_FIRST)}


@dataclass(frozen=True, slots=True)
class ListingRow:
    """A device's row in ``GET /devices``, as far as supervision reads it.

    Attributes:
        id: The gateway's id.
        name: The gateway's name for it.
        connected: Whether it has a session.
        linked: Whether a phone's number is shown for it.
        phone_number: That number's digits, or None.
        last_seen: When the gateway last saw its session up, or None.
    """

    id: str
    name: str
    connected: bool
    linked: bool
    phone_number: str | None = field(default=None, repr=False)
    last_seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What a ``GET /devices`` says.

    Attributes:
        rows: The rows that could be read.
        unreadable: What the others are called: a device's id, or a place if there is none.
    """

    rows: Sequence[ListingRow] = ()
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Device:
    """What the supervisor knows of one device. Times are seconds since 1970 in UTC.

    Attributes:
        id: The gateway's id.
        name: The gateway's name for it.
        state: What it is, or None before it was first seen.
        since: When it became that.
        attempt: Which reconnect is next or under way; 0 when none is.
        next_try: When that is due, or None.
        not_before: When the gateway lets us try again at the earliest.
        needs_check: Whether a listing contradicts ``state`` and ``/status`` must decide.
        requeued_at: When somebody last asked to look at it.
        check_at: When the check is due that a wake asked for too soon after another, or None.
        hurried_at: When a wake last brought a check forward.
        failed_checks: How often ``/status`` failed in a row while it was wanted.
        linked: Whether the gateway shows a phone's number for it.
        was_paired: Whether it ever had one.
        stale_link: Whether the gateway still showed the number when the phone had unlinked it.
        connected_since: When the present or the last connection began.
        drops: When it last dropped, oldest first.
        slow_try: When a device that is refused or needs pairing is tried again, or None.
        slow_wait: The seconds before that.
        woken_until: Until when no wake brings another try forward.
        absences: How many listings in a row did not have it.
        absent_since: When the first of them was sent, or None.
        phone_number: The digits of the number in the last listing, or None.
        last_seen: When the gateway last saw its session up, by the last listing, or None.
        phone: Which phone is linked, which one should be, and what a person must answer.
    """

    id: str
    name: str = ""
    state: DeviceState | None = None
    since: float = 0.0
    attempt: int = 0
    next_try: float | None = None
    not_before: float = 0.0
    needs_check: bool = False
    requeued_at: float = 0.0
    check_at: float | None = None
    hurried_at: float = 0.0
    failed_checks: int = 0
    linked: bool = False
    was_paired: bool = False
    stale_link: bool = False
    connected_since: float | None = None
    drops: tuple[float, ...] = ()
    slow_try: float | None = None
    slow_wait: float = 0.0
    woken_until: float = 0.0
    absences: int = 0
    absent_since: float | None = None
    phone_number: str | None = field(default=None, repr=False)
    last_seen: datetime | None = None
    phone: Phone = NO_PHONE

    @property
    def in_doubt(self) -> bool:
        """Whether the last look casts doubt on ``state``, and ``/status`` has not decided yet."""
        return self.needs_check or self.failed_checks > 0

    @property
    def expected_number(self) -> str | None:
        """The digits of the phone that should be linked, or None before the first link."""
        return self.phone.expected

    @property
    def linked_number(self) -> str | None:
        """The digits of the phone that is linked, or None if none is or nobody said."""
        return self.phone.linked

    @property
    def phone_question(self) -> PhoneQuestion | None:
        """What a person must answer about the phone, or None."""
        return self.phone.question


def worst_first(device: Device) -> tuple[int, float, str, str]:
    """Return a sort key: the worst state first, then the longest in it, then by name and id."""
    return _RANKS[device.state], device.since, device.name, device.id


def is_flapping(device: Device, settings: SupervisorSettings) -> bool:
    """Return whether the device dropped so often that a person should know."""
    return len(device.drops) >= settings.flapping_drops


def wants_connect(device: Device, now: float) -> bool:
    """Return whether a reconnect is due, or a careful try of a device that needs pairing."""
    match device.state:
        case DeviceState.RECONNECTING:
            return device.next_try is not None and device.next_try <= now
        case DeviceState.NEEDS_PAIRING:
            return device.slow_try is not None and device.slow_try <= now
    return False


def next_moment(device: Device, now: float) -> float | None:
    """Return when time alone makes the device want a call, or None."""
    planned = (device.next_try, device.slow_try, device.check_at)
    return min((when for when in planned if when is not None and when > now), default=None)


def has_details(device: Device, row: ListingRow) -> bool:
    """Return whether the name, the number and the last sight are known already."""
    return (
        device.name == row.name
        and device.phone_number == row.phone_number
        and device.last_seen == row.last_seen
    )


def is_no_news(device: Device, row: ListingRow) -> bool:
    """Tell that a row changes nothing: the fast path, nearly every row of nearly every listing."""
    return (
        device.state is DeviceState.CONNECTED
        and row.connected
        and row.linked == device.linked
        and not device.needs_check
        and not device.failed_checks
        and not device.absences
        and has_details(device, row)
        and row.phone_number in (None, device.phone.linked)
        and device.phone.is_settled
    )


class DevicesByWall(Mapping[str, Device]):
    """A live view of devices, their times by the wall clock.

    Args:
        devices: Returns the devices, their times by the steady clock.
        offset: Returns the seconds between the two.
    """

    def __init__(self, devices: Callable[[], Mapping[str, Device]], offset: Clock) -> None:
        self._devices = devices
        self._offset = offset

    @override
    def __getitem__(self, device_id: str) -> Device:
        device = self._devices()[device_id]
        offset = self._offset()
        if not offset:
            return device
        next_try = None if device.next_try is None else device.next_try + offset
        return replace(device, since=device.since + offset, next_try=next_try)

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._devices())

    @override
    def __len__(self) -> int:
        return len(self._devices())


@dataclass(frozen=True, slots=True)
class DeviceChange:
    """A device before and after something was learnt or asked.

    Attributes:
        before: The device before, or None when there was none.
        device: The device as it is now.
        reason: Why its state, attempt or next try changed, or None if none of them did.
        kept: Of a device that is gone: what is remembered of it, in case it comes back.
        is_alerted: Whether it may raise an alert of its own.
    """

    before: Device | None
    device: Device
    reason: Reason | None = None
    kept: Device | None = None
    is_alerted: bool = True

    @property
    def old(self) -> DeviceState | None:
        """The state before, or None when it was not known."""
        return self.before.state if self.before else None

    def event(self, account: str, now: float) -> StateChanged | None:
        """Return what subscribers get, or None when the change is no news to them."""
        device = self.device
        if self.reason is None or device.state is None:
            return None
        return StateChanged(
            account=account,
            device_id=device.id,
            device_name=device.name,
            old=self.old,
            new=device.state,
            reason=self.reason,
            attempt=device.attempt if device.state is DeviceState.RECONNECTING else 0,
            next_try=None if device.next_try is None else utc(device.next_try),
            at=utc(now),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSnapshot:
    """What of a device must survive a restart; the rest is read from the gateway again.

    Attributes:
        account: The account's name.
        device_id: The gateway's id.
        name: The gateway's name for it.
        was_paired: Whether a phone was ever linked.
        paused: Whether a person wants it left alone.
        needs_pairing: Whether the phone unlinked it.
        stale_link: Whether the gateway still showed a number then.
        expected_number: The digits of the phone that should be linked, or None.
        linked_number: The digits of the phone that is linked, or None.
        phone_question: What a person must answer about the phone, or None.
        question_id: Stands for the question and the phone it is about.
        gone: Whether the gateway no longer lists it.
    """

    account: str
    device_id: str
    name: str
    was_paired: bool
    paused: bool
    needs_pairing: bool
    stale_link: bool
    expected_number: str | None = field(default=None, repr=False)
    linked_number: str | None = field(default=None, repr=False)
    phone_question: PhoneQuestion | None = None
    question_id: str = ""
    gone: bool = False

    @property
    def phone(self) -> Phone:
        """What is known of the phone."""
        return Phone(
            self.expected_number, self.linked_number, self.phone_question, self.question_id
        )


def snapshot_of(account: str, device: Device, *, gone: bool = False) -> DeviceSnapshot:
    """Return what of ``device`` must survive a restart."""
    return DeviceSnapshot(
        account=account,
        device_id=device.id,
        name=device.name,
        was_paired=device.was_paired,
        paused=device.state is DeviceState.PAUSED,
        needs_pairing=device.state is DeviceState.NEEDS_PAIRING,
        stale_link=device.stale_link,
        expected_number=device.phone.expected,
        linked_number=device.phone.linked,
        phone_question=device.phone.question,
        question_id=device.phone.question_id,
        gone=gone,
    )


def device_from(snapshot: DeviceSnapshot, now: float) -> Device:
    """Return the device as an earlier process left it, known since ``now``."""
    state = None
    if snapshot.paused:
        state = DeviceState.PAUSED
    elif snapshot.needs_pairing:
        state = DeviceState.NEEDS_PAIRING
    return Device(
        snapshot.device_id,
        snapshot.name,
        state=state,
        since=now,
        linked=snapshot.stale_link,
        was_paired=snapshot.was_paired,
        stale_link=snapshot.stale_link,
        phone=snapshot.phone,
    )


def snapshots_differ(one: Device, other: Device) -> bool:
    """Return whether the snapshots of two devices differ; cheaper than comparing them."""
    kept = (DeviceState.PAUSED, DeviceState.NEEDS_PAIRING)
    if one.state is not other.state and (one.state in kept or other.state in kept):
        return True
    if phones_differ(one.phone, other.phone):
        return True
    return (one.was_paired, one.stale_link, one.name) != (
        other.was_paired,
        other.stale_link,
        other.name,
    )
