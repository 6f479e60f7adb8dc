"""Pair codes: eight characters that a person types on the phone instead of scanning."""

from dataclasses import dataclass, field
from random import Random

# WhatsApp's own alphabet: nothing in it looks like something else.
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTVWXYZ"
_HALF = 4

INSTRUCTIONS = (
    "No celular, abra o WhatsApp > Aparelhos conectados > Conectar um aparelho > "
    "Conectar com número de telefone e digite o código."
)


@dataclass(frozen=True, slots=True)
class PairCode:
    """One pair code of one device.

    Attributes:
        code: The text, as ``ABCD-1234``; a secret.
        phone: The number it was asked for, digits only.
        born: When it was made, in seconds of the clock's interval timer.
        life: Seconds it can be typed for.
    """

    code: str = field(repr=False)
    phone: str = field(repr=False)
    born: float
    life: float

    def remaining(self, now: float) -> float:
        """Return the seconds it still lives, 0 or less once it has expired."""
        return self.life - (now - self.born)

    def is_valid(self, now: float) -> bool:
        """Tell whether it can still be typed."""
        return self.remaining(now) > 0


def make_code(random: Random) -> str:
    """Return a new code such as ``ABCD-1234``."""
    halves = ("".join(random.choices(ALPHABET, k=_HALF)) for _ in range(2))
    return "-".join(halves)


def same_code(typed: str, code: str) -> bool:
    """Compare a typed code with the real one, forgiving case, dashes and spaces."""
    return _plain(typed) == _plain(code)


def _plain(code: str) -> str:
    return code.replace("-", "").replace(" ", "").upper()
