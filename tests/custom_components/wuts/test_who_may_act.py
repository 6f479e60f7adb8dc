"""Who may act on alerts in Home Assistant: each cell of the table in docs/security.md."""

from collections.abc import Awaitable, Callable

import pytest

from custom_components.wuts.const import DOMAIN
from tests.custom_components.wuts.alerts.test_alerts import alert_of, alerts_of, mutes_of
from tests.custom_components.wuts.files import ROOT
from tests.custom_components.wuts.roles import ROLES, Person

HEADING = "### Who may take and mute alerts"


def cells() -> dict[str, dict[str, bool]]:
    """Return Home Assistant's rows of the table."""
    text = (ROOT / "docs/security.md").read_text("utf-8").partition(HEADING)[2]
    rows = [
        [cell.strip() for cell in line.strip("| ").split("|")]
        for line in text.partition("\n### ")[0].splitlines()
        if line.startswith("| in Home Assistant")
    ]
    return {
        way.removeprefix("in Home Assistant: "): dict(
            zip(ROLES, (cell == "yes" for cell in row), strict=True)
        )
        for way, *row in rows
    }


TABLE = cells()


async def by_taking(person: Person) -> bool:
    await person.act(DOMAIN, "acknowledge_alert", config_entry_id=person.entry.entry_id)
    return alert_of(person.entry).acknowledged_by is not None


async def by_muting(person: Person) -> bool:
    await person.act(DOMAIN, "mute_alerts", config_entry_id=person.entry.entry_id)
    return bool(mutes_of(person.entry))


async def by_unmuting(person: Person) -> bool:
    chosen = {"config_entry_id": person.entry.entry_id}
    await person.hass.services.async_call(DOMAIN, "mute_alerts", chosen, blocking=True)
    await person.act(DOMAIN, "unmute_alerts", **chosen)
    return not mutes_of(person.entry)


WAYS: dict[str, Callable[[Person], Awaitable[bool]]] = {
    "action `wuts.acknowledge_alert`": by_taking,
    "action `wuts.mute_alerts`": by_muting,
    "action `wuts.unmute_alerts`": by_unmuting,
}


def test_every_row_of_the_table_is_tested() -> None:
    assert TABLE.keys() == WAYS.keys()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("way", WAYS)
async def test_each_may_do_what_the_table_says(person: Person, role: str, way: str) -> None:
    await person.until(lambda: alerts_of(person.entry))
    assert await WAYS[way](person) is TABLE[way][role]
