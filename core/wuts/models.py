"""What the gateway answers, as frozen models.

Unknown fields are ignored; secrets stay out of the repr.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from .phone import linked_number, same_number

QR_DEFAULT_LIFETIME = 30.0
"""Seconds a QR lives when the answer does not say (WUTS guide, Getting a QR code)."""

QR_LONGEST_LIFETIME = 120.0
"""Seconds we trust a QR at most, whatever the answer says: WhatsApp replaces its own within 60."""

CODE_DEFAULT_LIFETIME = 300.0
"""Seconds a pair code lives (WUTS reference, Pair code)."""


def _none_if_blank(value: object) -> object:
    return None if value == "" else value


def _blank_if_none(value: object) -> object:
    return "" if value is None else value


def _read_time(value: object, read: ValidatorFunctionWrapHandler) -> datetime | None:
    """Read a moment without a zone as UTC; an unreadable one, or Go's zero time, as none at all."""
    try:
        moment: datetime | None = read(value)
    except ValidationError:
        return None
    if moment is None or moment.year == 1:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _as_shown(value: object) -> str:
    """Read what is only shown to people, which must never fail an answer."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a phone number that somebody keeps as a number
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


type Text = Annotated[str, BeforeValidator(_blank_if_none)]
"""A text; null is read as an empty one."""

type ShownText = Annotated[str, BeforeValidator(_as_shown)]
"""A text or number that only people read; anything else is read as an empty text."""

type OptionalText = Annotated[str | None, BeforeValidator(_none_if_blank)]
"""A text; an empty one is read as none."""


def _count_or_none(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        return None
    return value


def _true_or_false(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


type MaybeTold = Annotated[bool | None, BeforeValidator(_true_or_false)]
"""Whether something is true, if the gateway says."""

type MaybeCount = Annotated[int | None, BeforeValidator(_count_or_none)]
"""How many there are, if the gateway says."""

type OptionalTime = Annotated[datetime | None, WrapValidator(_read_time)]
"""A moment that knows its zone; an unreadable one, or Go's zero time, is none."""


class Model(BaseModel):
    """The base of all answers: frozen, tolerant of new fields, silent about refused input."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Device(Model):
    """A device slot as ``GET /devices`` and ``POST /devices`` list it (WUTS reference, Devices).

    A device that was never paired, or was logged out, has no ``whatsapp_jid``. ``user_id`` is whose
    it is; ``GET /user/devices`` does not say that. What the gateway lists besides is not read: a
    listing may have thousands of rows.
    """

    id: str = Field(min_length=1)
    user_id: ShownText = ""
    name: ShownText = ""
    connected: bool
    whatsapp_jid: OptionalText = Field(default=None, repr=False)
    last_seen: OptionalTime = None

    @property
    def linked(self) -> bool:
        """Whether the gateway shows a phone for the device."""
        return self.whatsapp_jid is not None

    @property
    def phone_number(self) -> str | None:
        """The linked phone's digits with country code, or None when no phone is linked."""
        return linked_number(None, self.whatsapp_jid)


class DeviceList(tuple[Device, ...]):  # noqa: SLOT001 - a tuple cannot have them
    """The devices of a listing; a row that could not be read is left out and named.

    Attributes:
        unreadable: The ids of the rows that were left out, or their places where they have none.
    """

    unreadable: tuple[str, ...]

    def __new__(cls, devices: Iterable[Device] = (), unreadable: Iterable[str] = ()) -> Self:
        """Keep the devices, and what was left out."""
        self = super().__new__(cls, devices)
        self.unreadable = tuple(unreadable)
        return self


class SessionStatus(Model):
    """``GET /status``: the live state of one device (WUTS reference, Status).

    ``connected`` is the one sign that the device can send; ``status`` is ``connected``,
    ``connecting`` or ``disconnected``.
    """

    connected: bool
    status: ShownText = ""
    device_id: OptionalText = None
    jid: OptionalText = Field(default=None, repr=False)
    linked_phone: ShownText | None = Field(default=None, alias="phone_number", repr=False)
    is_logged_in: bool
    last_seen: OptionalTime = None

    @property
    def ready(self) -> bool:
        """Whether the device is connected and logged in: a pairing is done only then."""
        return self.connected and self.is_logged_in

    @property
    def connecting(self) -> bool:
        """Whether the gateway says that the session is being opened."""
        return self.status.casefold() == "connecting"

    @property
    def has_credentials(self) -> bool:
        """Whether the gateway still holds a phone's credentials, connected or not."""
        return self.is_logged_in or self.jid is not None

    @property
    def phone_number(self) -> str | None:
        """The linked phone's digits with country code, or None when no phone is linked."""
        return linked_number(self.linked_phone, self.jid)


