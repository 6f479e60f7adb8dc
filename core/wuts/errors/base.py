"""The base of all errors, and the codes they have."""

from dataclasses import KW_ONLY, dataclass
from enum import StrEnum
from typing import Protocol


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
    AMBIGUOUS_PHONE_NUMBER = "ambiguous_phone_number"
    """A phone number without a country code exists in two countries: write the code."""
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
    """The gateway did not respond in time."""
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
    PHONE_OFFLINE = "phone_offline"
    """Of a pairing: the phone took the code, but the link never came up."""
    PASSKEY_SUSPECTED = "passkey_suspected"
    """Of a pairing: the code was used, and nothing followed: WhatsApp may ask for a passkey."""
    PAIR_ERROR = "pair_error"
    """Of a pairing: WhatsApp refused the phone, which may have four linked devices already."""
    ACCOUNT_REMOVED = "account_removed"
    """Of a pairing: the account was removed while the pairing was running."""
    ACCOUNT_CHANGED = "account_changed"
    """Of a pairing: the account's token or address was replaced while the pairing was running."""
    WRONG_DEVICE = "wrong_device"
    """The gateway answered about another device: nothing of the answer was believed."""
    CHECK_BUDGET_USED_UP = "check_budget_used_up"
    """So many numbers may not be looked up in this hour; nothing was sent."""
    NOT_VERIFIED = "not_verified"
    """The gateway said that it was done, but a look afterwards does not show it."""
    STORE_FAILED = "store_failed"
    """Of the supervisor: what must survive a restart cannot be read or written."""
    STORE_OWNED = "store_owned"
    """Of the supervisor: another process owns the account in the store: wait, or stop it."""
    STORE_LOST = "store_lost"
    """Of the supervisor: another process has taken over the account in the store."""
    STORE_OTHER_ACCOUNT = "store_other_account"
    """Of the supervisor: the store holds another account of the gateway under this name."""


class Named(Protocol):
    """Anything with an id and a name: a device of a listing, of the supervisor, of a frontend."""

    @property
    def id(self) -> str:
        """The device's id."""

    @property
    def name(self) -> str:
        """The device's name; several devices may have the same."""


@dataclass(eq=False, repr=False)
class WutsError(Exception):
    """Anything that went wrong between us and the gateway.

    Attributes:
        message: A sentence or two about it, in English; the class's own advice unless given.
        status: The HTTP status of the answer, or None when there was none.
        error_code: The gateway's own ``error_code``, or None when it sent none.
        code: What went wrong, for programs: the same for every error of a class.
        from_gateway: Whether the answer had the gateway's own JSON envelope. If not, a proxy may
            have sent it, or nobody did.
    """

    message: str = ""
    _: KW_ONLY
    status: int | None = None
    error_code: str | None = None

    code = ErrorCode.REFUSED
    advice = "The gateway could not do that."
    from_gateway = False

    def __post_init__(self) -> None:
        """Take the class's own advice where no message is given."""
        self.message = self.message or self.advice
        super().__init__(self.message)

    def __repr__(self) -> str:
        """Show the class, message, status and the gateway's code."""
        name = type(self).__name__
        return f"{name}({self.message!r}, status={self.status}, error_code={self.error_code!r})"
