"""The supervisor's store, opened for ``--store``."""

from typing import TYPE_CHECKING

from wuts.errors import WutsError

from .errors import UsageError

if TYPE_CHECKING:
    from wuts.supervisor.store.sql import SqlStore

ACCOUNT = "account"
"""The supervisor's name for the one account that the environment's token stands for."""


def open_store(address: str) -> "SqlStore":
    """Return the store of an address; the database is opened at the first use.

    Raises:
        UsageError: There is no such store, or a package is missing.
    """
    try:
        from wuts.supervisor.store.sql import SqlStore  # noqa: PLC0415 - others need no SQLAlchemy

        return SqlStore(address)
    except ModuleNotFoundError as error:
        raise UsageError(f"--store needs the package {error.name}. Install wuts[store].") from None
    except WutsError as error:
        raise UsageError(error.message) from None
