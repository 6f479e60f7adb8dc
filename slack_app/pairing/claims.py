"""Keeps two from pairing one device, here and in all processes that use the app's store."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from wuts.errors import WutsError
from wuts.pairing import PairingInProgressError, PairingRegistry
from wuts.supervisor.store import ClaimingStore

from ..blocks.parts import escape
from ..people.users import Users

_LOGGER = logging.getLogger(__name__)

OUTSIDE = "{name} (Slack)"
"""What whoever pairs a device is called outside Slack."""


class Claims:
    """Claims devices in the name of people.

    Args:
        users: Knows their names.
        store: Says who pairs elsewhere, if it is of such a kind. One that fails keeps nobody from
            pairing: it is logged.
    """

    def __init__(self, users: Users, store: object) -> None:
        shared = store.pairing_claims() if isinstance(store, ClaimingStore) else None
        self._users = users
        self._registry = PairingRegistry(shared, on_trouble=_warn)

    @asynccontextmanager
    async def hold(
        self, base_url: str, device_id: str, user_id: str
    ) -> AsyncIterator[asyncio.Event]:
        """Hold a device for a person, for as long as the context lasts.

        Yields:
            What is set once another process has taken the device over.

        Raises:
            PairingInProgressError: Somebody is pairing it; their name is ready to be shown.
        """
        name = (await self._users.person(user_id)).name
        who = OUTSIDE.format(name=name) if name else "Slack"
        try:
            async with self._registry.hold(base_url, device_id, who) as lost:
                yield lost
        except PairingInProgressError as error:
            raise PairingInProgressError(escape(error.owner), error.since) from None


def _warn(error: WutsError) -> None:
    _LOGGER.warning("Can't tell whether another process is pairing this device. %s", error.message)
