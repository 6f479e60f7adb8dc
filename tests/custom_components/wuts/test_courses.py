"""The courses that every frontend plays, in the dialog, in the repair and on a dashboard."""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import ExitStack
from typing import Any, cast

import pytest
from homeassistant.components.image import async_get_image
from homeassistant.config_entries import ConfigSubentryData
from homeassistant.const import CONF_TOKEN, CONF_URL
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.data_entry_flow import EVENT_DATA_ENTRY_FLOW_PROGRESSED
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.wuts import coordinator
from custom_components.wuts.config_flow import WutsConfigFlow
from custom_components.wuts.const import (
    CONF_DEVICE_ID,
    CONF_PHONE_NUMBER,
    DOMAIN,
    SUBENTRY_DEVICE,
)
from custom_components.wuts.core.clock import steady_time
from custom_components.wuts.core.errors import ErrorCode
from custom_components.wuts.core.pairing import (
    PAIRINGS,
    PairingSession,
    PairingSettings,
    StallReason,
    error_policy,
)
from custom_components.wuts.core.supervisor import SupervisorSettings
from custom_components.wuts.errors import OF_PAIRING
from custom_components.wuts.pairing import steps as pairing_steps
from custom_components.wuts.pairing.dashboards import CONF_DASHBOARDS
from tests.custom_components.wuts.dialog import Dialog
from tests.custom_components.wuts.helpers import PATIENCE, Result, our_tasks, read_qr, state_of
from tests.custom_components.wuts.test_repairs import RepairDialog
from tests.pairing_courses.course import FIRST_DELAY, PHONE, TIMES, Course, Need, Pairing, Seen
from tests.pairing_courses.table import COURSES
from wuts_simulator import Device, Simulator

BUTTON = {"entity_id": "button.front_desk_show_pairing_qr"}
OTHER_TOKEN = "another-token-of-the-account"
IMAGE, SENSOR = "image.front_desk_pairing_qr", "sensor.front_desk_pairing"

ON_A_DASHBOARD = [
    course for course in COURSES if not course.by_code and Need.ACCOUNT not in course.needs
]
"""There is no code on it, and it goes with its account."""


CODES = {
    OF_PAIRING[code]: code.value for code in sorted(ErrorCode, key=lambda it: OF_PAIRING[it] == it)
}
"""What each text is about."""


def code_of(key: str) -> str | None:
    """Return the code of what a text is about."""
    return CODES.get(key)


class Home:
    """What happens to a frontend from outside: the same for all three."""

    def __init__(self, hass: HomeAssistant, entry: MockConfigEntry, device: Device) -> None:
        self.hass = hass
        self.entry = entry
        self.device = device
        self.ahead = 0.0
        self.world: Any = None

    async def remove_account(self) -> None:
        await self.hass.config_entries.async_remove(self.entry.entry_id)

    async def replace_token(self) -> None:
        self.world.add_tenant("home", OTHER_TOKEN)
        data = {**self.entry.data, CONF_TOKEN: OTHER_TOKEN}
        self.hass.config_entries.async_update_entry(self.entry, data=data)

    async def hear(self, event: str) -> None:
        session = PAIRINGS.running(self.entry.data[CONF_URL], self.device.id)
        assert session is not None
        session.hint(event)

    async def sleep(self, seconds: float) -> None:
        self.ahead += seconds
        self.world.advance(seconds)


class Window(Home):
    """A dialog or a repair: it shows what it read when it was told to."""

    dialog: Dialog | RepairDialog
    _is_told = False

    async def open(self, dialog: Dialog | RepairDialog, course: Course) -> None:
        self.dialog = dialog

        @callback
        def hear(event: Event) -> None:
            self._is_told |= event.data["flow_id"] == self.dialog.result["flow_id"]

        self.hass.bus.async_listen(EVENT_DATA_ENTRY_FLOW_PROGRESSED, hear)
        if course.by_code:
            await dialog.choose("phone")
            await dialog.answer(phone_number=f"+{PHONE}")
        else:
            await dialog.choose("qr")

    async def look(self) -> Seen:
        if self._is_told:
            self._is_told = False
            await self.dialog.read()
        return self._seen_in(self.dialog.result)

    def _seen_in(self, result: Result) -> Seen:
        words = result.get("description_placeholders") or {}
        action = result.get("progress_action", "")
        reason = code_of((result.get("errors") or {}).get("base") or action.partition("_")[2])
        kind = str(result["type"])
        if kind == "create_entry" or result.get("reason") == "paired":
            return Seen("paired")
        if kind == "abort":
            return Seen("failed", reason=result["reason"])
        stage = action.partition("_")[0] if kind == "progress" else result["step_id"]
        if stage in set(StallReason):
            return Seen("stalled", reason=stage)
        offer = read_qr(words["qr"]) if stage == "qr" else words.get("code") or None
        return Seen(stage, stage == "qr", stage == "code", reason, offer)


