"""A device as the app shows it, and its name in a button."""

from dataclasses import dataclass, field
from typing import Self

from wuts.supervisor import Device, DeviceState, PhoneQuestion

_CONTRADICTED = {DeviceState.CONNECTED, DeviceState.NEVER_PAIRED, DeviceState.NEEDS_PAIRING}
"""States that a look may contradict before ``/status`` decides."""


@dataclass(frozen=True, slots=True)
class DeviceRef:
    """Names a device of an account.

    Attributes:
        account: The account's name; it has no space.
        device_id: The gateway's id.
    """

    account: str
    device_id: str

    def __str__(self) -> str:
        """Return what `parse` reads."""
        return f"{self.account} {self.device_id}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what ``str`` wrote."""
        account, _, device_id = text.partition(" ")
        return cls(account, device_id)


@dataclass(frozen=True, slots=True)
class Line:
    """A device as a status shows it.

    Attributes:
        account: Its account's name.
        device: What the supervisor knows about it.
        number: The digits of the phone that is linked, or is to be linked again, or None.
    """

    account: str
    device: Device
    number: str | None = field(default=None, repr=False)

    @property
    def id(self) -> str:
        """The gateway's id."""
        return self.device.id

    @property
    def name(self) -> str:
        """The gateway's name for it."""
        return self.device.name

    @property
    def ref(self) -> DeviceRef:
        """Its name in a button."""
        return DeviceRef(self.account, self.device.id)

    @property
    def question(self) -> PhoneQuestion | None:
        """What somebody must answer about its phone, or None."""
        return self.device.phone_question

    @property
    def is_being_checked(self) -> bool:
        """Whether nobody knows what it is: the last look contradicts what was known before."""
        return self.device.in_doubt and self.device.state in _CONTRADICTED

    @property
    def is_connected(self) -> bool:
        """Whether it can send."""
        return self.device.state is DeviceState.CONNECTED and not self.is_being_checked
