"""What a pairing tells its frontend, one frozen event after another.

A pairing ends with exactly one of `Paired`, `WrongAccount` and `Failed`.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

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
            UnexpectedAnswerError: The gateway's image is no sane PNG.
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
        instructions: The gateway's own words, in Portuguese, or None.
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
    """The phone took the QR or the code; the link is now watched for a while before it counts."""

    phone_number: str | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Something does not answer as it should; the pairing goes on by itself.

    Attributes:
        reason: What is wrong, in words for a person.
        retry_in: Seconds until the next try.
    """

    reason: str
    retry_in: float


class PairedHow(StrEnum):
    """How a device came to be paired."""

    ALREADY_CONNECTED = "already_connected"
    RECONNECTED = "reconnected"
    LINKED = "linked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """The end: the device is connected and logged in.

    Attributes:
        phone_number: The linked phone's digits, or None when the gateway does not tell.
        how: Whether a phone was linked now, or the device was paired before.
    """

    phone_number: str | None = field(repr=False)
    how: PairedHow


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongAccount:
    """The end: the device is connected, but to another phone than the expected one.

    Nothing is undone: the frontend tells the person and asks.
    """

    phone_number: str = field(repr=False)
    expected: str = field(repr=False)


class FailureReason(StrEnum):
    """Why a pairing failed."""

    DEADLINE_PASSED = "deadline_passed"
    LINK_DROPPED = "link_dropped"
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - a reason, not a secret
    NOT_ALLOWED = "not_allowed"
    DEVICE_GONE = "device_gone"
    INVALID_PHONE_NUMBER = "invalid_phone_number"
    GATEWAY_UNREACHABLE = "gateway_unreachable"
    UNEXPECTED_ANSWER = "unexpected_answer"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The end: no phone was linked.

    Attributes:
        reason: Why, for programs.
        message: Why and what to do, for a person.
    """

    reason: FailureReason
    message: str


type Outcome = Paired | WrongAccount | Failed
type PairingEvent = QrReady | CodeReady | Scanned | Waiting | Outcome