class Dashboard(Home):
    """The button, the image and the sensor."""

    _refused: str | None = None

    async def press(self) -> None:
        try:
            await self.hass.services.async_call("button", "press", BUTTON, blocking=True)
        except ServiceValidationError as error:
            self._refused = error.translation_key

    async def look(self) -> Seen:
        if self._refused == "already_connected":
            # Which phone it is, the repairs say once two listings have shown it.
            self.entry.runtime_data.async_look()
            key = (DOMAIN, f"wrong_account_{self.device.id}")
            return Seen("wrong_account" if key in ir.async_get(self.hass).issues else "paired")
        if self._refused is not None:
            return Seen("failed", reason=self._refused)
        sensor = self.hass.states.get(SENSOR)
        assert sensor is not None
        payload = await self._qr() if state_of(self.hass, IMAGE) != "unavailable" else None
        return Seen(
            sensor.state,
            qr_is_up=payload is not None,
            reason=sensor.attributes.get("reason"),
            payload=payload,
        )

    async def _qr(self) -> str | None:
        try:
            image = await async_get_image(self.hass, IMAGE)
        except HomeAssistantError:
            return None
        return read_qr(base64.b64encode(image.content).decode())


@pytest.fixture
async def sim(course: Course, socket_enabled: None) -> AsyncIterator[Simulator]:
    async with Simulator(course.gateway) as simulator:
        yield simulator


@pytest.fixture
def device(course: Course, sim: Simulator) -> Device:
    return course.add_device(sim.world)


@pytest.fixture
def made(
    hass: HomeAssistant,
    course: Course,
    sim: Simulator,
    device: Device,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[type[Home]], Home]:
    """Make the account of a course, with the times that it wants."""
    times: Mapping[str, Any] = {**TIMES, **course.times}
    monkeypatch.setattr(pairing_steps, "TIMES", PairingSettings(**times))
    monkeypatch.setattr(error_policy, "FIRST_DELAY", FIRST_DELAY)
    monkeypatch.setattr(coordinator, "SETTINGS", SupervisorSettings(interval=3600.0))
    data = {CONF_DEVICE_ID: device.id, CONF_PHONE_NUMBER: course.expected}
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="WUTS",
        minor_version=WutsConfigFlow.MINOR_VERSION,
        data={CONF_TOKEN: sim.token, CONF_URL: sim.url},
        options={CONF_DASHBOARDS: True},
        subentries_data=[
            ConfigSubentryData(
                data=data, subentry_type=SUBENTRY_DEVICE, title="Front desk", unique_id=device.id
            )
        ],
    )
    entry.add_to_hass(hass)

    def make(kind: type[Home]) -> Home:
        home = kind(hass, entry, device)
        home.world = sim.world
        defaults = cast("dict[str, Any]", PairingSession.__init__.__kwdefaults__)
        monkeypatch.setitem(defaults, "clock", lambda: steady_time() + home.ahead)
        return home

    return make


async def play(course: Course, home: Home, begin: Callable[[], Any], sim: Simulator) -> None:
    """Play a course in a home that begins to pair."""
    hass = home.hass
    with ExitStack() as stack:
        if course.occupied:
            stack.enter_context(PAIRINGS.claim(sim.url, home.device.id, "Somebody"))
        await begin()
        await course.play(Pairing(sim.world, home.device.id, cast("Any", home)))
    await hass.async_stop()
    async with asyncio.timeout(PATIENCE):
        while our_tasks():  # noqa: ASYNC110 - they end without a word
            await asyncio.sleep(0.01)


def named(courses: list[Course]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("course", courses, ids=[course.name for course in courses])


@named(COURSES)
async def test_what_is_seen_in_the_dialog(
    hass: HomeAssistant, sim: Simulator, made: Callable[[type[Home]], Home], course: Course
) -> None:
    home = made(Window)
    assert isinstance(home, Window)
    await hass.config_entries.async_setup(home.entry.entry_id)

    async def begin() -> None:
        await home.open(await Dialog.again(hass, home.entry), course)

    await play(course, home, begin, sim)


@named(COURSES)
async def test_what_is_seen_in_the_repair(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    sim: Simulator,
    made: Callable[[type[Home]], Home],
    course: Course,
) -> None:
    home = made(Window)
    assert isinstance(home, Window)
    assert await async_setup_component(hass, "repairs", {})
    await hass.config_entries.async_setup(home.entry.entry_id)
    issue_id = f"needs_pairing_{home.entry.entry_id}_{home.device.id}"
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        data={"entry_id": home.entry.entry_id, CONF_DEVICE_ID: home.device.id},
        is_fixable=True,
        severity=ir.IssueSeverity.ERROR,
        translation_key="needs_pairing",
        translation_placeholders={"name": home.device.name},
    )
    repair = RepairDialog(await hass_client(), issue_id)

    async def begin() -> None:
        await repair.open()
        await home.open(repair, course)

    await play(course, home, begin, sim)


@named(ON_A_DASHBOARD)
async def test_what_is_seen_on_a_dashboard(
    hass: HomeAssistant, sim: Simulator, made: Callable[[type[Home]], Home], course: Course
) -> None:
    home = made(Dashboard)
    assert isinstance(home, Dashboard)
    await hass.config_entries.async_setup(home.entry.entry_id)
    await hass.async_block_till_done()
    await play(course, home, home.press, sim)


def test_a_dashboard_leaves_out_few_courses() -> None:
    assert len(ON_A_DASHBOARD) >= 30
