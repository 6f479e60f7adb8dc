"""Errors that an answer stands for."""

from dataclasses import dataclass

from .base import ErrorCode, WutsError


class InvalidTokenError(WutsError):
    """401: the token is wrong or was withdrawn."""

    code = ErrorCode.TOKEN_REFUSED
    advice = "The gateway refused the token. Check it, or create a new one in WUTS."


class ForbiddenError(WutsError):
    """403: the token is good, but this is somebody else's."""

    code = ErrorCode.NOT_ALLOWED
    advice = "This token can't do that: the device belongs to another user."


@dataclass(eq=False, repr=False, kw_only=True)
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
        "The gateway answered about another device, so its answer was ignored. Check both "
        "devices before you change anything, and tell the gateway's operator."
    )

    asked: str = ""
    answered: str = ""


@dataclass(eq=False, repr=False, kw_only=True)
class NotVerifiedError(WutsError):
    """The gateway reported success, but the device doesn't look like it.

    Another device may have been changed instead; see `wuts.verified`.

    Attributes:
        action: What was asked for, such as ``logout``.
        found: What was found instead, as one word, or None if nobody could look.
    """

    code = ErrorCode.NOT_VERIFIED
    advice = (
        "The gateway reported success, but the device did not change. Check all devices of "
        "the account before you change anything else."
    )

    action: str = ""
    found: str | None = None


class DeviceNotFoundError(WutsError):
    """404: the gateway knows no such device."""

    code = ErrorCode.DEVICE_GONE
    advice = "The gateway has no such device. List the devices to see those it has."


class DeviceNotConnectedError(WutsError):
    """404 of ``POST /disconnect``: the device is unknown or has no live session.

    The gateway doesn't distinguish the two (WUTS reference, Disconnect), so this is no proof that
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
    advice = "WhatsApp did not give the gateway a code in time. Ask again for a fresh one."


@dataclass(eq=False, repr=False, kw_only=True)
class RetryLaterError(WutsError):
    """The gateway asks for patience.

    Attributes:
        retry_after: Seconds the gateway asked us to wait, or None when it did not say.
    """

    code = ErrorCode.GATEWAY_BUSY

    retry_after: float | None = None


class GatewayBusyError(RetryLaterError):
    """502, 503, or a 504 that is not about a QR: transient, retry with a backoff."""

    advice = "The gateway is busy or restarting. Try again in a moment."


class RateLimitedError(RetryLaterError):
    """429: too many requests."""

    code = ErrorCode.RATE_LIMITED
    advice = "The gateway is limiting requests. Try again in a moment."


class GatewayError(WutsError):
    """Another 5xx: the gateway failed at its own work."""

    code = ErrorCode.GATEWAY_FAILED
    advice = "The gateway failed. Try again. If it keeps failing, tell its operator."


class RequestRefusedError(WutsError):
    """Another 4xx, or a 200 that says ``success: false``."""

    advice = "The gateway refused the request."


class UnexpectedAnswerError(WutsError):
    """The answer is not what the contract describes: HTML, cut JSON, wrong types, too long."""

    code = ErrorCode.UNEXPECTED_ANSWER
    advice = (
        "The response does not look like one from a WUTS gateway. Check the gateway's "
        "address, and make sure that no proxy or login page is in the way."
    )
