"""Names a device in a button: account and id."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class DeviceRef:
    """A device of an account.

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
