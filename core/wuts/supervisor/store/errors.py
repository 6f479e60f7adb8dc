"""How a store can fail. Each error says what to do; none names a password."""

from collections.abc import Iterable

from ...errors import ErrorCode, WutsError


class StoreError(WutsError):
    """What must survive a restart cannot be read or written."""

    code = ErrorCode.STORE_FAILED
    advice = "The supervisor's store does not work."


class StoreAddressError(StoreError):
    """The address names an unknown kind of store."""

    advice = (
        "The store's address must be sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE."
    )


class StoreUnavailableError(StoreError):
    """The store cannot be reached or opened."""

    advice = "The supervisor's store cannot be opened. Check its address, path and permissions."


class StoreInterruptedError(StoreError):
    """The store was cancelled while it read or wrote."""

    advice = "The supervisor's store was interrupted while it was read or written."


class StoreReadOnlyError(StoreError):
    """The store can be read at most."""

    advice = "The supervisor's store can't be written. Check its permissions, and the folder's."


class StoreLockedError(StoreError):
    """Somebody else holds the store."""

    advice = (
        "The supervisor's store is locked by another process. Make sure that only one "
        "supervisor uses it, and that no other program has it open for writing."
    )


class StoreFullError(StoreError):
    """There is no room for another write."""

    advice = "The supervisor's store cannot grow: the disk is full. Free up some space."


class StoreCorruptError(StoreError):
    """What is in the store is damaged, or is no database."""

    advice = (
        "The supervisor's store is damaged, or is not a database. It was not changed: "
        "restore a copy, or move it away to start with an empty one."
    )


class StoreNotOursError(StoreError):
    """The database belongs to another program."""

    advice = (
        "The supervisor's store is another program's database. It was not changed: choose "
        "another address."
    )


class StoreTooNewError(StoreError):
    """A newer version wrote the store."""

    advice = (
        "The supervisor's store was written by a newer version of WUTS. It was not "
        "changed: use that version, or move the store away to start with an empty one."
    )


class _AccountsError(StoreError):
    """Something about the owner of accounts.

    Attributes:
        accounts: The names of the accounts it is about; empty if it is about all.
    """

    about = "{}"

    def __init__(self, message: str = "", *, accounts: Iterable[str] = ()) -> None:
        """Keep the accounts, and name the first."""
        self.accounts = tuple(sorted(accounts))
        if not message and self.accounts:
            first, *others = self.accounts
            message = self.about.format(f"{first} and {len(others)} more" if others else first)
        super().__init__(message)


class StoreOwnedError(_AccountsError):
    """Another process is the owner of accounts in the store."""

    code = ErrorCode.STORE_OWNED
    advice = (
        "Another process supervises this account and uses the same store. "
        "Stop it, or wait until it ends."
    )
    about = (
        "Another process supervises the account {} and uses the same store. "
        "Stop it, or wait until it ends."
    )


class StoreLostError(_AccountsError):
    """This process is not, or no longer, the owner: it may neither save nor send."""

    code = ErrorCode.STORE_LOST
    advice = (
        "Another process has taken over the accounts of this one in the store. Unsaved "
        "changes were dropped."
    )
    about = "This process is not the owner of the account {} in the store, so nothing was saved."


class StoreOtherAccountError(StoreError):
    """The store holds another account of the gateway under this name.

    Attributes:
        account: The name.
    """

    code = ErrorCode.STORE_OTHER_ACCOUNT
    advice = (
        "The store holds another account under this name. "
        "Check the token, or choose another name or store."
    )

    def __init__(self, message: str = "", *, account: str = "") -> None:
        """Keep the account's name."""
        self.account = account
        if not message and account:
            message = (
                f"The store holds another account under the name {account}: none of its devices is "
                "listed, and the user is another. Check the token, or choose another name or store."
            )
        super().__init__(message)
