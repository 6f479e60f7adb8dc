"""What the app itself must know after a restart: small records in the store, by topic."""

import json
import logging
from collections.abc import Callable, Collection, Mapping
from typing import Protocol

from wuts.supervisor.store import NO_ACCOUNT, KeyValueStore, Store, StoreError

_LOGGER = logging.getLogger(__name__)


class AppStore(Store, KeyValueStore, Protocol):
    """Keeps what the supervisor and the app must know after a restart."""


type Record = dict[str, str]

type AccountOf = Callable[[str, Mapping[str, str]], str]
"""Returns the account that a record of that name is about, or `NO_ACCOUNT`."""


def in_record(_name: str, record: Mapping[str, str]) -> str:
    """Return the account that a record names."""
    # Version 0.1.0 called an account a tenant.
    return record.get("account") or record.get("tenant") or NO_ACCOUNT


def in_name(name: str, _record: Mapping[str, str]) -> str:
    """Return the account that a record's name begins with."""
    return name.partition(" ")[0]


class Records:
    """The records of one topic, by name. They hold ids, names and numbers, and never a secret.

    Each is kept under the account that it is about, so that apps with other accounts may use the
    same store; one that is about none is kept under the first of the app's, or where
    ``is_shared`` under each of them: then it outlives that an account is taken out of the settings.
    A store that fails stops nobody: it is logged, and less outlives a restart.

    Args:
        store: Keeps them.
        topic: What they are about.
        accounts: The app's, one at least. Records of others are neither read nor changed.
        account_of: Says which account a record is about.
        is_shared: Whether one that is about none is kept under all accounts.
    """

    def __init__(
        self,
        store: KeyValueStore,
        topic: str,
        accounts: Collection[str],
        account_of: AccountOf = in_record,
        *,
        is_shared: bool = False,
    ) -> None:
        self._store = store
        self._topic = f"slack.{topic}"
        self._accounts = sorted(accounts)
        self._account_of = account_of
        self._is_shared = is_shared
        self._places: dict[str, set[str]] = {}

    async def all(self) -> dict[str, Record]:
        """Return all records by their names, except those that nobody can read."""
        return await self.read() or {}

    async def read(self) -> dict[str, Record] | None:
        """Do as `all`, but return None if the store can't be read."""
        places = [*self._accounts, NO_ACCOUNT]
        try:
            found = dict(await self._store.entries_of(self._topic, places))
            adopted = await self._adopt(found.pop(NO_ACCOUNT, {}), found)
        except StoreError as error:
            _LOGGER.error("The records of an earlier run cannot be read. %s", error.message)  # noqa: TRY400
            return None
        records: dict[str, Record] = {}
        for account, texts in (*adopted.items(), *found.items()):
            for name, text in texts.items():
                self._places.setdefault(name, set()).add(account)
                record = _read(text)
                if record is not None:
                    records[name] = record
        for name, record in records.items() if self._is_shared else ():
            if self._places[name] < self._homes(name, record):
                await self.save(name, record)
        return records

    async def save(self, name: str, record: Mapping[str, str]) -> bool:
        """Save a record, in place of an earlier one of that name; tell whether it is saved."""
        places = self._places.setdefault(name, set())
        if not places or self._is_shared:
            places |= self._homes(name, record)
        text = json.dumps(record, ensure_ascii=False)
        try:
            for place in sorted(places):
                await self._store.put(self._topic, name, text, place)
        except StoreError as error:
            _LOGGER.error("A restart would forget this (%s). %s", self._topic, error.message)  # noqa: TRY400
            return False
        return True

    async def delete(self, name: str) -> bool:
        """Delete a record that was read or saved; tell whether it is gone."""
        try:
            for place in sorted(self._places.get(name, ())):
                await self._store.delete(self._topic, name, place)
        except StoreError as error:
            _LOGGER.error(  # noqa: TRY400
                "A restart would remember too much (%s). %s", self._topic, error.message
            )
            return False
        self._places.pop(name, None)
        return True

    def _homes(self, name: str, record: Mapping[str, str]) -> set[str]:
        """Return the accounts under which a record is kept."""
        account = self._account_of(name, record)
        if account:
            return {account}
        return set(self._accounts) if self._is_shared else {self._accounts[0]}

    async def _adopt(
        self, texts: Mapping[str, str], found: Mapping[str, Mapping[str, str]]
    ) -> dict[str, dict[str, str]]:
        """Keep under their accounts what earlier versions kept under none; return it."""
        adopted: dict[str, dict[str, str]] = {}
        for name, text in texts.items():
            record = _read(text)
            place = None if record is None else min(self._homes(name, record))
            if place not in self._accounts:
                continue
            if name not in found.get(place, {}):
                await self._store.put(self._topic, name, text, place)
                adopted.setdefault(place, {})[name] = text
            await self._store.delete(self._topic, name)
        return adopted


def _read(text: str) -> Record | None:
    try:
        record = json.loads(text)
    except ValueError:
        record = None
    if not isinstance(record, dict):
        _LOGGER.error("Ignored a record in the store that this app did not write")
        return None
    return {str(name): str(value) for name, value in record.items()}
