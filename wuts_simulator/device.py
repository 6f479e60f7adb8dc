"""Tenants, their users and their devices. None has a clock: the time comes as an argument."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from .codes import PairCode, QrCode
from .errors import InvalidError
from .phone_numbers import number_of, user_jid
from .webhook_config import WebhookConfig

_DEFAULT_USER = "owner"


class Session(StrEnum):
    """The three states of ``/status``."""

    CONNECTED = "connected"
    CONNECTING = "connecting"
    DISCONNECTED = "disconnected"


class DeviceState(StrEnum):
    """The states that a device can be created in."""

    NEVER_PAIRED = "never_paired"
    CONNECTED = "connected"
    DISCONNECTED = "disconnected"
    LOGGED_OUT = "logged_out"


class Role(StrEnum):
    """What a token may do (WUTS reference, Authentication).

    An admin sees and deletes every device of the tenant. A manager sees them all and deletes its
    own. A user sees its own only.
    """

    ADMIN = "admin"
    MANAGER = "manager"
    USER = "user"


@dataclass(slots=True, eq=False)
class User:
    """One user of a tenant.

    Attributes:
        id: The contract's ``user_id``.
        name: The user's name in the simulator.
        tenant: Where the user belongs.
        tokens: The tokens that stand for the user; secrets.
        role: What the user may do.
        webhook: Where the events of the user's new devices go.
    """

    id: str
    name: str
    tenant: Tenant = field(repr=False)
    tokens: set[str] = field(default_factory=set, repr=False)
    role: Role = Role.MANAGER
    webhook: WebhookConfig | None = field(default=None, repr=False)

    def sees(self, device: Device) -> bool:
        """Return whether a device of the tenant is the user's to see."""
        return self.role is not Role.USER or device.user is self

    def may_delete(self, device: Device) -> bool:
        """Return whether a device of the tenant is the user's to delete."""
        return self.role is Role.ADMIN or device.user is self


@dataclass(slots=True, eq=False)
class Tenant:
    """One tenant: it sees its own devices and no others.

    Attributes:
        name: Its name in the simulator.
        users: Its users by name.
        devices: Its devices by id, oldest first.
    """

    name: str
    users: dict[str, User] = field(default_factory=dict, repr=False)
    devices: dict[str, Device] = field(default_factory=dict, repr=False)

    def first_device_of(self, user: User) -> Device | None:
        """Return the user's oldest device."""
        return next((device for device in self.devices.values() if device.user is user), None)


def split_user(name: str) -> tuple[str, str]:
    """Return tenant and user of ``tenant``, ``tenant/user`` or ``tenant/user:role``."""
    tenant, _, user = name.partition(":")[0].partition("/")
    return tenant, user or _DEFAULT_USER


def parse_role(name: str) -> Role | None:
    """Return the role in ``tenant/user:role``, or None without one.

    Raises:
        InvalidError: There is no such role.
    """
    role = name.partition(":")[2]
    if role and role not in set(Role):
        raise InvalidError(f"a role is one of {', '.join(Role)}")
    return Role(role) if role else None


