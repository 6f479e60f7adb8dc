"""What all receivers have in common: one thread of their own, and errors that name no address."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import partial

from ..supervisor.alerts.notifications import Notification
from .own_thread import OwnThread


class NotTakenError(Exception):
    """A receiver did not take a notification.

    Attributes:
        message: Why, in a sentence that holds nothing of the receiver's address.
        status: The HTTP status that it answered, or None.
    """

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


class AddressedReceiver(ABC):
    """Somebody who gets notifications, at an address that never appears anywhere.

    Args:
        service: By which service.

    Attributes:
        service: The same.
    """

    def __init__(self, service: str) -> None:
        self.service = service
        self._thread = OwnThread()

    async def __call__(self, notification: Notification) -> None:
        """Send it a notification.

        What was being sent when this was cancelled is not sent twice: the next call for the same
        update waits for the outcome.

        Raises:
            NotTakenError: It can't be reached now.
        """
        key = notification.id, notification.sequence
        await self._run(key, lambda: partial(self._send, notification))

    async def send_test(self, name: str) -> None:
        """Send what nobody mistakes for an alert.

        Args:
            name: What the receiver is called.

        Raises:
            NotTakenError: It was not taken.
        """
        await self._run(object(), lambda: partial(self._send_test, name))

    async def _run(self, key: object, prepare: Callable[[], Callable[[], None]]) -> None:
        error = await self._thread.run(key, prepare)
        if error is None:
            return
        if isinstance(error, NotTakenError):
            raise error
        # Its words, and its traceback, could hold the address.
        raise NotTakenError(f"It failed ({type(error).__name__}).")

    @abstractmethod
    def _send(self, notification: Notification) -> None:
        """Send it, in a thread where that may block.

        Raises:
            NotTakenError: It can't be reached.
        """

    @abstractmethod
    def _send_test(self, name: str) -> None:
        """Send a test, as `_send` sends a notification."""
