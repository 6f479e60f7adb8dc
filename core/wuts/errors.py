"""What can go wrong when talking to a WUTS gateway.

Every error has a stable `ErrorCode`, for programs and for a frontend's own words, and an English
sentence, for logs. Neither ever holds a token, a QR payload, a pair code or a phone number.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol, TypedDict, Unpack


class ErrorCode(StrEnum):
    """What went wrong, as one word that does not change between versions.

    A `wuts.pairing.FailureReason` is one of these too, so a frontend needs a single table from code
    to its own words.
    """

    CONFIGURATION = "configuration"
    """The token or the gateway's address is unusable; nothing was sent."""
    USAGE = "usage"
    """An argument was refused before anything was sent: correct it."""
    INVALID_PHONE_NUMBER = "invalid_phone_number"
    """A phone number is not 10 to 15 digits with its country code."""
    UNKNOWN_DEVICE = "unknown_device"
    """No device has the id or name that somebody typed."""
    AMBIGUOUS_DEVICE = "ambiguous_device"
    """Several devices have the name that somebody typed."""
    GATEWAY_UNREACHABLE = "gateway_unreachable"
    """The gateway cannot be reached, or the connection broke, and nothing says why."""
    CERTIFICATE_UNTRUSTED = "certificate_untrusted"
    """Nobody that this machine trusts vouches for the gateway's certificate."""
    CERTIFICATE_EXPIRED = "certificate_expired"
    """The gateway's certificate has expired or is not valid yet."""
    CERTIFICATE_WRONG_HOST = "certificate_wrong_host"
    """The gateway's certificate is for another host."""
    NAME_NOT_FOUND = "name_not_found"
    """The gateway's host name does not resolve."""
    CONNECTION_REFUSED = "connection_refused"
    """Nothing listens at the gateway's port."""
    NO_ANSWER = "no_answer"
    """The gateway did not answer in time."""
    TOO_MANY_OPEN_FILES = "too_many_open_files"
    """This machine lets the process open no more connections."""
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - a code, not a secret
    """The gateway refuses the token: replace it."""
    NOT_ALLOWED = "not_allowed"
    """The token is good, but the device belongs to somebody else."""
    DEVICE_GONE = "device_gone"
    """The gateway has no such device."""
    NOT_CONNECTED = "not_connected"
    """There is no session to disconnect."""
    DEVICE_NOT_READY = "device_not_ready"
    """The device's session is down, so it cannot send."""
    ALREADY_CONNECTED = "already_connected"
    """The device is connected: there is nothing to pair."""
    ALREADY_PAIRED = "already_paired"
    """The gateway still holds the device's credentials: connect it."""
    CODE_NOT_READY = "code_not_ready"
    """WhatsApp gave the gateway no QR or code in time: ask again."""
    GATEWAY_BUSY = "gateway_busy"
    """The gateway is busy or restarting: try again soon."""
    RATE_LIMITED = "rate_limited"
    """The gateway asks for fewer requests: wait."""
    GATEWAY_FAILED = "gateway_failed"
    """The gateway failed at its own work."""
    REFUSED = "refused"
    """The gateway refused the request, for a reason that has no code of its own."""
    UNEXPECTED_ANSWER = "unexpected_answer"
    """The answer is not a WUTS gateway's: a proxy, a login page, a wrong address."""
    PAIRING_IN_PROGRESS = "pairing_in_progress"
    """Somebody else is pairing the device."""
    DEADLINE_PASSED = "deadline_passed"
    """Of a pairing: no phone was linked in time."""
    LINK_DROPPED = "link_dropped"
    """Of a pairing: the phone took the code, but the link did not hold."""
    WRONG_DEVICE = "wrong_device"
    """The gateway answered about another device: nothing of the answer was believed."""
    NOT_VERIFIED = "not_verified"
    """The gateway said that it was done, but a look afterwards does not show it."""
    STORE_FAILED = "store_failed"
    """Of the supervisor: what must survive a restart cannot be read or written."""


class Named(Protocol):
    """Anything with an id and a name: a device of a listing, of the supervisor, of a frontend."""

    @property
    def id(self) -> str:
        """The device's id."""

    @property
    def name(self) -> str:
        """The device's name; several devices may have the same."""


class _Answer(TypedDict, total=False):
    """What an error may know of the answer it stands for."""

    status: int | None
    error_code: str | None


class WutsError(Exception):
    """Anything that went wrong between us and the gateway.

    Attributes:
        code: What went wrong, for programs: the same for every error of a class.
        message: A sentence or two about it, in English.
        status: The HTTP status of the answer, or None when there was none.
        error_code: The gateway's own ``error_code``, or None when it sent none.
        from_gateway: Whether the answer had the gateway's own JSON envelope. If not, a proxy may
            have sent it, or nobody did.
    """

    code = ErrorCode.REFUSED
    advice = "The gateway could not do that."
    from_gateway = False

    def __init__(
        self,
        message: str | None = None,
        *,
        status: int | None = None,
        error_code: str | None = None,
    ) -> None:
        """Keep the message, or the class's own advice when none is given."""
        self.message = message or self.advice
        self.status = status
        self.error_code = error_code
        super().__init__(self.message)

    def __repr__(self) -> str:
        """Show the class, message, status and the gateway's code."""
        name = type(self).__name__
        return f"{name}({self.message!r}, status={self.status}, error_code={self.error_code!r})"


