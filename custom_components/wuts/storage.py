"""What must survive a restart, in Home Assistant's own storage."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any, TypedDict, override

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store
from pydantic import TypeAdapter

from .const import DOMAIN
from .core.supervisor import Alert
from .core.supervisor.store import Changes, DeviceSnapshot, MemoryStore, Saved

VERSION = 2
ALERTS = TypeAdapter(list[Alert])


class Document(TypedDict):
    """What is written: snapshots and alerts as plain values."""

    facts: list[dict[str, Any]]
    alerts: list[dict[str, Any]]


class _File(Store[Document]):
    """The file; its first version called an account a tenant."""

    async def _async_migrate_func(
        self, old_major_version: int, old_minor_version: int, old_data: dict[str, Any]
    ) -> Document:
        return Document(
            facts=[_renamed(line) for line in old_data["facts"]],
            alerts=[_renamed(line) for line in old_data["alerts"]],
        )


class SupervisorStore(MemoryStore):
    """The supervisor's store of one account: a file in Home Assistant's ``.storage``.

    Home Assistant writes it as a whole and sets a damaged one aside, so nothing here can fail.
    What was kept of devices that are not ``wanted`` is dropped.
    """

    def __init__(
        self, hass: HomeAssistant, entry_id: str, wanted: Collection[str] = frozenset()
    ) -> None:
        super().__init__()
        self._hass = hass
        self._store = _File(hass, VERSION, f"{DOMAIN}.{entry_id}", private=True, atomic_writes=True)
        self._wanted = wanted

    @override
    async def load(self, accounts: Collection[str] | None = None) -> Saved:
        """Return all that is kept of the wanted devices."""
        document = await self._store.async_load()
        if document is None:
            return Saved()
        known = [DeviceSnapshot(**line) for line in document["facts"]]
        alerts = ALERTS.validate_python(document["alerts"])
        kept = Changes(
            {(one.account, one.device_id): one for one in known if one.device_id in self._wanted},
            {one.id: one for one in alerts if one.device_id in {None, *self._wanted}},
        )
        await super().save(kept)
        return await super().load(accounts)

    @override
    async def save(self, changes: Changes) -> None:
        """Write ``changes``, with all that was kept before."""
        await super().save(changes)
        saved = await super().load()
        document = Document(
            facts=[asdict(one) for one in saved.snapshots],
            alerts=[asdict(one.alert) for one in saved.alerts],
        )
        # When Home Assistant stops, it cancels writes for tasks that are not its own.
        await self._hass.async_create_task(
            self._store.async_save(document), "wuts save", eager_start=False
        )

    async def remove(self) -> None:
        """Delete the file."""
        await self._store.async_remove()


def _renamed(line: dict[str, Any]) -> dict[str, Any]:
    return {("account" if key == "tenant" else key): value for key, value in line.items()}
