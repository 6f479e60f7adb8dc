"""The whole gateway as plain state, with the verbs that steer it."""

from collections.abc import Collection
from random import Random, SystemRandom
from typing import override

from .adversary import Adversary
from .answers import rfc3339
from .clock import Clock
from .codes import make_message_id
from .contract import EventName
from .device import Device, DeviceState, Session
from .errors import ConflictError, InvalidError
from .faults import Faults
from .messages import Message
from .mischief import Mischief
from .phone_numbers import parse_phone_number, user_jid
from .phones import Phones
from .registry import Registry
from .request_log import RequestLog
from .sessions import Sessions
from .settings import Settings

CONTACT_NAMES = frozenset({"full_name", "first_name", "push_name", "business_name"})

_FIRST_PHONE = 5511900000000


class World(Phones):
    """A gateway without its wires. Nothing in it waits; time comes from its clock.

    The verbs raise `UnknownError` for a device, tenant or token that does not exist, and
    `InvalidError` for an argument that makes no sense.

    Args:
        settings: Life times and tokens.
        clock: With a `ManualClock` time stands still until `advance`.

    Attributes:
        registry: Tenants, tokens and devices.
        sessions: What the gateway does with a device.
        faults: What the gateway does wrong.
        requests: Counts what clients asked.
        messages: What was sent through it.
        known_numbers: Numbers on WhatsApp though no device here is linked to them.
        adversary: Who makes the gateway misbehave; None while it behaves.
    """

    def __init__(self, settings: Settings | None = None, clock: Clock | None = None) -> None:
        self.settings = settings or Settings()
        self.clock = clock or Clock()
        seed = self.settings.adversary if self.settings.seed is None else self.settings.seed
        self.random = SystemRandom() if seed is None else Random(seed)  # noqa: S311 - for tests
        self.registry = Registry(self.random)
        self.sessions = Sessions(self.settings, self.clock, self.random)
        self.faults = Faults()
        self.requests = RequestLog()
        self.messages: list[Message] = []
        self.known_numbers: set[str] = set()
        self._down_until = self.clock.monotonic()
        self._phones = 0
        self.adversary: Adversary | None = None
        if self.settings.adversary is not None:
            self.misbehave(self.settings.adversary, period=self.settings.adversary_period)

    @property
    def is_down(self) -> bool:
        """Whether the gateway answers 503 to everything."""
        return self.down_for() > 0

    def down_for(self) -> float:
        """Return the seconds until the gateway answers again, 0 when it does."""
        return max(0.0, self._down_until - self.clock.monotonic())

    def is_on_whatsapp(self, digits: str) -> bool:
        """Return whether a number is on WhatsApp: linked here, registered, or even."""
        if digits in self.sessions.linked or digits in self.known_numbers:
            return True
        return int(digits) % 2 == 0

    def advance(self, seconds: float) -> None:
        """Let that many seconds pass at once, with all that happens in them."""
        if seconds < 0:
            raise InvalidError("time does not run backwards")
        self.clock.advance(seconds)
        self.sessions.settle()

    def add_tenant(self, name: str, *tokens: str) -> None:
        """Make a tenant or add tokens to one; ``home/eve:admin`` is the admin eve of home."""
        self.registry.add_tenant(name, tokens)

    def revoke_token(self, token: str) -> None:
        """Refuse a token from now on."""
        self.registry.revoke_token(token)

    def add_device(
        self,
        tenant: str = "home",
        name: str | None = None,
        *,
        state: DeviceState | str = DeviceState.NEVER_PAIRED,
        phone: str | None = None,
    ) -> Device:
        """Create a device of a tenant (``home``) or of a user of one (``home/eve``)."""
        if state not in set(DeviceState):
            raise InvalidError(f"state must be one of {', '.join(DeviceState)}")
        number = parse_phone_number(phone) if phone is not None else self._next_phone()
        user = self.registry.user(tenant)
        default = f"Device {len(user.tenant.devices) + 1}"
        now = self.sessions.calendar()
        device = self.registry.add_device(user, name or default, now)
        if state in {DeviceState.CONNECTED, DeviceState.DISCONNECTED}:
            self.sessions.store_credentials(device, number)
        if state != DeviceState.NEVER_PAIRED:
            device.last_seen = now
        if state == DeviceState.CONNECTED:
            device.open_session(now)
        return device

    def add_devices(
        self,
        tenant: str,
        count: int,
        name: str = "Device",
        *,
        state: DeviceState | str = DeviceState.NEVER_PAIRED,
    ) -> list[Device]:
        """Create many devices with numbered names, each with a phone number of its own."""
        return [
            self.add_device(tenant, f"{name} {number}", state=state)
            for number in range(1, count + 1)
        ]

    def restart(self, *, down_for: float = 0.0, drop_share: float = 1.0) -> None:
        """Restart the gateway: it forgets codes, keeps credentials and sends no webhook.

        Args:
            down_for: Seconds in which everything is answered 503.
            drop_share: The part of the sessions that stays down afterwards, from 0 to 1.
        """
        if not 0 <= drop_share <= 1:
            raise InvalidError("drop_share must be from 0 to 1")
        self.break_for(down_for)
        live = [d for d in self.registry.devices.values() if d.session is not Session.DISCONNECTED]
        dropped = set(self.random.sample(live, round(drop_share * len(live))))
        for device in self.registry.devices.values():
            self.sessions.lose_memory(device, drop=device in dropped)

    def break_for(self, seconds: float) -> None:
        """Answer everything with 503 for a while; 0 fixes it at once."""
        if seconds < 0:
            raise InvalidError("seconds must not be negative")
        self._down_until = self.clock.monotonic() + seconds

    def misbehave(
        self, seed: int, *, period: float = 10.0, kinds: Collection[Mischief] | None = None
    ) -> None:
        """Misbehave at random until `behave`.

        Args:
            seed: Where all chance comes from.
            period: How long each bad period lasts, in seconds.
            kinds: What may happen; everything unless given.
        """
        if period <= 0:
            raise InvalidError("period must be positive")
        self.adversary = Adversary(self, seed, period=period, kinds=kinds)

    def behave(self) -> None:
        """Be a good gateway again. What has happened to the devices meanwhile stays."""
        self.adversary = None
        self.break_for(0)

    @override
    def device(self, device_id: str) -> Device:
        """Return a device as it is now."""
        self.sessions.settle()
        return self.registry.device(device_id)

    def drop(self, device_id: str) -> None:
        """Drop the session; the credentials stay.

        Raises:
            ConflictError: There is no session.
        """
        device = self.device(device_id)
        if device.session is Session.DISCONNECTED:
            raise ConflictError("the device has no session")
        self.sessions.close(device)

    def restore(self, device_id: str) -> None:
        """Bring the session back without a ``/connect``.

        Raises:
            ConflictError: No phone is linked.
        """
        device = self._linked_device(device_id)
        if not device.is_connected:
            self.sessions.open(device)

    def receive(  # noqa: PLR0913 - all but the first are named by the caller
        self,
        device_id: str,
        phone: str,
        text: str,
        *,
        name: str = "",
        group: str | None = None,
        kind: str = "text",
        from_me: bool = False,
    ) -> str:
        """Let a message reach the device and its webhook; return the message's id.

        Args:
            device_id: The device.
            phone: Who wrote it: a phone number, or the JID of a hidden one (``…@lid``).
            text: The text, or the caption.
            name: What the sender calls themselves.
            group: The JID of the group that it was written in, if any.
            kind: What it is, such as ``text`` or ``image``.
            from_me: Whether the device itself sent it, from its phone.

        Raises:
            ConflictError: The device is not connected.
        """
        device = self.device(device_id)
        sender = phone if phone.endswith("@lid") else user_jid(parse_phone_number(phone))
        if not device.is_connected:
            raise ConflictError("the device is not connected")
        data = {
            "message_id": make_message_id(self.random),
            "from": sender,
            "to": group or device.jid,
            "content": text,
            "message_type": kind,
            "timestamp": rfc3339(self.sessions.calendar()),
            "is_from_me": from_me,
            "push_name": name,
        }
        self.sessions.hooks.on_event(device, EventName.MESSAGE_RECEIVED, data)
        return str(data["message_id"])

    def add_group(self, device_id: str, name: str) -> str:
        """Let the device be in a group, and return the group's JID."""
        jid = f"{self.random.randrange(10**17, 10**18)}@g.us"
        self.device(device_id).groups[jid] = name
        return jid

    def add_contact(self, device_id: str, who: str, **names: str | None) -> str:
        """Let the device's phone know somebody, and return the contact's JID.

        Args:
            device_id: The device.
            who: A phone number, or the JID of somebody whose number is hidden (``…@lid``).
            names: Any of ``full_name``, ``first_name``, ``push_name`` and ``business_name``.
        """
        if unknown := names.keys() - CONTACT_NAMES:
            raise InvalidError(f"no such name of a contact: {min(unknown)}")
        jid = who if who.endswith("@lid") else user_jid(parse_phone_number(who))
        self.device(device_id).contacts[jid] = names
        return jid

    def remove(self, device_id: str) -> None:
        """Delete the device's record, without an event."""
        device = self.device(device_id)
        self.sessions.forget(device)
        self.registry.remove_device(device)

    def _next_phone(self) -> str:
        self._phones += 1
        return str(_FIRST_PHONE + self._phones)
