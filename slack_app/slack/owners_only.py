"""Keeps an app that may not be the owner any more from what the next one has taken over."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from aiohttp import ClientHandlerType, ClientRequest, ClientResponse

from wuts.supervisor.store import OwnableStore

from .errors import NotOwnerError

KEPT_BACK = frozenset(
    {
        "chat.delete",
        "chat.postMessage",
        "chat.update",
        "conversations.open",
        "files.completeUploadExternal",
        "files.delete",
        "files.getUploadURLExternal",
        "views.publish",
    }
)
"""The methods that write what every app of these accounts would: pairings, alerts and homes."""

_is_answer: ContextVar[bool] = ContextVar("is_answer", default=False)


@contextmanager
def answering() -> Iterator[None]:
    """Let all calls pass: a person asked this app, so that no other will answer."""
    token = _is_answer.set(True)
    try:
        yield
    finally:
        _is_answer.reset(token)


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
        if method in KEPT_BACK and not self._may_write() and not _is_answer.get():
            raise NotOwnerError
        return await handler(request)
