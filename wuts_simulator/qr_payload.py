"""QR payloads of WhatsApp's shape, and how long one lives."""

import base64
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

_REFERENCE_BYTES = 77
_KEY_BYTES = 32
_KEYS = 3


@dataclass(frozen=True, slots=True)
class QrCode:
    """One QR of one device.

    Attributes:
        payload: The text in the QR; a secret.
        born: When it was made, in seconds of the clock's interval timer.
        life: Seconds it can be scanned for.
        generated_at: When it was made, in the gateway's calendar.
    """

    payload: str = field(repr=False)
    born: float
    life: float
    generated_at: datetime

    def remaining(self, now: float) -> float:
        """Return the seconds it still lives, 0 or less once it has expired."""
        return self.life - (now - self.born)

    def is_valid(self, now: float) -> bool:
        """Tell whether a phone can still scan it."""
        return self.remaining(now) > 0


def make_payload(random: Random) -> str:
    """Return a new payload: ``2@`` and a reference, then three base64 keys of 44 characters.

    It is 241 characters long, so that its QR is a version 10 at level L, as WhatsApp's are.
    """
    parts = [_base64(random, _REFERENCE_BYTES)]
    parts += [_base64(random, _KEY_BYTES) for _ in range(_KEYS)]
    return "2@" + ",".join(parts)


def _base64(random: Random, size: int) -> str:
    return base64.b64encode(random.randbytes(size)).decode("ascii")
