"""How a store can fail. Each error says what to do; none names a password."""

from ...errors import ErrorCode, WutsError


class StoreError(WutsError):
    """What must survive a restart cannot be read or written."""

    code = ErrorCode.STORE_FAILED
    advice = "The supervisor's store does not work."


class StoreAddressError(StoreError):
    """The address names no kind of store that there is."""

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

    advice = "The supervisor's store may not be written. Check its permissions, and the folder's."


class StoreLockedError(StoreError):
    """Somebody else holds the store."""

    advice = (
        "The supervisor's store is locked by another process. "
        "Make sure that only one supervisor uses it, and that nobody keeps it open for writing."
    )


class StoreFullError(StoreError):
    """There is no room for another write."""

    advice = "The supervisor's store cannot grow: the disk is full. Make room."


class StoreCorruptError(StoreError):
    """What is in the store is damaged, or is no database."""

    advice = (
        "The supervisor's store is damaged, or is no database. It was left as it is: "
        "restore a copy, or move it away to begin with an empty one."
    )


class StoreNotOursError(StoreError):
    """The database belongs to another program."""

    advice = (
        "The supervisor's store is another program's database. It was left as it is: "
        "choose another address."
    )


class StoreTooNewError(StoreError):
    """A newer version wrote the store."""

    advice = (
        "The supervisor's store was written by a newer version of WUTS. It was left as it is: "
        "use that version, or move the store away to begin with an empty one."
    )
