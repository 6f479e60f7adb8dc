"""Whether what must survive a restart can be kept."""

from collections.abc import AsyncIterator

from slack_app.settings import Settings
from wuts.supervisor.store import StoreError
from wuts.supervisor.store.sql import SqlStore

from .finding import Finding

_STORE = "The store"
_TOPIC = "slack.check"


async def check_store(settings: Settings) -> AsyncIterator[Finding]:
    """Write a note into the store, and take it out again."""
    try:
        store = SqlStore(settings.store.get_secret_value())
    except StoreError as error:
        yield _broken(error)
        return
    try:
        await store.put(_TOPIC, "check", "")
        await store.delete(_TOPIC, "check")
    except StoreError as error:
        yield _broken(error)
    else:
        yield Finding(_STORE, "can be written")
    finally:
        await store.close()


def _broken(error: StoreError) -> Finding:
    seen, _, fix = error.message.partition(". ")
    return Finding(_STORE, seen.rstrip("."), fix or "Correct its address.")
