"""What a pairing looks like at one moment: everything that a frontend draws."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from ..qr import render_text
from .events import (
    CodeReady,
    Failed,
    FailureReason,
    Outcome,
    Paired,
    PairingEvent,
    QrReady,
    Scanned,
    Stalled,
    StallReason,
    Unchecked,
    Waiting,
    WrongAccount,
)

NOTICE = 10.0
"""Seconds a notice stays beside a QR, a code or a scan: no event says that the trouble is over."""


class Stage(StrEnum):
    """Where a pairing is, for a person."""

    PREPARING = "preparing"
    """The gateway is being asked, or a fresh QR or code is on its way."""
    WAITING = "waiting"
    """There is nothing to show, because something does not answer as it should."""
    QR = "qr"
    """A QR can be scanned."""
    CODE = "code"
    """A code can be typed."""
    SCANNED = "scanned"
    """A phone took the QR or code; its link is watched until it counts."""
    STALLED = "stalled"
    """A phone took the QR or code, but nothing has followed for a while; it is still watched."""
    PAIRED = "paired"
    """The end: the device is connected."""
    WRONG_ACCOUNT = "wrong_account"
    """The end: another phone than the expected one is linked."""
    UNCHECKED = "unchecked"
    """The end: a phone is linked, and nobody knows whether it is the expected one."""
    FAILED = "failed"
    """The end: no phone was linked."""


class NextStep(StrEnum):
    """What the person should do now."""

    WAIT = "wait"
    """Nothing yet."""
    SCAN_QR = "scan_qr"
    """Scan the QR with WhatsApp."""
    TYPE_CODE = "type_code"
    """Type the code in WhatsApp."""
    KEEP_PHONE_ONLINE = "keep_phone_online"
    """Leave the phone on and connected until the link holds."""
    LOOK_AT_PHONE = "look_at_phone"
    """Look at what the phone shows: it may ask for a passkey."""
    NOTHING = "nothing"
    """It is done."""
    KEEP_OR_UNLINK = "keep_or_unlink"
    """Decide whether the other phone stays linked."""
    START_AGAIN = "start_again"
    """Start a new pairing."""
    WAIT_FOR_OTHER = "wait_for_other"
    """Wait until the other pairing of the device has ended, then start a new one."""
    CHECK_PHONE = "check_phone"
    """Check the phone's connection and its free places under Linked devices, then start again."""
    CHECK_PHONE_NUMBER = "check_phone_number"
    """Correct the phone number."""
    CHECK_TOKEN = "check_token"  # noqa: S105 - a step, not a secret
    """Replace the account's token."""
    CHECK_OWNER = "check_owner"
    """Use the token of the device's owner."""
    SET_UP_ACCOUNT = "set_up_account"
    """Set the account up again: it was removed."""
    CHOOSE_DEVICE = "choose_device"
    """Choose another device: this one is gone."""
    CHECK_GATEWAY = "check_gateway"
    """Check the network and the gateway's address."""
    CHECK_CERTIFICATE = "check_certificate"
    """Check the gateway's certificate, this machine's clock, and the CA file."""
    CHECK_HOST = "check_host"
    """Let this machine's process open more files."""
    ASK_OPERATOR = "ask_operator"
    """Ask whoever runs the gateway: it refuses, or does not support passkeys."""


