"""What must survive a restart, in Home Assistant's own storage."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import asdict
from typing import Any, NotRequired, TypedDict, override

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store
from homeassistant.util.hass_dict import HassKey
from pydantic import TypeAdapter

from ..const import DOMAIN
from ..core.supervisor import Alert, AlertStatus, Mute
from ..core.supervisor.alerts.records import AlertRecords
from ..core.supervisor.store import Changes, DeviceSnapshot, MemoryStore, Saved

VERSION = 2
MINOR_VERSION = 2
ALERTS = TypeAdapter(list[Alert])
MUTES = TypeAdapter(list[Mute])


class Document(TypedDict):
    """What is written.

    That is snapshots, alerts, mutes, when how many numbers were checked, and which deliveries came.
    """

    facts: list[dict[str, Any]]
    alerts: list[dict[str, Any]]
    mutes: list[dict[str, Any]]
    checks: NotRequired[str]
    deliveries: NotRequired[list[str]]


class _File(Store[Document]):
    """The file; its first version called an account a tenant, and none before 2.2 had mutes."""

    async def _async_migrate_func(
        self, old_major_version: int, old_minor_version: int, old_data: dict[str, Any]
    ) -> Document:
        document = Document(
            facts=[_renamed(line) for line in old_data["facts"]],
            alerts=[_renamed(line) for line in old_data["alerts"]],
            mutes=old_data.get("mutes", []),
        )
        if "checks" in old_data:
            document["checks"] = old_data["checks"]
        return document


class AccountFile:
    """The file of one account in Home Assistant's ``.storage``; get it with `async_file_of`.

    Home Assistant writes it as a whole and sets a damaged one aside.
    """

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        self._hass = hass
        self._store = _File(
            hass,
            VERSION,
            f"{DOMAIN}.{entry_id}",
            private=True,
            atomic_writes=True,
            minor_version=MINOR_VERSION,
        )
        self._reading = asyncio.Lock()
        self._document: Document | None = None

    async def read(self) -> Document:
        """Return what is kept, to be changed by `write` alone."""
        async with self._reading:
            if self._document is None:
                kept = await self._store.async_load()
                self._document = kept or Document(facts=[], alerts=[], mutes=[])
            return self._document

    async def write(self, change: Callable[[Document], Document]) -> None:
        """Replace what is kept by what ``change`` makes of it; returns when that is written."""
        # When Home Assistant stops, it cancels what runs in tasks that are not its own.
        await self._hass.async_create_task(self._write(change), "wuts save", eager_start=False)

    async def _write(self, change: Callable[[Document], Document]) -> None:
        # No step may come between the two: it would undo what another one wrote.
        document = self._document = change(await self.read())
        await self._store.async_save(document)

    async def remove(self) -> None:
        """Delete the file."""
        self._document = None
        await self._store.async_remove()


_FILES: HassKey[dict[str, AccountFile]] = HassKey(f"{DOMAIN}_files")


@callback
def async_file_of(hass: HomeAssistant, entry_id: str) -> AccountFile:
    """Return the file of an account, loaded or not."""
    files = hass.data.setdefault(_FILES, {})
    if entry_id not in files:
        files[entry_id] = AccountFile(hass, entry_id)
    return files[entry_id]


async def async_open_alerts(hass: HomeAssistant, entry_id: str) -> frozenset[str]:
    """Return the kinds of an account's open alerts, even while it is not loaded."""
    document = await async_file_of(hass, entry_id).read()
    is_over = AlertStatus.RESOLVED
    return frozenset(one["kind"] for one in document["alerts"] if one["status"] != is_over)


class SupervisorStore(MemoryStore):
    """The supervisor's store of one account, in the account's file.

    What was kept of devices that are not ``wanted`` is dropped.
    """

    def __init__(
        self, hass: HomeAssistant, entry_id: str, wanted: Collection[str] = frozenset()
    ) -> None:
        super().__init__()
        self._file = async_file_of(hass, entry_id)
        self._wanted = wanted

    @override
    async def load(self, accounts: Collection[str] | None = None) -> Saved:
        """Return all that is kept of the wanted devices."""
        document = await self._file.read()
        known = [DeviceSnapshot(**line) for line in document["facts"]]
        alerts = ALERTS.validate_python(document["alerts"])
        mutes = MUTES.validate_python(document["mutes"])
        wanted = {None, *self._wanted}
        kept = Changes(
            {(one.account, one.device_id): one for one in known if one.device_id in self._wanted},
            {one.id: one for one in alerts if one.device_id in wanted},
            records=AlertRecords(
                mutes={one.scope: one for one in mutes if one.scope.device_id in wanted}
            ),
        )
        await super().save(kept)
        return await super().load(accounts)

    @override
    async def save(self, changes: Changes) -> None:
        """Write ``changes``, with all that was kept before."""
        await super().save(changes)
        saved = await super().load()
        facts = [asdict(one) for one in saved.snapshots]
        alerts = [asdict(one.alert) for one in saved.alerts]
        mutes = [asdict(one) for one in saved.mutes]
        await self._file.write(
            lambda kept: {**kept, "facts": facts, "alerts": alerts, "mutes": mutes}
        )


def _renamed(line: dict[str, Any]) -> dict[str, Any]:
    return {("account" if key == "tenant" else key): value for key, value in line.items()}
