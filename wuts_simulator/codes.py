"""What links a phone: QRs to scan and pair codes to type, and the ids that the gateway gives."""

import base64
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from uuid import UUID

# WhatsApp's own alphabet: no letter looks like another.
_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTVWXYZ"

INSTRUCTIONS = (
    "No celular, abra o WhatsApp > Aparelhos conectados > Conectar um aparelho > "
    "Conectar com número de telefone e digite o código."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _ShortLived:
    """Something that expires.

    Attributes:
        born: When it was made, in seconds of the clock's interval timer.
        life: Seconds it lives.
    """

    born: float
    life: float

    def remaining(self, now: float) -> float:
        """Return the seconds it still lives, 0 or less once it has expired."""
        return self.life - (now - self.born)

    def is_valid(self, now: float) -> bool:
        """Return whether it can still be used."""
        return self.remaining(now) > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class QrCode(_ShortLived):
    """One QR of one device.

    Attributes:
        payload: The text in the QR; a secret.
        generated_at: When it was made, in the gateway's calendar.
    """

    payload: str = field(repr=False)
    generated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PairCode(_ShortLived):
    """One pair code of one device.

    Attributes:
        code: The text, as ``ABCD-1234``; a secret.
        phone: The number it was requested for, digits only.
    """

    code: str = field(repr=False)
    phone: str = field(repr=False)


def make_payload(random: Random) -> str:
    """Return a new QR payload: ``2@`` and a reference, then three base64 keys of 44 characters.

    It is 241 characters long, so its QR is a version 10 at level L, like WhatsApp's.
    """
    parts = (random.randbytes(size) for size in (77, 32, 32, 32))
    return "2@" + ",".join(base64.b64encode(part).decode("ascii") for part in parts)


def make_code(random: Random) -> str:
    """Return a new pair code such as ``ABCD-1234``."""
    return "-".join("".join(random.choices(_ALPHABET, k=4)) for _ in range(2))


def same_code(typed: str, code: str) -> bool:
    """Compare a typed code with the real one, whatever its case, dashes and spaces."""
    return _plain(typed) == _plain(code)


def _plain(code: str) -> str:
    return code.replace("-", "").replace(" ", "").upper()


def make_uuid(random: Random) -> str:
    """Return a UUID v4."""
    return str(UUID(int=random.getrandbits(128), version=4))


def make_message_id(random: Random) -> str:
    """Return an id that looks like WhatsApp's."""
    return "3EB0" + random.randbytes(10).hex().upper()