_NEXT_STEPS: dict[Stage | FailureReason, NextStep] = {
    Stage.PREPARING: NextStep.WAIT,
    Stage.WAITING: NextStep.WAIT,
    Stage.QR: NextStep.SCAN_QR,
    Stage.CODE: NextStep.TYPE_CODE,
    Stage.SCANNED: NextStep.KEEP_PHONE_ONLINE,
    Stage.PAIRED: NextStep.NOTHING,
    Stage.WRONG_ACCOUNT: NextStep.KEEP_OR_UNLINK,
    Stage.UNCHECKED: NextStep.KEEP_OR_UNLINK,
    FailureReason.DEADLINE_PASSED: NextStep.START_AGAIN,
    FailureReason.LINK_DROPPED: NextStep.CHECK_PHONE,
    FailureReason.TOKEN_REFUSED: NextStep.CHECK_TOKEN,
    FailureReason.NOT_ALLOWED: NextStep.CHECK_OWNER,
    FailureReason.DEVICE_GONE: NextStep.CHOOSE_DEVICE,
    FailureReason.INVALID_PHONE_NUMBER: NextStep.CHECK_PHONE_NUMBER,
    FailureReason.WRONG_DEVICE: NextStep.ASK_OPERATOR,
    FailureReason.GATEWAY_UNREACHABLE: NextStep.CHECK_GATEWAY,
    FailureReason.CERTIFICATE_UNTRUSTED: NextStep.CHECK_CERTIFICATE,
    FailureReason.CERTIFICATE_EXPIRED: NextStep.CHECK_CERTIFICATE,
    FailureReason.CERTIFICATE_WRONG_HOST: NextStep.CHECK_CERTIFICATE,
    FailureReason.NAME_NOT_FOUND: NextStep.CHECK_GATEWAY,
    FailureReason.CONNECTION_REFUSED: NextStep.CHECK_GATEWAY,
    FailureReason.TOO_MANY_OPEN_FILES: NextStep.CHECK_HOST,
    FailureReason.REFUSED: NextStep.ASK_OPERATOR,
    FailureReason.PHONE_OFFLINE: NextStep.CHECK_PHONE,
    FailureReason.PASSKEY_SUSPECTED: NextStep.ASK_OPERATOR,
    FailureReason.PAIR_ERROR: NextStep.CHECK_PHONE,
    FailureReason.PAIRING_IN_PROGRESS: NextStep.WAIT_FOR_OTHER,
    FailureReason.ACCOUNT_REMOVED: NextStep.SET_UP_ACCOUNT,
    FailureReason.ACCOUNT_CHANGED: NextStep.START_AGAIN,
}

_WHILE_STALLED: dict[StallReason, NextStep] = {
    StallReason.PASSKEY_SUSPECTED: NextStep.LOOK_AT_PHONE,
    StallReason.PHONE_OFFLINE: NextStep.KEEP_PHONE_ONLINE,
    StallReason.LINK_DROPPED: NextStep.KEEP_PHONE_ONLINE,
}

