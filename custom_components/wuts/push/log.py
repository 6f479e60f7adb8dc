"""What is remembered of an account's deliveries: repeats, counts, and messages to answer.

It outlives a reload. The repeats outlive a restart too, in the account's file.
"""

from collections import Counter
from enum import StrEnum
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..account.storage import async_file_of
from ..const import DOMAIN
from ..core.incoming import IncomingMessage
from ..core.repeats import Repeats
from ..core.signatures import Signature

MOST_MESSAGES: Final = 200
"""Messages that can be answered by their id alone."""

MOST_KEPT: Final = 500
"""Deliveries that are known again after a restart."""


class Outcome(StrEnum):
    """The result of a delivery."""

    HINT = "hint"
    MESSAGE = "message"
    REPEAT = "repeat"
    NOT_OURS = "not_ours"
    NOT_A_MESSAGE = "not_a_message"
    NOT_WANTED = "not_wanted"
    WRONG_SECRET = "wrong_secret"  # noqa: S105 - a reason, not a secret
    TOO_LONG = "too_long"
    NOT_READY = "not_ready"


class DeliveryLog:
    """What is remembered of the deliveries to one account.

    Attributes:
        outcomes: How many deliveries came, by their result.
        signatures: How many, by what the check of their signatures said.
        repeats: Which came before.
    """

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        self.outcomes: Counter[Outcome] = Counter()
        self.signatures: Counter[Signature] = Counter()
        self.repeats = Repeats()
        self._file = async_file_of(hass, entry_id)
        self._kept: list[str] = []
        self._messages: dict[tuple[str, str], IncomingMessage] = {}
        self._is_read = False

    async def read(self) -> None:
        """Take in what was kept, once."""
        if not self._is_read:
            self._kept = list((await self._file.read()).get("deliveries", []))
            self.repeats = Repeats(self._kept)
            self._is_read = True

    async def write(self) -> None:
        """Keep what has to outlive a restart, if anything came."""
        latest = self.repeats.latest(MOST_KEPT)
        if latest != self._kept:
            self._kept = latest
            await self._file.write(lambda kept: {**kept, "deliveries": latest})

    def remember(self, message: IncomingMessage) -> None:
        """Remember a message, to be answered."""
        if not message.message_id:
            return
        self._messages[message.device_id, message.message_id] = message
        if len(self._messages) > MOST_MESSAGES:
            del self._messages[next(iter(self._messages))]

    def message(self, message_id: str, device_id: str | None = None) -> IncomingMessage | None:
        """Return a message that came lately, to any device or to a certain one."""
        found = (
            message
            for (its_device, its_id), message in self._messages.items()
            if its_id == message_id and device_id in (None, its_device)
        )
        return next(found, None)


_LOGS: HassKey[dict[str, DeliveryLog]] = HassKey(f"{DOMAIN}_deliveries")


@callback
def async_log_of(hass: HomeAssistant, entry_id: str) -> DeliveryLog:
    """Return what is remembered of an account's deliveries."""
    logs = hass.data.setdefault(_LOGS, {})
    if entry_id not in logs:
        logs[entry_id] = DeliveryLog(hass, entry_id)
    return logs[entry_id]


@callback
def async_forget_log(hass: HomeAssistant, entry_id: str) -> None:
    """Forget the deliveries of a removed account."""
    hass.data.get(_LOGS, {}).pop(entry_id, None)
