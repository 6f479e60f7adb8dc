"""What the app itself must know after a restart: small records in the store, by topic."""

import json
import logging
from collections.abc import Mapping

from wuts.supervisor.store import KeyValueStore, StoreError

_LOGGER = logging.getLogger(__name__)

type Record = dict[str, str]


class Records:
    """The records of one topic, by name. They hold ids, names and numbers, and never a secret.

    A store that fails stops nobody: it is logged, and less outlives a restart.

    Args:
        store: Keeps them.
        topic: What they are about.
    """

    def __init__(self, store: KeyValueStore, topic: str) -> None:
        self._store = store
        self._topic = f"slack.{topic}"

    async def all(self) -> dict[str, Record]:
        """Return all records by their names, except those that nobody can read."""
        return await self.read() or {}

    async def read(self) -> dict[str, Record] | None:
        """Do as `all`, but return None when the store does not tell what there is."""
        try:
            texts = await self._store.entries(self._topic)
        except StoreError as error:
            _LOGGER.error("What an earlier run left cannot be read. %s", error.message)  # noqa: TRY400
            return None
        records = {name: _read(text) for name, text in texts.items()}
        return {name: record for name, record in records.items() if record is not None}

    async def save(self, name: str, record: Mapping[str, str]) -> bool:
        """Save a record, in place of an earlier one of that name; tell whether it is saved."""
        try:
            await self._store.put(self._topic, name, json.dumps(record, ensure_ascii=False))
        except StoreError as error:
            _LOGGER.error("A restart would forget this (%s). %s", self._topic, error.message)  # noqa: TRY400
            return False
        return True

    async def delete(self, name: str) -> bool:
        """Delete a record; tell whether it is gone."""
        try:
            await self._store.delete(self._topic, name)
        except StoreError as error:
            _LOGGER.error(  # noqa: TRY400
                "A restart would remember too much (%s). %s", self._topic, error.message
            )
            return False
        return True


def _read(text: str) -> Record | None:
    try:
        record = json.loads(text)
    except ValueError:
        record = None
    if not isinstance(record, dict):
        _LOGGER.error("A record in the store is not ours, and was left alone")
        return None
    return {str(name): str(value) for name, value in record.items()}
