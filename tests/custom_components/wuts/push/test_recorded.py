"""What the recorder keeps of messages, in a database file of its own."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from homeassistant.components.recorder.core import Recorder
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance

from tests.custom_components.wuts.helpers import AddEntry, Until, state_of
from tests.custom_components.wuts.push.messages import ANA, ENTITY, Automation, ready
from wuts_simulator import Device, Simulator

# The gateway tries localhost's other address too, where nobody listens and the tests may not go.
pytestmark = [
    pytest.mark.usefixtures("patient"),
    pytest.mark.filterwarnings("ignore:A test tried to use socket"),
]

SECRETS = ("A secret text", "Ana Lima", ANA)


@pytest.fixture
def persistent_database() -> bool:
    """Have the recorder write a file, as it does at home."""
    return True


@pytest.fixture(autouse=True)
def integration(recorder_mock: Recorder, enable_custom_integrations: None) -> None:
    """Let Home Assistant find the integration, once the recorder is there."""


@pytest.fixture
def file(home: str, recorder_db_url: str) -> Path:
    """The recorder's file."""
    return Path(recorder_db_url.removeprefix("sqlite:///"))


async def recorded(hass: HomeAssistant, file: Path) -> str:
    """Return all texts of all tables, once everything is written."""
    await hass.async_block_till_done()
    await get_instance(hass).async_block_till_done()

    def read() -> str:
        with closing(sqlite3.connect(file)) as database:
            tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            names = [name for (name,) in tables]
            rows = [row for name in names for row in database.execute(f"SELECT * FROM [{name}]")]  # noqa: S608 - names of tables
        return "\n".join(str(row) for row in rows)

    return await hass.async_add_executor_job(read)


@pytest.mark.parametrize("record", [False, True])
async def test_the_recorder_keeps_a_message_only_where_an_option_says_so(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    file: Path,
    add_entry: AddEntry,
    until: Until,
    record: bool,
) -> None:
    entry = await add_entry(device)
    await ready(hass, entry, until, device, record=record)
    answer = {
        "action": "wuts.reply",
        "data": {"message_id": "{{ trigger.message_id }}", "message": "Thank you"},
    }
    automation = Automation(hass)
    automation.fires = False  # an event of the user's own would be recorded
    await automation.load(device, answer)
    sim.world.receive(device.id, ANA, "A secret text", name="Ana Lima")
    await until(lambda: sim.world.messages)
    assert state_of(hass, ENTITY) != "unknown"

    text = await recorded(hass, file)
    assert ENTITY in text
    assert "received" in text
    assert [secret for secret in SECRETS if secret in text] == (list(SECRETS) if record else [])


async def test_a_long_text_of_wide_characters_is_recorded_too(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    file: Path,
    add_entry: AddEntry,
    until: Until,
    caplog: pytest.LogCaptureFixture,
) -> None:
    entry = await add_entry(device)
    await ready(hass, entry, until, device, record=True)
    sim.world.receive(device.id, ANA, "😀" * 4096, name="😀" * 100)
    await until(lambda: state_of(hass, ENTITY) != "unknown")
    assert "😀" * 1000 in await recorded(hass, file)
    assert "exceed maximum size" not in caplog.text
