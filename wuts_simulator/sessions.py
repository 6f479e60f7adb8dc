"""What the gateway does with a device: codes, linking, connecting, dropping."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from random import Random
from typing import Protocol

from .clock import Clock
from .codes import PairCode, QrCode, make_code, make_payload
from .contract import EventName
from .device import Device, Session
from .phone_numbers import number_of
from .settings import Settings


class OnEvent(Protocol):
    """Hears of an event of a device, with the ``data`` of its delivery where it has its own."""

    def __call__(
        self, device: Device, event: EventName, data: Mapping[str, object] | None = None, /
    ) -> None:
        """Hear it."""


@dataclass(slots=True)
class Hooks:
    """What the server plugs in.

    Attributes:
        on_event: Called with the device, the event and what it tells, for webhooks.
        schedule: Called with the seconds until `Sessions.settle` has work.
    """

    on_event: OnEvent = lambda _device, _event, _data=None: None
    schedule: Callable[[float], object] = lambda _seconds: None


@dataclass(slots=True)
class Sessions:
    """The sessions of all devices. It starts no task: call `settle` to bring it up to date.

    Attributes:
        settings: Life times.
        clock: Where the time comes from.
        random: Where payloads and codes come from.
        hooks: What the server plugs in.
        linked: How many devices each phone is linked to.
    """

    settings: Settings
    clock: Clock
    random: Random
    hooks: Hooks = field(default_factory=Hooks)
    linked: Counter[str] = field(default_factory=Counter, repr=False)
    _scannable: dict[str, Device] = field(default_factory=dict, repr=False)
    _due: list[tuple[float, int, Device]] = field(default_factory=list, repr=False)
    _scheduled: int = 0

    def calendar(self) -> datetime:
        """Return the gateway's date and time, which may be skewed."""
        return self.clock.now() + timedelta(seconds=self.settings.clock_skew)

    def settle(self) -> None:
        """Open the sessions that have come due, in order."""
        now = self.clock.monotonic()
        while self._due and self._due[0][0] <= now:
            due, _, device = heappop(self._due)
            if device.connected_due == due:
                self.open(device)
            elif device.drop_due == due:
                self.log_out(device)

    def qr(self, device: Device, *, reuse: bool) -> tuple[QrCode, bool]:
        """Return a QR, and whether it is a cached one."""
        present = device.valid_qr(self.clock.monotonic())
        if reuse and present is not None:
            return present, True
        return self._fresh_qr(device), False

    def pair_code(self, device: Device, phone: str, *, reuse: bool) -> tuple[PairCode, bool]:
        """Return a pair code for a phone, and whether it is a cached one."""
        now = self.clock.monotonic()
        present = device.valid_code(now)
        if reuse and present is not None and present.phone == phone:
            return present, True
        device.passkey_phone = None
        life = self.settings.pair_code_life
        device.code = PairCode(code=make_code(self.random), phone=phone, born=now, life=life)
        return device.code, False

    def find_scannable(self, payload: str) -> Device | None:
        """Return the device that shows this QR now."""
        device = self._scannable.get(payload)
        present = device and device.valid_qr(self.clock.monotonic())
        return device if present and present.payload == payload else None

    def store_credentials(self, device: Device, phone: str) -> None:
        """Link a phone."""
        self._forget_qr(device)
        device.link(phone, self.calendar())
        self.linked[phone] += 1

    def begin_pairing(self, device: Device, phone: str, *, drops: bool = False) -> None:
        """Link a phone, and open the session after `Settings.connecting_for`.

        A link that ``drops`` is gone `Settings.drops_after` after that.
        """
        self.store_credentials(device, phone)
        device.drops = drops
        self.hooks.on_event(device, EventName.PAIR_SUCCESS)
        delay = self.settings.connecting_for
        if delay <= 0:
            self.open(device)
            return
        device.begin_session(self.calendar(), self._call_back(device, delay))

    def ask_passkey(self, device: Device, phone: str, *, by_code: bool) -> None:
        """Use the QR or code, and wait for a passkey: no page has an event for that."""
        self._forget_qr(device)
        device.forget_codes()
        device.passkey_phone, device.passkey_by_code = phone, by_code

    def refuse_pairing(self, device: Device) -> None:
        """Use the QR or code, and link nothing."""
        self._forget_qr(device)
        device.forget_codes()
        self.hooks.on_event(device, EventName.PAIR_ERROR)

    def link_offline(self, device: Device, phone: str) -> None:
        """Link a phone that goes offline at once: its session connects until it is back."""
        self.store_credentials(device, phone)
        self.hooks.on_event(device, EventName.PAIR_SUCCESS)
        device.begin_session(self.calendar(), None)
        device.phone_is_offline = True

    def begin_connect(self, device: Device) -> None:
        """Start to bring a stored session back; `finish_connect` ends it."""
        device.begin_session(self.calendar(), None)

    def finish_connect(self, device: Device) -> bool:
        """Open the session unless it was ended meanwhile; return whether it is up."""
        if device.session is Session.CONNECTING and not device.phone_is_offline:
            self.open(device)
            self.hooks.on_event(device, EventName.MANUAL_RECONNECT)
        return device.is_connected

    def open(self, device: Device) -> None:
        """Be connected."""
        device.open_session(self.calendar())
        self.hooks.on_event(device, EventName.CONNECTED)
        if device.drops:
            device.drop_due = self._call_back(device, self.settings.drops_after)

    def close(self, device: Device) -> None:
        """End the session and keep the credentials."""
        device.close_session(self.calendar())
        self.hooks.on_event(device, EventName.DISCONNECTED)

    def log_out(self, device: Device) -> None:
        """End the session and forget the credentials."""
        self.forget(device)
        self.hooks.on_event(device, EventName.LOGGED_OUT)

    def forget(self, device: Device) -> None:
        """Forget the linked phone, without an event."""
        if device.jid is not None:
            phone = number_of(device.jid)
            self.linked[phone] -= 1
            if not self.linked[phone]:
                del self.linked[phone]
        self._forget_qr(device)
        device.forget_credentials(self.calendar())

    def lose_memory(self, device: Device, *, drop: bool) -> None:
        """Restart: codes are gone, the session too if ``drop``, without an event."""
        self._forget_qr(device)
        device.forget_codes()
        if drop and device.session is not Session.DISCONNECTED:
            device.close_session(self.calendar())

    def _call_back(self, device: Device, delay: float) -> float:
        """Let `settle` look at the device after a while, and return when that is."""
        due = self.clock.monotonic() + delay
        self._scheduled += 1
        heappush(self._due, (due, self._scheduled, device))
        self.hooks.schedule(delay)
        return due

    def _fresh_qr(self, device: Device) -> QrCode:
        self._forget_qr(device)
        device.passkey_phone = None
        device.replaced_qr = None if device.qr is None else device.qr.payload
        device.qr = qr = QrCode(
            payload=make_payload(self.random),
            born=self.clock.monotonic(),
            life=self.settings.qr_life_of(device.generation),
            generated_at=self.calendar(),
        )
        device.generation += 1
        self._scannable[qr.payload] = device
        self.hooks.on_event(device, EventName.QR_GENERATED)
        return qr

    def _forget_qr(self, device: Device) -> None:
        if device.qr is not None:
            self._scannable.pop(device.qr.payload, None)
