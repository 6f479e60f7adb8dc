"""What is wrong with many devices of an account at once. No I/O."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..events import AlertKind


@dataclass(frozen=True, slots=True)
class AccountTrouble:
    """A trouble of an account that began or ended; one that ends without having begun is none."""

    kind: AlertKind
    is_on: bool


class Troubles:
    """The devices that are missing with most others, and those that got another's answers.

    Attributes:
        wrong: Devices whose last answer named another device.
        missing: Devices that vanished with most others.
    """

    def __init__(self) -> None:
        self.wrong: set[str] = set()
        self.missing: set[str] = set()
        self._most_missing = 0
        self._is_wrong_over = False

    def answered_wrong(self, device_id: str) -> list[AccountTrouble]:
        """Take in that an answer about a device named another."""
        self.wrong.add(device_id)
        self._is_wrong_over = False
        return [AccountTrouble(AlertKind.WRONG_DEVICE, is_on=True)]

    def answered_right(self, device_id: str) -> list[AccountTrouble]:
        """Take in that an answer about a device named no other."""
        self.wrong.discard(device_id)
        if self.wrong or self._is_wrong_over:
            return []
        # The first time that is told in any case: an earlier process may have left an alert.
        self._is_wrong_over = True
        return [AccountTrouble(AlertKind.WRONG_DEVICE, is_on=False)]

    def vanished(self, device_ids: Iterable[str]) -> list[AccountTrouble]:
        """Take in that devices are gone with most others."""
        self.missing.update(device_ids)
        self._most_missing = len(self.missing)
        return [AccountTrouble(AlertKind.DEVICES_MISSING, is_on=True)] if self.missing else []

    def listed(self, device_ids: Iterable[str]) -> list[AccountTrouble]:
        """Take in which devices there are: it is over when most are back."""
        self.missing.difference_update(device_ids)
        if len(self.missing) * 2 >= max(1, self._most_missing):
            return []
        self._most_missing = 0
        self.missing.clear()
        return [AccountTrouble(AlertKind.DEVICES_MISSING, is_on=False)]

    def forget(self, device_id: str) -> list[AccountTrouble]:
        """Expect a device no longer."""
        over = self.answered_right(device_id) if device_id in self.wrong else []
        return [*over, *(self.listed([device_id]) if device_id in self.missing else [])]
