"""What supervision must not forget, kept by Home Assistant's own storage."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypedDict

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store as HomeAssistantStore

from .const import DOMAIN
from .core.supervisor import Alert, AlertKind, AlertStatus
from .core.supervisor.store import Changes, DeviceSnapshot, MemoryStore, Saved

VERSION = 2


class Document(TypedDict):
    """What is written: snapshots and alerts as plain values."""

    facts: list[dict[str, Any]]
    alerts: list[dict[str, Any]]


class _File(HomeAssistantStore[Document]):
    """The file, which called an account a tenant in its first version."""

    async def _async_migrate_func(
        self, old_major_version: int, old_minor_version: int, old_data: dict[str, Any]
    ) -> Document:
        return Document(
            facts=[_renamed(line) for line in old_data["facts"]],
            alerts=[_renamed(line) for line in old_data["alerts"]],
        )


class SupervisorStore:
    """The supervisor's store of one account; one file in Home Assistant's ``.storage``.

    Home Assistant writes it whole and sets a damaged one aside, so nothing here can fail.

    Args:
        hass: Home Assistant.
        entry_id: The account's entry, which names the file.
        wanted: The ids of the devices to remember; what was kept of others is dropped.
    """

    def __init__(
        self, hass: HomeAssistant, entry_id: str, wanted: Collection[str] = frozenset()
    ) -> None:
        self._hass = hass
        self._store = _File(hass, VERSION, f"{DOMAIN}.{entry_id}", private=True, atomic_writes=True)
        self._wanted = wanted
        self._memory = MemoryStore()

    async def load(self) -> Saved:
        """Return all that is kept of the wanted devices."""
        document = await self._store.async_load()
        if document is None:
            return Saved()
        known = [DeviceSnapshot(**line) for line in document["facts"]]
        alerts = [_alert_from(line) for line in document["alerts"]]
        kept = Changes(
            {(one.account, one.device_id): one for one in known if one.device_id in self._wanted},
            {one.id: one for one in alerts if one.device_id in {None, *self._wanted}},
        )
        await self._memory.save(kept)
        return await self._memory.load()

    async def save(self, changes: Changes) -> None:
        """Write ``changes``, with all that was kept before."""
        await self._memory.save(changes)
        saved = await self._memory.load()
        document = Document(
            facts=[asdict(one) for one in saved.snapshots],
            alerts=[asdict(one.alert) for one in saved.alerts],
        )
        # Home Assistant cancels what it writes for a task that it does not know when it stops.
        await self._hass.async_create_task(
            self._store.async_save(document), "wuts save", eager_start=False
        )

    async def close(self) -> None:
        """Do nothing: Home Assistant closes its files itself."""

    async def remove(self) -> None:
        """Delete the file."""
        await self._store.async_remove()


def _renamed(line: dict[str, Any]) -> dict[str, Any]:
    return {("account" if key == "tenant" else key): value for key, value in line.items()}


def _alert_from(line: dict[str, Any]) -> Alert:
    """Read an alert back; Home Assistant's JSON writes a time as ISO 8601."""
    return Alert(
        **line
        | {
            "kind": AlertKind(line["kind"]),
            "status": AlertStatus(line["status"]),
            "since": datetime.fromisoformat(line["since"]),
            "at": datetime.fromisoformat(line["at"]),
        }
    )
