"""What somebody does with the phone in their hand, as verbs of the world."""

from enum import StrEnum

from .clock import Clock
from .codes import same_code
from .device import Device
from .errors import ConflictError, ExpiredError, InvalidError
from .phone_numbers import parse_phone_number
from .sessions import Sessions


class Then(StrEnum):
    """What happens to a QR that was scanned, or a code that was typed."""

    LINKS = "links"
    """The phone is linked."""
    PASSKEY = "passkey"
    """The phone asks for a passkey: the code is used, and nothing more comes."""
    REFUSED = "refused"
    """WhatsApp refuses the phone, which may have four linked devices already."""
    OFFLINE = "offline"
    """The phone is linked and goes offline at once: the session does not come up."""
    DROPS = "drops"
    """The phone is linked, and the link is dropped soon after it came up."""


class Phones:
    """The verbs of a phone; `World` is one.

    Attributes:
        clock: Where the time comes from.
        sessions: What the gateway does with a device.
    """

    clock: Clock
    sessions: Sessions

    def device(self, device_id: str) -> Device:
        """Return a device as it is now."""
        raise NotImplementedError

    def scan(self, payload: str, phone: str, then: Then | str = Then.LINKS) -> Device:
        """Scan a QR with a phone, which links the device that shows it unless ``then`` differs.

        Raises:
            ExpiredError: The QR is too old, replaced or used.
        """
        number, follows = parse_phone_number(phone), _parse_then(then)
        self.sessions.settle()
        device = self.sessions.find_scannable(payload)
        if device is None:
            raise ExpiredError
        self._use(device, number, follows, by_code=False)
        return device

    def scan_device(self, device_id: str, phone: str, then: Then | str = Then.LINKS) -> Device:
        """Scan whatever QR the device shows now.

        Raises:
            ConflictError: It shows none.
        """
        qr = self.device(device_id).valid_qr(self.clock.monotonic())
        if qr is None:
            raise ConflictError("the device shows no QR")
        return self.scan(qr.payload, phone, then)

    def scan_expired(self, device_id: str, phone: str) -> Device:
        """Scan a QR of the device that is no longer good, which only the phone knows of.

        Raises:
            ExpiredError: As the phone says.
            ConflictError: The device has had no other QR than the present one.
        """
        payload = self.device(device_id).old_qr(self.clock.monotonic())
        if payload is None:
            raise ConflictError("the device has no expired QR")
        return self.scan(payload, phone)

    def enter_code(
        self, device_id: str, code: str, phone: str | None = None, then: Then | str = Then.LINKS
    ) -> Device:
        """Type a pair code, on the phone it was requested for unless another is named.

        Raises:
            ExpiredError: The device has no code that is still alive.
        """
        device, follows = self.device(device_id), _parse_then(then)
        present = device.valid_code(self.clock.monotonic())
        if present is None:
            raise ExpiredError
        if not same_code(code, present.code):
            raise InvalidError("wrong code")
        number = present.phone if phone is None else parse_phone_number(phone)
        self._use(device, number, follows, by_code=True)
        return device

    def create_passkey(self, device_id: str) -> None:
        """Create the passkey that the phone asks for, which links it.

        Raises:
            ConflictError: It asks for none.
        """
        device = self.device(device_id)
        self.sessions.begin_pairing(device, self._passkey_phone(device))

    def give_up(self, device_id: str) -> None:
        """Close what asks for a passkey: nothing is linked, and the gateway is not told.

        Raises:
            ConflictError: It asks for none.
        """
        device = self.device(device_id)
        self._passkey_phone(device)
        device.passkey_phone = None

    def come_online(self, device_id: str) -> None:
        """Bring the phone back online, and its link up.

        Raises:
            ConflictError: It is not offline.
        """
        device = self.device(device_id)
        if not device.phone_is_offline:
            raise ConflictError("the phone is not offline")
        self.sessions.open(device)

    def unlink(self, device_id: str) -> None:
        """Unlink the device on the phone: the gateway loses the credentials.

        Raises:
            ConflictError: No phone is linked.
        """
        self.sessions.log_out(self._linked_device(device_id))

    def _use(self, device: Device, number: str, then: Then, *, by_code: bool) -> None:
        match then:
            case Then.PASSKEY:
                self.sessions.ask_passkey(device, number, by_code=by_code)
            case Then.REFUSED:
                self.sessions.refuse_pairing(device)
            case Then.OFFLINE:
                self.sessions.link_offline(device, number)
            case _:
                self.sessions.begin_pairing(device, number, drops=then is Then.DROPS)

    def _passkey_phone(self, device: Device) -> str:
        if device.passkey_phone is None:
            raise ConflictError("the phone asks for no passkey")
        return device.passkey_phone

    def _linked_device(self, device_id: str) -> Device:
        device = self.device(device_id)
        if device.jid is None:
            raise ConflictError("no phone is linked to the device")
        return device


def _parse_then(then: Then | str) -> Then:
    """Return what follows.

    Raises:
        InvalidError: There is no such thing.
    """
    if then not in set(Then):
        raise InvalidError(f"then must be one of {', '.join(Then)}")
    return Then(then)
