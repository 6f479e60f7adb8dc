"""What can go wrong when talking to a WUTS gateway.

Every error carries the HTTP status, the gateway's ``error_code`` and a message that says what to
do. A message never holds a token, a QR payload, a pair code or a phone number.
"""


class WutsError(Exception):
    """Anything that went wrong between us and the gateway.

    Attributes:
        message: One sentence or two that a person can act on.
        status: The HTTP status of the answer, or None when there was none.
        error_code: The gateway's stable ``error_code``, or None when it sent none.
        from_gateway: Whether the answer had the gateway's own JSON envelope. If not, a proxy may
            have sent it, or nobody did.
    """

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
        """Show the class, status and code; the message says the rest."""
        name = type(self).__name__
        return f"{name}({self.message!r}, status={self.status}, error_code={self.error_code!r})"


class WutsConfigError(WutsError):
    """The client was set up with an unusable token or base URL."""

    advice = "The token or the gateway's address is not usable. Check both."


class InvalidInputError(WutsError):
    """An argument was refused before anything was sent."""

    advice = "That value is not accepted. Check it and try again."


class InvalidPhoneNumberError(InvalidInputError):
    """A phone number is not 10 to 15 digits with its country code (WUTS guide, Conventions).

    Attributes:
        place: Which of several numbers it is, counted from 1; None where there is no list.
    """

    advice = (
        "That is not a usable phone number. Give the country code and the number, "
        "10 to 15 digits in all, such as +55 11 99999-9999."
    )

    def __init__(
        self,
        message: str | None = None,
        *,
        status: int | None = None,
        error_code: str | None = None,
        place: int | None = None,
    ) -> None:
        """Begin the message with the place, if there is one."""
        text = message or self.advice
        super().__init__(
            text if place is None else f"Number {place}: {text}",
            status=status,
            error_code=error_code,
        )
        self.place = place


class WutsConnectionError(WutsError):
    """The gateway could not be reached, or the connection broke."""

    advice = "The gateway cannot be reached. Check the network and the gateway's address."


class WutsTimeoutError(WutsConnectionError):
    """The gateway was reached but did not answer in time."""

    advice = "The gateway did not answer in time. Try again in a moment."


class InvalidTokenError(WutsError):
    """401: the token is wrong or was withdrawn."""

    advice = "The gateway refused the token. Check it, or create a new one in WUTS."


class ForbiddenError(WutsError):
    """403: the token is good, but this is somebody else's."""

    advice = "This token may not do that: the device belongs to another user."


class DeviceNotFoundError(WutsError):
    """404: the gateway knows no such device."""

    advice = "The gateway has no such device. List the devices to see those it has."


class DeviceNotConnectedError(WutsError):
    """404 of ``POST /disconnect``: the device is unknown or has no live session.

    The gateway does not tell the two apart (WUTS reference, Disconnect), so this is no proof that
    the device is gone.
    """

    advice = "The device is not connected, so there is nothing to disconnect."


class DeviceNotReadyError(WutsError):
    """``DEVICE_NOT_READY``: the session is down, so nothing can be sent."""

    advice = "The device is not connected. Connect it, or pair it again, then send."


class AlreadyConnectedError(WutsError):
    """A QR or code was asked for, but the device is connected."""

    advice = "The device is already connected. There is nothing to pair."


class AlreadyPairedError(WutsError):
    """A code was asked for, but the gateway still holds the device's credentials."""

    advice = "The device is already paired. Connect it instead of pairing it again."


class QrNotReadyError(WutsError):
    """The gateway got no QR or code from WhatsApp in time: ask again for a fresh one."""

    advice = "WhatsApp gave the gateway no code in time. Ask again for a fresh one."


class RetryLaterError(WutsError):
    """The gateway asks for patience.

    Attributes:
        retry_after: Seconds the gateway asked us to wait, or None when it did not say.
    """

    def __init__(
        self,
        message: str | None = None,
        *,
        status: int | None = None,
        error_code: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        """Keep what the base keeps, and the wait in seconds."""
        super().__init__(message, status=status, error_code=error_code)
        self.retry_after = retry_after


class GatewayBusyError(RetryLaterError):
    """502, 503, or a 504 that is not about a QR: transient, retry with a backoff."""

    advice = "The gateway is busy or restarting. Try again in a moment."


class RateLimitedError(RetryLaterError):
    """429: too many requests."""

    advice = "The gateway asks us to slow down. Try again in a moment."


class GatewayError(WutsError):
    """Another 5xx: the gateway failed at its own work."""

    advice = "The gateway failed. Try again; if it goes on, tell its owner."


class RequestRefusedError(WutsError):
    """Another 4xx, or a 200 that says ``success: false``."""

    advice = "The gateway refused the request."


class UnexpectedAnswerError(WutsError):
    """The answer is not what the contract describes: HTML, cut JSON, wrong types, too long."""

    advice = (
        "The answer does not look like a WUTS gateway's. Check the gateway's address, "
        "and that no proxy or login page is in between."
    )
