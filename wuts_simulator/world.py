"""The whole gateway as plain state, with the verbs of whoever steers it: a test or a person."""

from .clock import Clock, SystemClock
from .device import Device, DeviceState, Session
from .device_verbs import DeviceVerbs
from .errors import InvalidError
from .faults import Faults
from .ids import make_random
from .messages import Message
from .phone_numbers import parse_phone_number
from .registry import Registry
from .request_log import RequestLog
from .sessions import Sessions
from .settings import Settings

_FIRST_PHONE = 5511900000000


class World(DeviceVerbs):
    """A gateway without its wires. Nothing in it waits; time comes from its clock.

    Args:
        settings: Life times and tokens.
        clock: A `ManualClock` makes time stand still until `advance`.

    Attributes:
        registry: Tenants, tokens and devices.
        sessions: What the gateway does with a device.
        faults: What it shall do wrong.
        requests: What it was asked.
        messages: What was sent through it.
        known_numbers: Numbers that are on WhatsApp though no device here is linked to them.
    """

    def __init__(self, settings: Settings | None = None, clock: Clock | None = None) -> None:
        self.settings = settings or Settings()
        self.clock = clock or SystemClock()
        self.random = make_random(self.settings.seed)
        sessions = Sessions(self.settings, self.clock, self.random)
        super().__init__(Registry(self.random), sessions)
        self.faults = Faults()
        self.requests = RequestLog()
        self.messages: list[Message] = []
        self.known_numbers: set[str] = set()
        self._down_until = self.clock.monotonic()
        self._phones = 0

    @property
    def is_down(self) -> bool:
        """Whether the gateway answers 503 to everything."""
        return self.down_for() > 0

    def down_for(self) -> float:
        """Return the seconds until the gateway answers again, 0 when it does."""
        return max(0.0, self._down_until - self.clock.monotonic())

    def advance(self, seconds: float) -> None:
        """Let that many seconds pass at once, with all that happens in them."""
        if seconds < 0:
            raise InvalidError("time does not run backwards")
        self.clock.advance(seconds)
        self.sessions.settle()

    def add_tenant(self, name: str, *tokens: str) -> None:
        """Make a tenant or add tokens to one; ``home/eve`` is the user eve of the tenant home.

        Raises:
            InvalidError: There is no name, or a token belongs to someone else.
        """
        self.registry.add_tenant(name, tokens)

    def revoke_token(self, token: str) -> None:
        """Refuse a token from now on.

        Raises:
            UnknownError: There is no such token.
        """
        self.registry.revoke_token(token)

    def add_device(
        self,
        tenant: str = "home",
        name: str | None = None,
        *,
        state: DeviceState | str = DeviceState.NEVER_PAIRED,
        phone: str | None = None,
    ) -> Device:
        """Make one device of a tenant (``home``) or of a user of one (``home/eve``).

        Raises:
            InvalidError: The state or the phone number is none.
            UnknownError: There is no such tenant.
        """
        known = _parse_state(state)
        number = parse_phone_number(phone) if phone is not None else self._next_phone()
        user = self.registry.user(tenant)
        default = f"Device {len(user.tenant.devices) + 1}"
        device = self.registry.add_device(user, name or default, self.sessions.calendar())
        if known in {DeviceState.CONNECTED, DeviceState.DISCONNECTED}:
            self.sessions.store_credentials(device, number)
        if known is not DeviceState.NEVER_PAIRED:
            device.last_seen = self.sessions.calendar()
        if known is DeviceState.CONNECTED:
            device.open_session(self.sessions.calendar())
        return device

    def add_devices(
        self,
        tenant: str,
        count: int,
        name: str = "Device",
        *,
        state: DeviceState | str = DeviceState.NEVER_PAIRED,
    ) -> list[Device]:
        """Make many devices, named with a running number, each with a phone number of its own.

        Raises:
            InvalidError: The state is none.
            UnknownError: There is no such tenant.
        """
        return [
            self.add_device(tenant, f"{name} {number}", state=state)
            for number in range(1, count + 1)
        ]

    def restart(self, *, down_for: float = 0.0, drop_share: float = 1.0) -> None:
        """Restart the gateway: codes are forgotten, credentials stay, no webhook is sent.

        Args:
            down_for: Seconds in which everything is answered 503.
            drop_share: The part of the sessions that is not up again afterwards, from 0 to 1.

        Raises:
            InvalidError: A number makes no sense.
        """
        if not 0 <= drop_share <= 1:
            raise InvalidError("drop_share must be from 0 to 1")
        self.break_for(down_for)
        live = [d for d in self.registry.devices.values() if d.session is not Session.DISCONNECTED]
        dropped = set(self.random.sample(live, round(drop_share * len(live))))
        for device in self.registry.devices.values():
            self.sessions.lose_memory(device, drop=device in dropped)

    def break_for(self, seconds: float) -> None:
        """Answer everything with 503 for a while; 0 mends it at once.

        Raises:
            InvalidError: The time is negative.
        """
        if seconds < 0:
            raise InvalidError("seconds must not be negative")
        self._down_until = self.clock.monotonic() + seconds

    def is_on_whatsapp(self, digits: str) -> bool:
        """Tell whether a number is on WhatsApp: linked here, registered, or else if it is even."""
        if digits in self.sessions.linked or digits in self.known_numbers:
            return True
        return int(digits) % 2 == 0

    def _next_phone(self) -> str:
        self._phones += 1
        return str(_FIRST_PHONE + self._phones)


def _parse_state(state: DeviceState | str) -> DeviceState:
    if state not in set(DeviceState):
        raise InvalidError(f"state must be one of {', '.join(DeviceState)}")
    return DeviceState(state)