class WutsConfigError(WutsError):
    """The client was set up with an unusable token or base URL."""

    code = ErrorCode.CONFIGURATION
    advice = "The token or the gateway's address is not usable. Check both."


class InvalidInputError(WutsError):
    """An argument was refused before anything was sent."""

    code = ErrorCode.USAGE
    advice = "That value is not accepted. Check it and try again."


class InvalidPhoneNumberError(InvalidInputError):
    """A phone number is not 10 to 15 digits with its country code (WUTS guide, Conventions).

    Attributes:
        place: Which of several numbers it is, counted from 1; None where there is no list.
    """

    code = ErrorCode.INVALID_PHONE_NUMBER
    advice = (
        "That is not a usable phone number. Give the country code and the number, "
        "10 to 15 digits in all, such as +55 11 99999-9999."
    )

    def __init__(
        self, message: str | None = None, *, place: int | None = None, **answer: Unpack[_Answer]
    ) -> None:
        """Begin the message with the place, if there is one."""
        text = message or self.advice
        super().__init__(text if place is None else f"Number {place}: {text}", **answer)
        self.place = place


class UnknownDeviceError(WutsError):
    """No device has the id or name that somebody typed; see `wuts.finder.find_device`.

    Attributes:
        wanted: What was typed, as it was typed.
    """

    code = ErrorCode.UNKNOWN_DEVICE
    advice = "No device has that id or name. List the devices to see those there are."

    def __init__(
        self, message: str | None = None, *, wanted: str = "", **answer: Unpack[_Answer]
    ) -> None:
        """Keep what was typed; the message does not repeat it."""
        super().__init__(message, **answer)
        self.wanted = wanted


class AmbiguousDeviceError(WutsError):
    """Several devices have the name that somebody typed; see `wuts.finder.find_device`.

    Attributes:
        wanted: What was typed, as it was typed.
        candidates: The devices of that name, as they were handed to the finder.
    """

    code = ErrorCode.AMBIGUOUS_DEVICE
    advice = "Several devices have that name. Give the id of one."

    def __init__(
        self,
        message: str | None = None,
        *,
        wanted: str = "",
        candidates: tuple[Named, ...] = (),
        **answer: Unpack[_Answer],
    ) -> None:
        """Keep what was typed and what was found."""
        super().__init__(message, **answer)
        self.wanted = wanted
        self.candidates = candidates


class WutsConnectionError(WutsError):
    """The gateway could not be reached, or the connection broke."""

    code = ErrorCode.GATEWAY_UNREACHABLE
    advice = "The gateway cannot be reached. Check the network and the gateway's address."


class CertificateError(WutsConnectionError):
    """The gateway's certificate was not accepted; each kind says why."""

    code = ErrorCode.CERTIFICATE_UNTRUSTED
    advice = "The gateway's certificate was not accepted. Check the gateway's address."


class CertificateUntrustedError(CertificateError):
    """The certificate is self-signed, or its authority is unknown here."""

    advice = (
        "This machine does not trust the gateway's certificate. If an authority of your own signed "
        "it, give that authority's certificate as the CA file."
    )


class CertificateExpiredError(CertificateError):
    """The certificate has expired or is not valid yet."""

    code = ErrorCode.CERTIFICATE_EXPIRED
    advice = (
        "The gateway's certificate has expired or is not valid yet. Check this machine's clock, "
        "then ask whoever runs the gateway to renew the certificate."
    )


class CertificateHostError(CertificateError):
    """The certificate is for another host."""

    code = ErrorCode.CERTIFICATE_WRONG_HOST
    advice = (
        "The gateway's certificate is for another host. Use the host name that the certificate "
        "names, and check the gateway's address."
    )


class NameNotFoundError(WutsConnectionError):
    """The gateway's host name does not resolve."""

    code = ErrorCode.NAME_NOT_FOUND
    advice = (
        "The gateway cannot be reached: its host name was not found. Check the spelling of its "
        "address, and this machine's DNS."
    )


class PortClosedError(WutsConnectionError):
    """Nothing listens at the gateway's port."""

    code = ErrorCode.CONNECTION_REFUSED
    advice = (
        "The gateway cannot be reached: nothing listens there. Check the port in the gateway's "
        "address, and that the gateway is running."
    )


class TooManyOpenFilesError(WutsConnectionError):
    """The process may open no more files, and so no more connections (``ulimit -n``)."""

    code = ErrorCode.TOO_MANY_OPEN_FILES
    advice = (
        "This process may open no more connections. Raise its limit of open files (ulimit -n), or "
        "watch fewer accounts with it."
    )


class WutsTimeoutError(WutsConnectionError):
    """The gateway did not answer in time."""

    code = ErrorCode.NO_ANSWER
    advice = "The gateway did not answer in time. Try again in a moment."


