"""Waits until no other app has this one's accounts: of those that share a store, one works."""

import asyncio
import logging
from random import Random

from wuts.supervisor.store import (
    StoreError,
    StoreInterruptedError,
    StoreLockedError,
    StoreOwnedError,
    StoreUnavailableError,
    wait_until_owned,
)

from ..settings import Settings
from .monitor import Monitor

_LOGGER = logging.getLogger(__name__)

EVERY = 0.15
"""Seconds between two tries to take over, at least; at most twice as long.

People type commands meanwhile, and Slack waits for three seconds only.
"""

_PASSING = (StoreInterruptedError, StoreLockedError, StoreUnavailableError)


class Standby:
    """Takes over the accounts of the settings; says once why it has to wait.

    Args:
        settings: Names the accounts.
        monitor: Shows the phase.
    """

    def __init__(self, settings: Settings, monitor: Monitor) -> None:
        self._accounts = list(settings.accounts)
        self._monitor = monitor
        self._rng = Random()  # noqa: S311 - jitter is no secret
        self._waits_for: type[StoreError] | None = None
        self._was_owner = False
        self._is_server = not settings.store.get_secret_value().startswith("sqlite")

    async def take_over(self, store: object) -> None:
        """Become the owner of the accounts in a store, however long another app is.

        Raises:
            StoreError: The store cannot be used, whatever is waited for: a file that cannot be
                opened, or another program's. A database server that is away is waited for.
        """
        while True:
            try:
                await wait_until_owned(
                    store, self._accounts, rng=self._rng, on_wait=self._wait, every=EVERY
                )
                break
            except _PASSING as error:
                if not self._is_worth_waiting(error):
                    raise
                self._wait(error)
            await asyncio.sleep(EVERY)
        if self._waits_for is not None:
            _LOGGER.info("This app is taking over")
        self._waits_for = None
        self._was_owner = True
        self._monitor.deaf()

    def _is_worth_waiting(self, error: StoreError) -> bool:
        """Tell so of a server; a file that cannot be opened now will not be, unless it could."""
        return self._was_owner or self._is_server or isinstance(error, StoreLockedError)

    def _wait(self, error: StoreError) -> None:
        is_owned = isinstance(error, StoreOwnedError)
        self._monitor.waiting(is_owned=is_owned, is_new=not self._was_owner)
        if type(error) is self._waits_for:
            return
        self._waits_for = type(error)
        if is_owned:
            _LOGGER.info("Standby: another process has this app's accounts until it ends")
        else:
            _LOGGER.warning("Standby: %s", error.message)
