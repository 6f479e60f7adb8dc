"""What a phone, the network or a hand can do to one device."""

from .device import Device, Session
from .errors import ConflictError, ExpiredError, InvalidError
from .pair_code import same_code
from .phone_numbers import parse_phone_number
from .registry import Registry
from .sessions import Sessions


class DeviceVerbs:
    """The verbs about one device.

    Attributes:
        registry: Tenants, tokens and devices.
        sessions: What the gateway does with a device.
    """

    def __init__(self, registry: Registry, sessions: Sessions) -> None:
        self.registry = registry
        self.sessions = sessions

    def device(self, device_id: str) -> Device:
        """Return a device as it is now.

        Raises:
            UnknownError: There is none of that id.
        """
        self.sessions.settle()
        return self.registry.device(device_id)

    def scan(self, payload: str, phone: str) -> Device:
        """Scan a QR with a phone: the device that shows it is linked to that phone.

        Raises:
            ExpiredError: It is not a present QR: too old, replaced or used.
            InvalidError: The phone number is none.
        """
        number = parse_phone_number(phone)
        self.sessions.settle()
        device = self.sessions.find_scannable(payload)
        if device is None:
            raise ExpiredError
        self.sessions.begin_pairing(device, number)
        return device

    def scan_device(self, device_id: str, phone: str) -> Device:
        """Scan whatever QR the device shows now.

        Raises:
            ConflictError: It shows none.
            InvalidError: The phone number is none.
            UnknownError: There is no such device.
        """
        qr = self.device(device_id).valid_qr(self.sessions.clock.monotonic())
        if qr is None:
            raise ConflictError("the device shows no QR")
        return self.scan(qr.payload, phone)

    def enter_code(self, device_id: str, code: str, phone: str | None = None) -> Device:
        """Type a pair code, on the phone it was asked for unless another is named.

        Raises:
            ExpiredError: The device has no code that is still alive.
            InvalidError: The code is another one, or the phone number is none.
            UnknownError: There is no such device.
        """
        device = self.device(device_id)
        present = device.valid_code(self.sessions.clock.monotonic())
        if present is None:
            raise ExpiredError
        if not same_code(code, present.code):
            raise InvalidError("wrong code")
        number = present.phone if phone is None else parse_phone_number(phone)
        self.sessions.begin_pairing(device, number)
        return device

    def unlink(self, device_id: str) -> None:
        """Unlink the device on the phone: the gateway loses the credentials.

        Raises:
            ConflictError: No phone is linked.
            UnknownError: There is no such device.
        """
        device = self.device(device_id)
        if device.jid is None:
            raise ConflictError("no phone is linked to the device")
        self.sessions.log_out(device)

    def drop(self, device_id: str) -> None:
        """Let the session drop; the credentials stay.

        Raises:
            ConflictError: There is no session.
            UnknownError: There is no such device.
        """
        device = self.device(device_id)
        if device.session is Session.DISCONNECTED:
            raise ConflictError("the device has no session")
        self.sessions.close(device)

    def restore(self, device_id: str) -> None:
        """Let the session come back by itself.

        Raises:
            ConflictError: No phone is linked.
            UnknownError: There is no such device.
        """
        device = self.device(device_id)
        if device.jid is None:
            raise ConflictError("no phone is linked to the device")
        if not device.is_connected:
            self.sessions.open(device)

    def remove(self, device_id: str) -> None:
        """Let the device's record vanish, silently.

        Raises:
            UnknownError: There is no such device.
        """
        device = self.device(device_id)
        self.sessions.forget(device)
        self.registry.remove_device(device)