class QrCode(Model):
    """``GET /qr``: a QR to be scanned (WUTS guide and reference, QR code).

    ``answered_at`` is the answer's own ``Date``, in the gateway's clock. No page shows
    ``device_id`` here; if a gateway sends one, it is checked.
    """

    device_id: ShownText = ""
    qr_code: OptionalText = Field(default=None, repr=False)
    image: OptionalText = Field(default=None, repr=False)
    cached: bool = False
    expires_at: OptionalTime = None
    ttl: float | None = Field(default=None, allow_inf_nan=False)
    answered_at: OptionalTime = None

    @property
    def lifetime(self) -> float:
        """Seconds the code still had to live when it was sent.

        From ``ttl``, which needs no clock; else ``expires_at`` against the answer's own ``Date``,
        so that a gateway whose clock is off does no harm; else 30 s. Between 0 and 120 s.
        """
        seconds = self._told_lifetime()
        if seconds is None:
            seconds = QR_DEFAULT_LIFETIME
        return min(max(seconds, 0.0), QR_LONGEST_LIFETIME)

    @property
    def tells_lifetime(self) -> bool:
        """Whether the gateway said how long the code lives."""
        return self._told_lifetime() is not None

    def _told_lifetime(self) -> float | None:
        if self.ttl is not None:
            return self.ttl
        if self.expires_at and self.answered_at:
            return (self.expires_at - self.answered_at).total_seconds()
        return None


class QrStatus(Model):
    """``GET /qr/status``: whether a QR is still alive; false once expired or never generated."""

    device_id: ShownText = ""
    exists: bool
    generated_at: OptionalTime = None


class PairCode(Model):
    """``POST /paircode``: a code to type on the phone (WUTS reference, Pair code).

    ``expires_in`` is in seconds; ``instructions`` are the gateway's own, in Portuguese.
    """

    device_id: ShownText = ""
    code: str = Field(min_length=1, max_length=32, repr=False)
    phone: Text = Field(default="", repr=False)
    expires_in: float = Field(default=CODE_DEFAULT_LIFETIME, allow_inf_nan=False)
    cached: bool = False
    instructions: OptionalText = Field(default=None, repr=False)

    @property
    def lifetime(self) -> float:
        """Seconds the code still has to live, between 0 and 300."""
        return min(max(self.expires_in, 0.0), CODE_DEFAULT_LIFETIME)


class ConnectResult(Model):
    """``POST /connect``: ``needs_qr`` means that the phone unlinked the device: pair it again."""

    status: Text = ""
    device_id: OptionalText = None
    needs_qr: bool


class Acknowledgement(Model):
    """The gateway did as asked: ``/disconnect``, ``/logout`` or ``DELETE /devices/{id}``."""

    message: Text = ""
    device_id: OptionalText = None


class ContactCheck(Model):
    """``POST /contact/check``: for each number's digits, as they were asked for, the answer.

    True or False for a number that is on WhatsApp or not; None if the gateway did not say.
    """

    results: dict[str, bool | None] = Field(repr=False)

    @classmethod
    def answered(cls, asked: Iterable[str], told: Mapping[str, bool | None]) -> Self:
        """Return what an answer says of each number that was asked for."""
        return cls(results={number: _told_of(number, told) for number in asked})


def _told_of(number: str, told: Mapping[str, bool | None]) -> bool | None:
    """WhatsApp may spell a number otherwise than we asked for it."""
    if told.get(number) is not None:
        return told[number]
    for other, found in told.items():
        if found is not None and same_number(number, linked_number(other, None) or ""):
            return found
    return None


class Sender(Model):
    """The ``metadata`` of a sent message."""

    device_id: OptionalText = None


class SentMessage(Model):
    """``POST /send/…``: the gateway accepted the message.

    A large video or sound may be queued first: then there is a ``job_id``, and no ``message_id``
    yet. No page says how to ask for the job.
    """

    message_id: Text = ""
    job_id: OptionalText = None
    status: Text = ""
    timestamp: OptionalTime = None
    chat_jid: OptionalText = Field(default=None, repr=False)
    metadata: Sender | None = None

    @property
    def queued(self) -> bool:
        """Whether the gateway is still working on it."""
        return not self.message_id


class Webhook(Model):
    """``GET`` and ``POST /webhook``: the device's one webhook (WUTS reference, Webhooks).

    No page shows ``device_id`` here; if a gateway sends one, it is checked.
    """

    id: OptionalText = None
    device_id: ShownText = ""
    webhook_url: Text = Field(default="", repr=False)
    enabled_events: tuple[str, ...] = ()
    enabled: bool = True
    retry_attempts: int | None = None
    timeout: float | None = None
    headers: dict[str, str] | None = Field(default=None, repr=False)