_AT_THE_END: dict[type[Outcome], Stage] = {
    Paired: Stage.PAIRED,
    WrongAccount: Stage.WRONG_ACCOUNT,
    Unchecked: Stage.UNCHECKED,
    Failed: Stage.FAILED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingView:
    """A pairing at one moment; `after` and `at` return it at a later one.

    Times are seconds of the session's clock, `wuts.clock.steady_time`.

    Attributes:
        owner: Who pairs, for people.
        now: The moment.
        offer: The QR or code to show, or None. It is taken down when it expires.
        expires_at: When that is; without an offer, when the last one was taken down.
        scanned: That a phone took the QR or code, or None.
        stalled: Why nothing follows that, or None while it advances.
        waiting: What does not answer as it should since there was a QR, code or scan, or None.
        waiting_since: Since when.
        outcome: How it ended, or None while it lasts.
    """

    owner: str = ""
    now: float = 0.0
    offer: QrReady | CodeReady | None = field(default=None, repr=False)
    expires_at: float | None = None
    scanned: Scanned | None = field(default=None, repr=False)
    stalled: Stalled | None = None
    waiting: Waiting | None = None
    waiting_since: float = 0.0
    outcome: Outcome | None = None

    def after(self, event: PairingEvent, now: float) -> PairingView:
        """Return the view once ``event`` happened at ``now``."""
        view = self.at(now)
        cleared = replace(view, offer=None, expires_at=None, stalled=None, waiting=None)
        match event:
            case QrReady() | CodeReady():
                expires_at = now + event.lifetime
                cleared = replace(cleared, scanned=None)
                view = replace(cleared, offer=event, expires_at=expires_at)
            case Scanned():
                view = replace(cleared, scanned=event)
            case Stalled():
                view = replace(cleared, stalled=event)
            case Waiting():
                view = replace(view, waiting=event, waiting_since=now)
            case Paired() | WrongAccount() | Unchecked() | Failed():
                view = replace(cleared, outcome=event)
        return view.at(now)

    def at(self, now: float) -> PairingView:
        """Return the view at ``now``: what has expired by then is taken down."""
        expired = self.offer is not None and self.expires_at is not None and self.expires_at <= now
        return replace(self, now=now, offer=None if expired else self.offer)

    @property
    def changes_at(self) -> float | None:
        """When the view changes although nothing happens, or None if it does not."""
        moments = [self._notice_ends]
        if self.offer is not None:
            moments.append(self.expires_at)
        return min((one for one in moments if one is not None and one > self.now), default=None)

    @property
    def stage(self) -> Stage:
        """Where the pairing is."""
        if self.outcome is not None:
            return _AT_THE_END[type(self.outcome)]
        if self.stalled is not None:
            return Stage.STALLED
        if self.scanned is not None:
            return Stage.SCANNED
        if self.offer is not None:
            return Stage.CODE if isinstance(self.offer, CodeReady) else Stage.QR
        return Stage.PREPARING if self.waiting is None else Stage.WAITING

    @property
    def next_step(self) -> NextStep:
        """What the person should do now."""
        if isinstance(self.outcome, Failed):
            return _NEXT_STEPS[self.outcome.reason]
        if self.outcome is None and self.stalled is not None:
            return _WHILE_STALLED[self.stalled.reason]
        return _NEXT_STEPS[self.stage]

    @property
    def is_expired(self) -> bool:
        """Whether a QR or code was taken down and the next is not there yet."""
        return self.offer is None and self.expires_at is not None

    @property
    def seconds_left(self) -> float:
        """Seconds until the QR or code that is shown expires; 0 without one."""
        if self.offer is None or self.expires_at is None:
            return 0.0
        return max(0.0, self.expires_at - self.now)

    @property
    def notice(self) -> Waiting | None:
        """The trouble to show now: `waiting`, but only for a while beside a QR, code or scan."""
        return (
            None
            if self._notice_ends is not None and self._notice_ends <= self.now
            else self.waiting
        )

    @property
    def retry_in(self) -> float:
        """Seconds until what does not answer is tried again; 0 if that is not known."""
        if self.waiting is None:
            return 0.0
        return max(0.0, self.waiting_since + self.waiting.retry_in - self.now)

    @property
    def qr_payload(self) -> str | None:
        """What the QR that is shown says; None without a QR, or where only an image was sent."""
        return self.offer.payload if isinstance(self.offer, QrReady) else None

    @property
    def code(self) -> str | None:
        """The code that is shown, or None."""
        return self.offer.code if isinstance(self.offer, CodeReady) else None

    @property
    def phone_number(self) -> str | None:
        """The digits of the phone that was linked, or that the code is for, if known."""
        if isinstance(self.outcome, Paired | WrongAccount):
            return self.outcome.phone_number
        if self.scanned is not None:
            return self.scanned.phone_number
        return self.offer.phone if isinstance(self.offer, CodeReady) else None

    async def png(self) -> bytes | None:
        """Return the QR that is shown as a PNG, or None; the same QR is drawn only once.

        Raises:
            UnexpectedAnswerError: The gateway sent only an image, and it is not a sane PNG.
        """
        return await self.offer.png() if isinstance(self.offer, QrReady) else None

    def qr_text(self) -> str | None:
        """Return the QR that is shown as lines for a terminal, or None; see `wuts.qr.render_text`.

        A QR that the gateway sent only as an image cannot be drawn as text.
        """
        return None if self.qr_payload is None else render_text(self.qr_payload)

    @property
    def _notice_ends(self) -> float | None:
        """When the notice is withdrawn, or None if it stays."""
        if self.waiting is None or not (self.offer or self.scanned or self.stalled):
            return None
        return self.waiting_since + max(self.waiting.retry_in, NOTICE)
