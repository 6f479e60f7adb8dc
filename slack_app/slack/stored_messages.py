"""What the app itself must know after a restart: short notes in the store, by topic."""

import json
import logging
from collections.abc import Mapping

from wuts.supervisor.store import KeyValueStore, StoreError

_LOGGER = logging.getLogger(__name__)

type Note = dict[str, str]


class Notes:
    """The notes of one topic. They hold ids and names, and never a secret.

    A store that does not work stops nobody: it is logged, and less outlives a restart.

    Args:
        store: Keeps them.
        topic: What they are about.
    """

    def __init__(self, store: KeyValueStore, topic: str) -> None:
        self._store = store
        self._topic = f"slack.{topic}"

    async def all(self) -> dict[str, Note]:
        """Return all notes by their names; those that nobody can read are left out."""
        try:
            texts = await self._store.entries(self._topic)
        except StoreError as error:
            _LOGGER.error("What an earlier run left cannot be read. %s", error.message)  # noqa: TRY400
            return {}
        notes = {name: _read(text) for name, text in texts.items()}
        return {name: note for name, note in notes.items() if note is not None}

    async def keep(self, name: str, note: Mapping[str, str]) -> None:
        """Keep a note, in place of an earlier one of that name."""
        try:
            await self._store.put(self._topic, name, json.dumps(note, ensure_ascii=False))
        except StoreError as error:
            _LOGGER.error("A restart would not know this (%s). %s", self._topic, error.message)  # noqa: TRY400

    async def drop(self, name: str) -> None:
        """Keep a note no longer."""
        try:
            await self._store.delete(self._topic, name)
        except StoreError as error:
            _LOGGER.error("A restart would know too much (%s). %s", self._topic, error.message)  # noqa: TRY400


def _read(text: str) -> Note | None:
    try:
        note = json.loads(text)
    except ValueError:
        note = None
    if not isinstance(note, dict):
        _LOGGER.error("A note in the store is not ours, and was left alone")
        return None
    return {str(name): str(value) for name, value in note.items()}
