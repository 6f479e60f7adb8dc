"""Keeps an app that may not be the owner any more from what the next one has taken over."""

from collections.abc import Callable

from aiohttp import ClientHandlerType, ClientRequest, ClientResponse

from wuts.supervisor.store import OwnableStore

from .errors import NotOwnerError

KEPT_BACK = frozenset(
    {
        "chat.postMessage",
        "chat.update",
        "files.completeUploadExternal",
        "files.delete",
        "files.getUploadURLExternal",
        "views.publish",
    }
)
"""The methods that write what every app of these accounts would: pairings, alerts and homes.

A person's answer at a ``response_url``, and modals, are of the app alone that was asked.
"""


class OwnersOnly:
    """A middleware of aiohttp's client: makes the calls of `KEPT_BACK` for the store's owner alone.

    A process that was frozen, or cut off from its database, may not know yet that it has lost its
    accounts. It does know when it cannot be sure, and asks at each try of each call.

    Args:
        store: Any store; one that a single process can open has no other owner.
    """

    def __init__(self, store: object) -> None:
        self._may_write: Callable[[], bool] = lambda: True
        if isinstance(store, OwnableStore):
            self._may_write = lambda: store.may_tell

    async def __call__(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        """Make a call, or refuse to.

        Raises:
            NotOwnerError: It is one of `KEPT_BACK`, and somebody else may be the owner.
        """
        method = request.url.path.rpartition("/")[2]
        if method in KEPT_BACK and not self._may_write():
            raise NotOwnerError
        return await handler(request)
