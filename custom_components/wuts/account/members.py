"""The devices and recipients of an account in Home Assistant, as they come and go.

They come, go and are renamed without a reload: nothing blinks, and no pairing ends.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from ..const import CONF_DEVICE_ID, SUBENTRY_DEVICE
from ..core.models import DeviceList
from ..core.supervisor import Supervisor
from .client import Listing

type Adder = Callable[[ConfigSubentry], None]


def devices_of(entry: ConfigEntry) -> dict[str, str]:
    """Return the names of an account's devices in Home Assistant, by their ids."""
    return {
        subentry.data[CONF_DEVICE_ID]: subentry.title
        for subentry in entry.get_subentries_of_type(SUBENTRY_DEVICE)
    }


def identifier_of(entry: ConfigEntry, device_id: str) -> str:
    """Return what a device is known by in Home Assistant's registries."""
    return f"{entry.entry_id}_{device_id}"


class Members:
    """What one account has in Home Assistant, while it is loaded.

    Args:
        hass: Home Assistant.
        entry: The account.

    Attributes:
        names: The devices' names, by their ids; always the same dictionary.
    """

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        self._hass = hass
        self._entry = entry
        self.names = devices_of(entry)
        self._titles = _titles_of(entry)
        self._adders: list[tuple[str, Adder]] = []
        self._removed: set[str] = set()
        self._absent_since: dict[str, float] = {}
        self._changed = asyncio.Event()

    async def until_changed(self) -> None:
        """Wait until a device is added or removed."""
        await self._changed.wait()

    @callback
    def async_for_each(self, subentry_type: str, add: Adder) -> None:
        """Call ``add`` for each subentry of a type that there is, and for each that is added."""
        self._adders.append((subentry_type, add))
        for subentry in self._entry.get_subentries_of_type(subentry_type):
            add(subentry)

    async def async_take_changes(self, supervisor: Supervisor) -> Collection[str]:
        """Leave the devices alone that were removed, and return the ids of those that were added.

        The supervisor is handed a removed one still, and leaves it alone: one that it was handed no
        more would be missing.
        """
        account, now = self._entry.entry_id, devices_of(self._entry)
        removed, added = self.names.keys() - now.keys(), now.keys() - self.names.keys()
        self.names.clear()
        self.names.update(now)
        self._removed = (self._removed | removed) - now.keys()
        self._changed.set()
        self._changed = asyncio.Event()
        await supervisor.until_owner(account)
        for device_id in removed:
            supervisor.forget(account, device_id)
        for mute in supervisor.alerts.mutes(account):
            if mute.scope.device_id in removed:
                await supervisor.alerts.unmute(mute.scope, by="")
        for device_id in added & supervisor.devices(account).keys():
            await supervisor.resume(account, device_id)
        return added

    @callback
    def async_show(self) -> None:
        """Rename what was renamed, and add the entities of what was added.

        Home Assistant removes the entities of what was removed.
        """
        before, self._titles = self._titles, _titles_of(self._entry)
        self._rename(
            {key for key, title in self._titles.items() if before.get(key, title) != title}
        )
        for key in self._titles.keys() - before.keys():
            subentry = self._entry.subentries[key]
            for subentry_type, add in self._adders:
                if subentry.subentry_type == subentry_type:
                    add(subentry)

    def watched(self, listing: DeviceList) -> Listing:
        """Return the devices of a listing that the supervisor is to know."""
        return tuple(one for one in listing if one.id in self.names or one.id in self._removed)

    def take_listing(self, listing: DeviceList) -> None:
        """Keep since when a listing lacks devices: not if a line cannot be read."""
        now = self._hass.loop.time()
        listed = {device.id for device in listing}
        absent = set() if listing.unreadable else self.names.keys() - listed
        self._absent_since = {one: self._absent_since.get(one, now) for one in absent}

    def gone(self, known: Collection[str], gone_after: float) -> Mapping[str, str]:
        """Return the names of the devices that are gone, by their ids.

        Args:
            known: The ids of those of which something is known.
            gone_after: Seconds of absence after which one that was never found is gone.
        """
        lately = self._hass.loop.time() - gone_after
        return {
            one: name
            for one, name in self.names.items()
            if one not in known and self._absent_since.get(one, lately) <= lately
        }

    def _rename(self, subentry_ids: Collection[str]) -> None:
        registry = dr.async_get(self._hass)
        for device in dr.async_entries_for_config_entry(registry, self._entry.entry_id):
            subentry_id = device.config_subentry_id or ""
            if subentry_id in subentry_ids:
                registry.async_update_device(device.id, name=self._titles[subentry_id])


def _titles_of(entry: ConfigEntry) -> dict[str, str]:
    return {key: subentry.title for key, subentry in entry.subentries.items()}
