"""What can go wrong when talking to a WUTS gateway.

Every error has a stable `ErrorCode`, for programs and for a frontend's own words, and an English
sentence, for logs. Neither ever holds a token, a QR payload, a pair code or a phone number.
"""

from .answers import (
    AlreadyConnectedError,
    AlreadyPairedError,
    DeviceNotConnectedError,
    DeviceNotFoundError,
    DeviceNotReadyError,
    ForbiddenError,
    GatewayBusyError,
    GatewayError,
    InvalidTokenError,
    NotVerifiedError,
    QrNotReadyError,
    RateLimitedError,
    RequestRefusedError,
    RetryLaterError,
    UnexpectedAnswerError,
    WrongDeviceError,
)
from .base import ErrorCode, Named, WutsError
from .connection import (
    CertificateError,
    CertificateExpiredError,
    CertificateHostError,
    CertificateUntrustedError,
    NameNotFoundError,
    PortClosedError,
    TooManyOpenFilesError,
    WutsConnectionError,
    WutsTimeoutError,
)
from .inputs import (
    AmbiguousDeviceError,
    AmbiguousPhoneNumberError,
    CheckBudgetUsedUpError,
    InvalidInputError,
    InvalidPhoneNumberError,
    UnknownDeviceError,
    WutsConfigError,
)

__all__ = [
    "AlreadyConnectedError",
    "AlreadyPairedError",
    "AmbiguousDeviceError",
    "AmbiguousPhoneNumberError",
    "CertificateError",
    "CertificateExpiredError",
    "CertificateHostError",
    "CertificateUntrustedError",
    "CheckBudgetUsedUpError",
    "DeviceNotConnectedError",
    "DeviceNotFoundError",
    "DeviceNotReadyError",
    "ErrorCode",
    "ForbiddenError",
    "GatewayBusyError",
    "GatewayError",
    "InvalidInputError",
    "InvalidPhoneNumberError",
    "InvalidTokenError",
    "NameNotFoundError",
    "Named",
    "NotVerifiedError",
    "PortClosedError",
    "QrNotReadyError",
    "RateLimitedError",
    "RequestRefusedError",
    "RetryLaterError",
    "TooManyOpenFilesError",
    "UnexpectedAnswerError",
    "UnknownDeviceError",
    "WrongDeviceError",
    "WutsConfigError",
    "WutsConnectionError",
    "WutsError",
    "WutsTimeoutError",
]
