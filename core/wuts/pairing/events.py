"""The events of a pairing, as frozen values.

A pairing ends with exactly one of `Paired`, `WrongAccount`, `Unchecked` and `Failed`.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ..errors import ErrorCode
from ..models import QrCode
from ..qr import decode_image, render_png_async


@dataclass(frozen=True, slots=True, kw_only=True)
class QrReady:
    """A QR to show, in place of any before it.

    Attributes:
        qr: The gateway's answer.
        expires_at: When the phone stops accepting it, by this machine's clock.
        lifetime: Seconds it had to live when this event was made.
        number: 1 for the first QR of the pairing, 2 for the next.
    """

    qr: QrCode = field(repr=False)
    expires_at: datetime
    lifetime: float
    number: int

    @property
    def payload(self) -> str | None:
        """What the QR says, or None when the gateway sent only an image."""
        return self.qr.qr_code

    async def png(self) -> bytes:
        """Return the QR as a PNG: ours, or the gateway's own when that is all there is.

        Raises:
            UnexpectedAnswerError: The gateway's image is not a sane PNG.
        """
        if self.qr.qr_code is not None:
            return await render_png_async(self.qr.qr_code)
        return decode_image(self.qr.image or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeReady:
    """A code to type on the phone, in place of any before it.

    Attributes:
        code: Eight letters and digits with a dash between.
        phone: The digits of the number it was made for.
        expires_at: When the phone stops accepting it, by this machine's clock.
        lifetime: Seconds it had to live when this event was made.
        instructions: The gateway's own, in Portuguese, or None.
        number: 1 for the first code of the pairing, 2 for the next.
    """

    code: str = field(repr=False)
    phone: str = field(repr=False)
    expires_at: datetime
    lifetime: float
    instructions: str | None = field(repr=False)
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """The phone took the QR or code; its link is watched for a while before it counts.

    It comes once more when the number becomes known, and after `Stalled` when the link is up.
    """

    phone_number: str | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Something does not answer as it should; the pairing keeps trying.

    Attributes:
        code: What is wrong, for programs.
        reason: What is wrong, in English.
        retry_in: Seconds until the next try.
    """

    code: ErrorCode
    reason: str
    retry_in: float


class StallReason(StrEnum):
    """Why a pairing does not advance; each is a `FailureReason` too."""

    PASSKEY_SUSPECTED = ErrorCode.PASSKEY_SUSPECTED.value
    """The code was used, and no link followed: WhatsApp may ask the phone for a passkey."""
    PHONE_OFFLINE = ErrorCode.PHONE_OFFLINE.value
    """A phone was linked, but the link has not come up yet."""
    LINK_DROPPED = ErrorCode.LINK_DROPPED.value
    """The new link was up, and is down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stalled:
    """A phone took the QR or code, but the pairing does not advance.

    The pairing keeps watching. If the link comes after all, `Scanned` and the outcome follow; if it
    does not, it ends in `Failed` with the same reason.
    """

    reason: StallReason

    @property
    def code(self) -> ErrorCode:
        """The reason, as the code that errors have."""
        return ErrorCode(self.reason.value)


class PairedHow(StrEnum):
    """How a device came to be paired."""

    ALREADY_CONNECTED = "already_connected"
    RECONNECTED = "reconnected"
    LINKED = "linked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """The end: the device is connected and logged in.

    Attributes:
        phone_number: The linked phone's digits, or None when the gateway does not say.
        how: Whether a phone was linked now, or the device was paired before.
    """

    phone_number: str | None = field(repr=False)
    how: PairedHow


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongAccount:
    """The end: the device is connected, but to another phone than the expected one.

    Nothing is undone: let the person decide.
    """

    phone_number: str = field(repr=False)
    expected: str = field(repr=False)


class FailureReason(StrEnum):
    """Why a pairing failed; each is an `ErrorCode` too."""

    DEADLINE_PASSED = ErrorCode.DEADLINE_PASSED.value
    LINK_DROPPED = ErrorCode.LINK_DROPPED.value
    TOKEN_REFUSED = ErrorCode.TOKEN_REFUSED.value
    NOT_ALLOWED = ErrorCode.NOT_ALLOWED.value
    DEVICE_GONE = ErrorCode.DEVICE_GONE.value
    INVALID_PHONE_NUMBER = ErrorCode.INVALID_PHONE_NUMBER.value
    WRONG_DEVICE = ErrorCode.WRONG_DEVICE.value
    GATEWAY_UNREACHABLE = ErrorCode.GATEWAY_UNREACHABLE.value
    CERTIFICATE_UNTRUSTED = ErrorCode.CERTIFICATE_UNTRUSTED.value
    CERTIFICATE_EXPIRED = ErrorCode.CERTIFICATE_EXPIRED.value
    CERTIFICATE_WRONG_HOST = ErrorCode.CERTIFICATE_WRONG_HOST.value
    NAME_NOT_FOUND = ErrorCode.NAME_NOT_FOUND.value
    CONNECTION_REFUSED = ErrorCode.CONNECTION_REFUSED.value
    TOO_MANY_OPEN_FILES = ErrorCode.TOO_MANY_OPEN_FILES.value
    REFUSED = ErrorCode.REFUSED.value
    PHONE_OFFLINE = ErrorCode.PHONE_OFFLINE.value
    PASSKEY_SUSPECTED = ErrorCode.PASSKEY_SUSPECTED.value
    PAIR_ERROR = ErrorCode.PAIR_ERROR.value
    PAIRING_IN_PROGRESS = ErrorCode.PAIRING_IN_PROGRESS.value
    ACCOUNT_REMOVED = ErrorCode.ACCOUNT_REMOVED.value
    ACCOUNT_CHANGED = ErrorCode.ACCOUNT_CHANGED.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The end: no phone was linked.

    Attributes:
        reason: Why, for programs.
        message: Why and what to do, in English.
        cause: What did not answer as it should when time ran out, or None.
    """

    reason: FailureReason
    message: str
    cause: ErrorCode | None = None

    @property
    def code(self) -> ErrorCode:
        """The reason, as the code that errors have."""
        return ErrorCode(self.reason.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchecked:
    """The end: a phone is linked, but the gateway does not say whether it is the expected one.

    Nothing is undone: let the person look at the phone, and decide.

    Attributes:
        expected: The digits of the account that should be linked.
        how: Whether a phone was linked now, or the device was paired before.
    """

    expected: str = field(repr=False)
    how: PairedHow


type Outcome = Paired | WrongAccount | Unchecked | Failed
type PairingEvent = QrReady | CodeReady | Scanned | Stalled | Waiting | Outcome
