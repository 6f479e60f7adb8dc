"""Whether the account that a token opens is the one that a store knows by its name. No I/O.

An account has no id of its own at the gateway (WUTS reference, Devices): a listing shows devices,
each with the id of its user. A token may be replaced, a device may come or go, and two people of
one tenant may be shown different devices; so only what differs in all of these is another account.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Protocol

from .errors import StoreOtherAccountError


class ListedDevice(Protocol):
    """A device of a listing, such as `wuts.models.Device`."""

    @property
    def id(self) -> str:
        """The device's id."""

    @property
    def user_id(self) -> str:
        """The id of its user, or an empty text where the gateway does not say."""


def check_identity(
    account: str,
    listing: Iterable[ListedDevice],
    *,
    user_id: str | None,
    device_ids: Collection[str],
) -> str | None:
    """Return the user id to keep for an account, or None while nothing is known.

    Args:
        account: How the account is called here.
        listing: The devices that its token shows.
        user_id: The user id that the store holds, if any.
        device_ids: The ids of the devices that the store holds.

    Raises:
        StoreOtherAccountError: None of the devices in the store is listed, and all that are listed
            belong to other users.
    """
    devices = list(listing)
    users = Counter(device.user_id for device in devices if device.user_id)
    if not users or user_id in users:
        return user_id
    is_known = not device_ids or any(device.id in device_ids for device in devices)
    if user_id is not None and not is_known:
        raise StoreOtherAccountError(account=account)
    return min(users, key=lambda user: (-users[user], user))
