"""The three spellings of the contract: the owner's pages disagree, and a client must accept all.

``docs/simulator.md`` shows them side by side.
"""

from dataclasses import dataclass
from enum import StrEnum


class DialectName(StrEnum):
    """The page whose examples are followed."""

    REFERENCE = "reference"
    GUIDE = "guide"
    QUICKSTART = "quickstart"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What differs between the pages.

    Attributes:
        created_as_data: ``POST /devices`` answers 201 with ``data`` (shape b), else shape (a).
        created_in_full: Shape (a) carries ``user_id`` and ``updated_at``.
        qr_cached: ``/qr`` carries ``cached``.
        qr_expires_at: ``/qr`` carries ``expires_at``.
        qr_ttl: ``/qr`` carries ``ttl``.
        qr_life: Seconds a QR lives when no flag says otherwise.
        nulls: An optional field without a value is ``null``, else it is left out.
        refusal: The ``error`` of a 401.
    """

    created_as_data: bool = False
    created_in_full: bool = False
    qr_cached: bool = False
    qr_expires_at: bool = False
    qr_ttl: bool = False
    qr_life: float = 60.0
    nulls: bool = False
    refusal: str = "Invalid token"

    def optional(self, **fields: object) -> dict[str, object]:
        """Return the fields that have a value; those without are dropped or null."""
        if self.nulls:
            return fields
        return {name: value for name, value in fields.items() if value is not None}


DIALECTS = {
    DialectName.REFERENCE: Dialect(
        created_in_full=True, qr_cached=True, qr_expires_at=True, qr_ttl=True
    ),
    DialectName.GUIDE: Dialect(qr_life=30.0),
    DialectName.QUICKSTART: Dialect(
        created_as_data=True, qr_ttl=True, nulls=True, refusal="unauthorized"
    ),
}
