"""The supervisor's store, opened for ``--store``."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wuts.errors import WutsError
from wuts.pairing import PAIRINGS, PairingRegistry

from .errors import UsageError
from .output import complain

if TYPE_CHECKING:
    from wuts.supervisor.store import DeviceSnapshot, Saved
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
        from wuts.supervisor.store.ownership import DEFAULT_LEASE  # noqa: PLC0415
        from wuts.supervisor.store.sql import SqlStore  # noqa: PLC0415

        return SqlStore(
            address, lease=DEFAULT_LEASE if lease is None else lease, shares_out=shares_out
        )
    except ModuleNotFoundError as error:
        raise UsageError(f"--store needs the package {error.name}. Install wuts[store].") from None
    except WutsError as error:
        raise UsageError(error.message) from None


def default_address(environment: Mapping[str, str]) -> str | None:
    """Return the store of a service that nobody named one for, or None.

    Args:
        environment: A unit of systemd or an image names a folder in ``WUTS_STATE_DIRECTORY``.
    """
    folder = environment.get("WUTS_STATE_DIRECTORY")
    return f"sqlite:///{folder}/wuts.db" if folder else None


def open_pairings(address: str | None) -> PairingRegistry:
    """Return who else is pairing: in the processes that use a store, if there is one.

    Raises:
        UsageError: There is no such store, or a package is missing.
    """
    if address is None:
        return PAIRINGS
    return PairingRegistry(open_store(address).pairing_claims(), on_trouble=_warn)


async def read_snapshots(address: str, account: str) -> "tuple[DeviceSnapshot, ...]":
    """Return what a store keeps of an account's devices; nothing is made or changed.

    Raises:
        UsageError: There is no such store, or a package is missing.
        StoreError: It does not work.
    """
    try:
        from wuts.supervisor.store.inspection import snapshots_in  # noqa: PLC0415 - as above
    except ModuleNotFoundError as error:
        raise UsageError(f"--store needs the package {error.name}. Install wuts[store].") from None
    return await snapshots_in(address, account)


def _warn(error: WutsError) -> None:
    complain(f"Can't tell whether somebody else is pairing this device. {error.message}")


@dataclass(frozen=True, slots=True)
class NamedDevice:
    """A device that a store knows."""

    account: str
    id: str
    name: str


def devices_in(saved: "Saved", account: str | None = None) -> list[NamedDevice]:
    """Return the devices that a store knows, of an account or of all."""
    return [
        NamedDevice(one.account, one.device_id, one.name)
        for one in saved.snapshots
        if account in (None, one.account)
    ]


def named(address: str | None) -> str:
    """Return a store's address.

    Raises:
        UsageError: No store was named.
    """
    if address is None:
        raise UsageError("Name the store that wuts watch uses: add --store URL, or set WUTS_STORE.")
    return address


@asynccontextmanager
async def reading(address: str | None) -> AsyncIterator["SqlStore"]:
    """Open a store that is there, which wuts watch may have open, for as long as it is needed.

    Raises:
        UsageError: No store was named, or it does not exist.
        StoreError: It does not work.
    """
    address = named(address)
    store = open_store(address)
    try:
        from wuts.supervisor.store.inspection import inspect_store  # noqa: PLC0415 - see above

        # A store that is not there would be made, and found to be empty.
        await inspect_store(address)
        yield store
    finally:
        await store.close()
