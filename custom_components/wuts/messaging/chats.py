"""The groups and contacts of an account's devices, to choose a recipient from by name.

Nothing of it is kept: it is asked for when a dialog opens, and never waited for long.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import SelectOptionDict

from ..account.client import client_of
from ..account.members import devices_of
from ..core import WutsClient
from ..core.chats import Contact, Group, Listed
from ..core.errors import WutsError
from ..core.phone_numbers import shown_number

MOST_CHATS: Final = 1_000
"""Groups and contacts that a dialog lists."""

MOST_DEVICES: Final = 10
"""Devices whose lists are asked for."""

PATIENCE: Final = 10.0
"""Seconds that a dialog waits for the lists."""

GROUP: Final = "\N{BUSTS IN SILHOUETTE}"
"""Marks a group in every language: nothing translates a choice that we list."""

type _Lists = tuple[Listed[Group], Listed[Contact]]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Chats:
    """Whom to choose from; it has no repr, since names are personal.

    Attributes:
        options: The groups, and then the contacts, by name.
        found: How many there are, listed or not.
        groups: The ids of the groups of each device whose groups are known.
    """

    options: list[SelectOptionDict] = field(default_factory=list)
    found: int = 0
    groups: dict[str, frozenset[str]] = field(default_factory=dict)

    def is_elsewhere(self, recipient: str, device_id: str) -> bool:
        """Return whether a group is one of other devices only, if known."""
        known = any(recipient in ids for ids in self.groups.values())
        return known and recipient not in self.groups.get(device_id, {recipient})


async def async_find_chats(hass: HomeAssistant, entry: ConfigEntry) -> Chats:
    """Ask each device that is connected for its groups and contacts."""
    names = dict(list(devices_of(entry).items())[:MOST_DEVICES])
    try:
        client = await client_of(hass, entry.data)
    except WutsError:
        return Chats()
    lists = await asyncio.gather(*(_ask(client, device_id) for device_id in names))
    known = {one: found for one, found in zip(names, lists, strict=True) if found is not None}
    options = _options(known, names)
    return Chats(
        options=options[:MOST_CHATS],
        found=len(options),
        groups={one: frozenset(it.jid for it in groups) for one, (groups, _) in known.items()},
    )


async def _ask(client: WutsClient, device_id: str) -> _Lists | None:
    """Return a device's lists, or None if they cannot be had in time."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await asyncio.gather(
                client.list_groups(device_id), client.list_contacts(device_id)
            )
    except WutsError, TimeoutError:
        return None


def _options(known: dict[str, _Lists], names: dict[str, str]) -> list[SelectOptionDict]:
    """Return everybody once: the groups by name, then the contacts whose number is known."""
    groups = {one.jid: (one.name, GROUP) for groups, _ in known.values() for one in groups}
    people = {
        number: (one.name, shown_number(number))
        for _, contacts in known.values()
        for one in contacts
        if one.name and (number := one.phone_number)
    }
    whose = _whose(known, names) if len(known) > 1 else {}
    return [*_sorted(groups, whose), *_sorted(people, {})]


def _whose(known: dict[str, _Lists], names: dict[str, str]) -> dict[str, str]:
    """Return which devices are in each group."""
    whose: dict[str, list[str]] = {}
    for device_id, (groups, _) in known.items():
        for group in groups:
            whose.setdefault(group.jid, []).append(names[device_id])
    return {jid: ", ".join(devices) for jid, devices in whose.items()}


def _sorted(found: dict[str, tuple[str, str]], whose: dict[str, str]) -> Iterable[SelectOptionDict]:
    order = sorted(found.items(), key=lambda it: (it[1][0] == "", it[1][0].casefold(), it[0]))
    for value, (name, kind) in order:
        parts = [name or value, kind, whose.get(value, "")]
        yield SelectOptionDict(value=value, label=" · ".join(filter(None, parts)))
