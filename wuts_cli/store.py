"""The supervisor's store, opened for ``--store``."""

from typing import TYPE_CHECKING

from wuts.errors import WutsError
from wuts.pairing import PAIRINGS, PairingRegistry

from .errors import UsageError
from .output import complain

if TYPE_CHECKING:
    from wuts.supervisor.store.sql import SqlStore

ACCOUNT = "account"
"""The supervisor's name for the one account that the environment's token stands for."""


def open_store(address: str, *, lease: float | None = None, shares_out: bool = False) -> "SqlStore":
    """Return the store of an address; the database is opened at the first use.

    Args:
        address: See `SqlStore`.
        lease: See `SqlStore`; its default unless given.
        shares_out: Whether this process shares accounts out with others.

    Raises:
        UsageError: There is no such store, or a package is missing.
    """
    try:
        # Others need no SQLAlchemy.
        from wuts.supervisor.store.locks import DEFAULT_LEASE  # noqa: PLC0415
        from wuts.supervisor.store.sql import SqlStore  # noqa: PLC0415

        return SqlStore(address, lease=lease or DEFAULT_LEASE, shares_out=shares_out)
    except ModuleNotFoundError as error:
        raise UsageError(f"--store needs the package {error.name}. Install wuts[store].") from None
    except WutsError as error:
        raise UsageError(error.message) from None


def open_pairings(address: str | None) -> PairingRegistry:
    """Return who else is pairing: in the processes that use a store, if there is one.

    Raises:
        UsageError: There is no such store, or a package is missing.
    """
    if address is None:
        return PAIRINGS
    return PairingRegistry(open_store(address).pairing_claims(), on_trouble=_warn)


def _warn(error: WutsError) -> None:
    complain(f"Nobody knows whether somebody else pairs this device. {error.message}")
