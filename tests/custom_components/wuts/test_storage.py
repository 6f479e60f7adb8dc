import asyncio
import json
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CoreState, Event, HomeAssistant

from custom_components.wuts.core.supervisor import Alert, AlertKind, AlertStatus
from custom_components.wuts.core.supervisor.store import Changes
from custom_components.wuts.storage import SupervisorStore

AT = datetime(2026, 5, 4, tzinfo=UTC)
ALERT = Alert(
    id="a1",
    kind=AlertKind.NEEDS_PAIRING,
    status=AlertStatus.RAISED,
    account="home",
    device_id="d0",
    device_name="One",
    since=AT,
    at=AT,
)


@pytest.fixture
def integration() -> None:
    """Ask for no ``hass``: the storage of that one is only pretended."""


async def test_what_is_being_saved_when_home_assistant_stops_is_saved(tmp_path: Path) -> None:
    home = HomeAssistant(str(tmp_path))
    home.set_state(CoreState.running)
    store = SupervisorStore(home, "account", {"d0"})
    let = threading.Event()
    busy = [home.loop.run_in_executor(None, let.wait) for _ in range(100)]

    async def finish(_event: Event) -> None:
        let.set()
        await saving

    saving = asyncio.create_task(store.save(Changes(alerts={ALERT.id: ALERT})))
    home.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, finish)
    for _ in range(10):
        await asyncio.sleep(0)
    await home.async_stop(force=True)
    await asyncio.gather(*busy, saving)

    kept = json.loads((tmp_path / ".storage" / "wuts.account").read_text())
    assert [alert["id"] for alert in kept["data"]["alerts"]] == ["a1"]
