"""What people, and the app itself, ask of a pairing that is going on."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class NewCode:
    """Somebody wants a fresh code."""


@dataclass(frozen=True, slots=True)
class UseCode:
    """Somebody wants a pair code for a phone instead of a QR."""

    phone: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Cancel:
    """Somebody wants no pairing any more."""


@dataclass(frozen=True, slots=True)
class Interrupt:
    """The app ends."""


type Click = NewCode | UseCode | Cancel | Interrupt