class InvalidTokenError(WutsError):
    """401: the token is wrong or was withdrawn."""

    code = ErrorCode.TOKEN_REFUSED
    advice = "The gateway refused the token. Check it, or create a new one in WUTS."


class ForbiddenError(WutsError):
    """403: the token is good, but this is somebody else's."""

    code = ErrorCode.NOT_ALLOWED
    advice = "This token may not do that: the device belongs to another user."


class WrongDeviceError(WutsError):
    """The gateway answered about another device than the one that was asked about.

    Nothing of the answer is believed. What was asked for may have been done to the other device,
    so whoever gets this must not send anything else that changes devices.

    Attributes:
        asked: The id of the device that was asked about.
        answered: The id that the answer names.
    """

    code = ErrorCode.WRONG_DEVICE
    advice = (
        "The gateway answered about another device, so its answer was not believed. Check both "
        "devices before you change anything, and tell whoever runs the gateway."
    )

    def __init__(
        self,
        message: str | None = None,
        *,
        asked: str = "",
        answered: str = "",
        **answer: Unpack[_Answer],
    ) -> None:
        """Keep both ids."""
        super().__init__(message, **answer)
        self.asked = asked
        self.answered = answered


class NotVerifiedError(WutsError):
    """The gateway said that it did as told, but the device does not look like it.

    Another device may have been changed instead; see `wuts.verified`.

    Attributes:
        action: What was asked for, such as ``logout``.
        found: What is so instead, as one word, or None where nobody could look.
    """

    code = ErrorCode.NOT_VERIFIED
    advice = (
        "The gateway said that it was done, but a look at the device does not show it. Check all "
        "devices of the account before you change anything else."
    )

    def __init__(
        self,
        message: str | None = None,
        *,
        action: str = "",
        found: str | None = None,
        **answer: Unpack[_Answer],
    ) -> None:
        """Keep what was asked for and what was found."""
        super().__init__(message, **answer)
        self.action = action
        self.found = found


class DeviceNotFoundError(WutsError):
    """404: the gateway knows no such device."""

    code = ErrorCode.DEVICE_GONE
    advice = "The gateway has no such device. List the devices to see those it has."


class DeviceNotConnectedError(WutsError):
    """404 of ``POST /disconnect``: the device is unknown or has no live session.

    The gateway does not tell the two apart (WUTS reference, Disconnect), so this is no proof that
    the device is gone.
    """

    code = ErrorCode.NOT_CONNECTED
    advice = "The device is not connected, so there is nothing to disconnect."


class DeviceNotReadyError(WutsError):
    """``DEVICE_NOT_READY``: the session is down, so nothing can be sent."""

    code = ErrorCode.DEVICE_NOT_READY
    advice = "The device is not connected. Connect it, or pair it again, then send."


class AlreadyConnectedError(WutsError):
    """A QR or code was asked for, but the device is connected."""

    code = ErrorCode.ALREADY_CONNECTED
    advice = "The device is already connected. There is nothing to pair."


class AlreadyPairedError(WutsError):
    """A code was asked for, but the gateway still holds the device's credentials."""

    code = ErrorCode.ALREADY_PAIRED
    advice = "The device is already paired. Connect it instead of pairing it again."


class QrNotReadyError(WutsError):
    """The gateway got no QR or code from WhatsApp in time: ask again for a fresh one."""

    code = ErrorCode.CODE_NOT_READY
    advice = "WhatsApp gave the gateway no code in time. Ask again for a fresh one."


class RetryLaterError(WutsError):
    """The gateway asks for patience.

    Attributes:
        retry_after: Seconds the gateway asked us to wait, or None when it did not say.
    """

    code = ErrorCode.GATEWAY_BUSY

    def __init__(
        self,
        message: str | None = None,
        *,
        retry_after: float | None = None,
        **answer: Unpack[_Answer],
    ) -> None:
        """Keep what the base keeps, and the wait in seconds."""
        super().__init__(message, **answer)
        self.retry_after = retry_after


class GatewayBusyError(RetryLaterError):
    """502, 503, or a 504 that is not about a QR: transient, retry with a backoff."""

    advice = "The gateway is busy or restarting. Try again in a moment."


class RateLimitedError(RetryLaterError):
    """429: too many requests."""

    code = ErrorCode.RATE_LIMITED
    advice = "The gateway asks us to slow down. Try again in a moment."


class GatewayError(WutsError):
    """Another 5xx: the gateway failed at its own work."""

    code = ErrorCode.GATEWAY_FAILED
    advice = "The gateway failed. Try again; if it keeps failing, tell its owner."


class RequestRefusedError(WutsError):
    """Another 4xx, or a 200 that says ``success: false``."""

    advice = "The gateway refused the request."


class UnexpectedAnswerError(WutsError):
    """The answer is not what the contract describes: HTML, cut JSON, wrong types, too long."""

    code = ErrorCode.UNEXPECTED_ANSWER
    advice = (
        "The answer does not look like a WUTS gateway's. Check the gateway's address, "
        "and that no proxy or login page is in between."
    )