@dataclass(slots=True, eq=False)
class Device:
    """One device slot of a tenant.

    Attributes:
        id: Its id in the contract.
        user: Its owner.
        name: Its name.
        created_at: When it was created.
        updated_at: When anything in its record changed.
        session: The state of its session.
        jid: The linked account; None without credentials.
        last_seen: When its session was last known to be up.
        connected_due: When ``connecting`` ends, in seconds of the interval timer.
        drops: Whether the phone unlinks the device soon after the session is up.
        drop_due: When it does.
        passkey_phone: The phone that asks for a passkey; None while none does.
        passkey_by_code: Whether that was after a code, and not after a QR.
        phone_is_offline: Whether the phone went offline before the session came up.
        qr: The newest QR, perhaps expired.
        replaced_qr: The payload of the one before.
        generation: How many QRs this pairing has had.
        code: The newest pair code, perhaps expired.
        webhook: Where its events go.
        groups: The names of the groups it is in, by JID.
        contacts: The names of the people its phone knows, by JID.
        fragment: Its rendered entry in ``GET /devices``; None once it has changed.
    """

    id: str
    user: User = field(repr=False)
    name: str = field(repr=False)
    created_at: datetime = field(repr=False)
    updated_at: datetime = field(repr=False)
    session: Session = Session.DISCONNECTED
    jid: str | None = field(default=None, repr=False)
    last_seen: datetime | None = field(default=None, repr=False)
    connected_due: float | None = field(default=None, repr=False)
    drops: bool = False
    drop_due: float | None = field(default=None, repr=False)
    passkey_phone: str | None = field(default=None, repr=False)
    passkey_by_code: bool = False
    phone_is_offline: bool = False
    qr: QrCode | None = field(default=None, repr=False)
    replaced_qr: str | None = field(default=None, repr=False)
    generation: int = field(default=0, repr=False)
    code: PairCode | None = field(default=None, repr=False)
    webhook: WebhookConfig | None = field(default=None, repr=False)
    groups: dict[str, str] = field(default_factory=dict, repr=False)
    contacts: dict[str, dict[str, str | None]] = field(default_factory=dict, repr=False)
    fragment: bytes | None = field(default=None, repr=False)

    @property
    def phone(self) -> str | None:
        """The linked phone number, digits only."""
        return None if self.jid is None else number_of(self.jid)

    @property
    def is_connected(self) -> bool:
        """Whether the session is up, so that it can send."""
        return self.session is Session.CONNECTED

    @property
    def shown_session(self) -> Session:
        """What ``/status`` tells: while a typed code waits for a passkey, that it connects."""
        waits = self.passkey_phone is not None and self.passkey_by_code
        return Session.CONNECTING if waits else self.session

    def old_qr(self, now: float) -> str | None:
        """Return the payload of a QR that a phone can no longer scan, or None."""
        if self.qr is not None and not self.qr.is_valid(now):
            return self.qr.payload
        return self.replaced_qr

    def valid_qr(self, now: float) -> QrCode | None:
        """Return the QR that a phone can scan now."""
        return self.qr if self.qr is not None and self.qr.is_valid(now) else None

    def valid_code(self, now: float) -> PairCode | None:
        """Return the code that can be typed now."""
        return self.code if self.code is not None and self.code.is_valid(now) else None

    def forget_codes(self) -> None:
        """Drop the QR and the code: they were used, or the gateway restarted."""
        self.qr = None
        self.code = None
        self.passkey_phone = None
        self.replaced_qr = None
        self.generation = 0

    def link(self, phone: str, at: datetime) -> None:
        """Store the credentials of a phone."""
        self.jid = user_jid(phone)
        self.forget_codes()
        self.changed(at)

    def begin_session(self, at: datetime, due: float | None) -> None:
        """Start to connect, until ``due`` or until someone calls `open_session`."""
        self.session = Session.CONNECTING
        self.connected_due = due
        self.changed(at)

    def open_session(self, at: datetime) -> None:
        """Be connected."""
        self.session = Session.CONNECTED
        self.phone_is_offline = False
        self.connected_due = None
        self.last_seen = at
        self.changed(at)

    def close_session(self, at: datetime) -> None:
        """Be disconnected; the credentials stay."""
        if self.is_connected:
            self.last_seen = at
        self.session = Session.DISCONNECTED
        self.phone_is_offline = self.drops = False
        self.connected_due = self.drop_due = None
        self.changed(at)

    def forget_credentials(self, at: datetime) -> None:
        """Be unlinked: the session ends and the device must be paired again."""
        self.close_session(at)
        self.forget_codes()
        self.jid = None

    def changed(self, at: datetime) -> None:
        """Note that the record has changed."""
        self.updated_at = at
        self.fragment = None
