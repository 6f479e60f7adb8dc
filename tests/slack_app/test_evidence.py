"""What an odd gateway says is not believed, and nothing is taken away on its word."""

import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from pydantic import SecretStr

from slack_app.app import RunningApp, Tempo, running_app
from slack_app.devices.device import DeviceRef
from slack_app.operations.audit import AUDIT_LOGGER
from slack_app.settings import AccountSettings, Settings
from tests.core.wuts.deaf_gateway import SECOND
from tests.slack_app.conftest import GATEWAY_TOKEN
from tests.slack_app.many_devices import ListedGateway
from tests.slack_app.strict_slack import ANA, StrictSlack
from wuts.pairing import PairingSettings
from wuts.supervisor import DeviceState, SupervisorSettings
from wuts_simulator import EndpointName, Fault, FaultKind, Simulator

PHONE = "5511912344321"
LID = "271828182845904@lid"
TEMPO = Tempo(
    supervision=SupervisorSettings(interval=0.3, base=0.2, cap=0.5, debounce=0.0),
    pairing=PairingSettings(poll_interval=0.1, settle=0.3),
    interval=0.0,
    group_wait=0.0,
    group_interval=0.1,
)
# Only what a test asks for is asked of the gateway.
SELDOM = Tempo(supervision=SupervisorSettings(interval=3_600, debounce=0.0), interval=0.0)


@pytest.fixture
def audit(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """What the audit log says that people did."""
    caplog.set_level(logging.INFO, AUDIT_LOGGER)
    return lambda: [one.getMessage() for one in caplog.records if one.name == AUDIT_LOGGER]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind=FaultKind.HTML, endpoint="GET /status", status=403, times=3),
        Fault(kind=FaultKind.HTML, endpoint="GET /status", status=401, times=3),
        Fault(kind=FaultKind.STATUS, endpoint="GET /status", status=401, times=1),
        Fault(kind=FaultKind.BODY, endpoint="GET /status", status=200, body="[]", times=3),
    ],
    ids=["a firewall's page", "a login page", "one refusal", "odd JSON"],
)
@pytest.mark.slow
async def test_odd_answers_end_no_pairing(
    fault: Fault, strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    gateway.world.add_device(name="Front desk")
    async with running_app(settings, tempo=TEMPO):
        gateway.world.faults.add(fault)
        await strict.command(ANA, "pair Front desk")
        await strict.says("slack_file")
    assert "No phone was linked." not in strict.said()


async def test_a_phone_that_cannot_be_checked_is_asked_about_and_forgets_no_number(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    device = gateway.world.add_device(name="Front desk", state="connected", phone=PHONE)
    async with running_app(settings, tempo=TEMPO) as app:
        ref = DeviceRef("home", device.id)
        await number_is_known(strict, app, ref)
        hide_the_number(gateway, device.id)
        await strict.command(ANA, "pair Front desk")
        await strict.says("I couldn't check which one")
        assert "+55 11 … 4321 was expected" in strict.said()
        assert "Already connected" not in strict.said()
        question = strict.buttons("I couldn't check")
        assert set(question) == {"keep_phone", "unlink_and_pair"}
        assert app.services.supervisor.devices("home")[ref.device_id].expected_number == PHONE
        await strict.click(ANA, question["keep_phone"])
        await strict.says("The phone stays linked, by <@U1ANA>.")
        assert "4321 stays linked" not in strict.said()
        assert app.services.supervisor.devices("home")[ref.device_id].expected_number == PHONE


@pytest.mark.parametrize(
    "written", ["5511912344321:12", "5511912344321@s.whatsapp.net", "+55 11 1234-4321"]
)
async def test_a_number_is_the_same_in_every_form_that_gateways_write(
    written: str, strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    row = {
        "id": "d1",
        "name": "Front desk",
        "connected": True,
        "whatsapp_jid": "5511912344321:12@s.whatsapp.net",
        "last_seen": "2006-01-02 15:04:05.999 -0300 -03",
    }
    listing = {"success": True, "devices": [None, {"id": 7}, row, "odd"]}
    status = {"device_id": "d1", "connected": True, "is_logged_in": True, "phone_number": written}
    answers(gateway, "GET /devices", listing)
    answers(gateway, "GET /status", {"success": True, "data": status})
    async with running_app(settings, tempo=SELDOM):
        await strict.command(ANA, "status")
        await strict.says("number +55 11 … 4321")
        await strict.command(ANA, "pair Front desk")
        await strict.says("Already connected with +55 11 … 4321.")
    assert "Front desk" in strict.said()


@pytest.mark.slow
async def test_a_refused_device_is_told_and_the_others_go_on(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    refused = gateway.world.add_device(name="Foreign")
    gateway.world.add_device(name="Front desk")
    gateway.world.faults.add(
        Fault(kind=FaultKind.STATUS, endpoint="GET /status", status=403, device_id=refused.id)
    )
    async with running_app(settings, tempo=SELDOM):
        await strict.command(ANA, "pair Foreign")
        await strict.says("use that user's token")
        await strict.command(ANA, "pair Front desk")
        await strict.says("slack_file")


async def test_a_device_that_is_refused_for_long_is_one_alert_of_its_own(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    refused = gateway.world.add_device(name="Foreign", state="disconnected")
    gateway.world.add_device(name="Front desk", state="disconnected")
    gateway.world.faults.add(
        Fault(kind=FaultKind.STATUS, endpoint="POST /connect", status=403, device_id=refused.id)
    )
    async with running_app(settings, tempo=TEMPO) as app:
        await strict.says("The gateway refuses *Foreign*")
        devices = app.services.supervisor.devices("home")
        while sum(one.state is DeviceState.CONNECTED for one in devices.values()) < 1:
            await strict.client.auth_test()
        await strict.command(ANA, "status")
        await strict.says(":no_entry: *Foreign*")
    assert "refuses the token" not in strict.said()
    told = [sent for sent in strict.messages.values() if "refuses *Foreign*" in sent["text"]]
    assert len(told) == 1


async def test_a_wrong_phone_becomes_the_expected_one_only_when_it_is_accepted(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    device = gateway.world.add_device(name="Front desk", state="connected", phone=PHONE)
    async with running_app(settings, tempo=TEMPO) as app:
        accounts, ref = app.services.accounts, DeviceRef("home", device.id)
        devices = app.services.supervisor.devices("home")
        await number_is_known(strict, app, ref)
        jid = "5511987659999@s.whatsapp.net"
        row = {"id": device.id, "name": "Front desk", "connected": True, "whatsapp_jid": jid}
        answers(gateway, "GET /devices", {"success": True, "devices": [row]})
        await accounts.refresh("home")
        [line] = accounts.lines()
        assert (line.number, line.device.expected_number) == ("5511987659999", PHONE)
        await strict.says("is linked to an unexpected phone")
        # Version 0.1.0's buttons do not say which phone they are about.
        await strict.click(ANA, {**unlink_button(), "action_id": "keep_phone", "value": str(ref)})
        await strict.says("Another phone was linked since you were asked.")
        assert devices[ref.device_id].expected_number == PHONE
        await strict.click(ANA, strict.buttons("since you were asked")["keep_phone"])
        await strict.says("9999 stays linked")
        assert devices[ref.device_id].expected_number == "5511987659999"


@pytest.mark.parametrize(
    ("names", "answer"),
    [("meant", "answered about another device"), ("asked", "the device did not change")],
)
@pytest.mark.slow
async def test_an_unlinking_of_another_device_is_no_success_and_starts_no_pairing(
    names: str, answer: str, strict: StrictSlack, settings: Settings, audit: Callable[[], list[str]]
) -> None:
    async with (
        ListedGateway("/logout", names=names, devices=(SECOND,)) as raw,
        serving(raw, settings) as app,
    ):
        await app.services.accounts.refresh("home")
        await strict.click(ANA, unlink_button())
        await strict.says(answer)
        assert raw.changes == ["/logout"]
    assert audit() == ["unlink: failed"]
    assert "Getting a code" not in strict.said()


async def test_a_phone_is_not_unlinked_unasked_where_it_may_be_another_ones(
    strict: StrictSlack, settings: Settings, audit: Callable[[], list[str]]
) -> None:
    async with ListedGateway() as raw, serving(raw, settings) as app:
        await app.services.accounts.refresh("home")
        await strict.click(ANA, unlink_button())
        await strict.says("*home* has 2 devices, and I can't tell")
        assert raw.changes == []
        button = strict.buttons("has 2 devices")["unlink_anyway"]
        assert button["confirm"]["style"] == "danger"
        await strict.click(ANA, button)
        await strict.says("Pair Device-2")
        assert raw.changes == ["/logout"]
        assert SECOND not in raw.linked
    assert audit()[0] == "unlink: done"


async def test_a_gateway_that_ignores_which_device_is_meant_is_named_so(
    strict: StrictSlack, settings: Settings
) -> None:
    async with ListedGateway("/webhook") as raw, serving(raw, settings) as app:
        raw.has_webhook("device-1", "w1")
        await app.services.accounts.refresh("home")
        await strict.click(ANA, unlink_button())
        await strict.says("its gateway seems to ignore which one is meant")
        assert raw.changes == []


async def test_a_gateway_that_tells_devices_apart_unlinks_without_another_question(
    strict: StrictSlack, settings: Settings
) -> None:
    async with ListedGateway() as raw, serving(raw, settings) as app:
        raw.has_webhook("device-1", "w1")
        raw.has_webhook("device-2", "w2")
        await app.services.accounts.refresh("home")
        await strict.click(ANA, unlink_button())
        await strict.says("Pair Device-2")
        assert raw.changes == ["/logout"]


@pytest.mark.parametrize(
    ("names", "answer"),
    [("meant", "answered about another device"), ("asked", "the device did not change")],
)
@pytest.mark.slow
async def test_a_disconnect_of_another_device_is_no_success(
    names: str, answer: str, strict: StrictSlack, settings: Settings, audit: Callable[[], list[str]]
) -> None:
    async with ListedGateway("/disconnect", names=names) as raw, serving(raw, settings):
        await strict.command(ANA, "disconnect Device-2")
        await strict.says("*home* has 2 devices, and I can't tell")
        assert raw.changes == []
        await strict.click(ANA, strict.buttons("has 2 devices")["disconnect_anyway"])
        await strict.says(answer)
        assert raw.changes == ["/disconnect"]
    assert audit() == ["disconnect: failed"]
    assert "is disconnected until" not in strict.said()


async def test_a_gateway_that_tells_devices_apart_disconnects_after_a_plain_question(
    strict: StrictSlack, settings: Settings
) -> None:
    async with ListedGateway() as raw, serving(raw, settings):
        raw.has_webhook("device-1", "w1")
        raw.has_webhook("device-2", "w2")
        await strict.command(ANA, "disconnect Device-2")
        await strict.says("Disconnect *Device-2*")
        assert "It might disconnect another device" not in strict.said()
        assert raw.changes == []
        question = strict.buttons("Disconnect *Device-2*")
        assert "confirm" not in question["disconnect_anyway"]
        await strict.click(ANA, question["disconnect_anyway"])
        await strict.says("is disconnected until you resume it")
        assert raw.changes == ["/disconnect"]


async def test_a_listing_that_lacks_the_others_does_not_spare_the_question(
    strict: StrictSlack, settings: Settings
) -> None:
    async with ListedGateway() as raw, serving(raw, settings) as app:
        while len(app.services.supervisor.devices("home")) < 2:
            await strict.client.auth_test()
        raw.devices = (SECOND,)
        await strict.command(ANA, "disconnect Device-2")
        await strict.says("*home* has 2 devices, and I can't tell")
        await strict.click(ANA, unlink_button())
        await strict.says("It might unlink the phone of another device")
        assert raw.changes == []


async def test_a_disconnect_pauses_although_the_gateway_does_not_tell_its_devices(
    strict: StrictSlack, settings: Settings, audit: Callable[[], list[str]]
) -> None:
    async with ListedGateway() as raw, serving(raw, settings) as app:
        devices = app.services.supervisor.devices("home")
        while len(devices) < 2:
            await strict.client.auth_test()
        raw.listing_status = 503
        await strict.command(ANA, "disconnect Device-2")
        await strict.says("The gateway is busy.")
        assert devices[SECOND].state is DeviceState.PAUSED
        assert raw.changes == []
    assert audit() == ["disconnect: failed"]


def unlink_button() -> dict[str, str]:
    """The button below a message that asks about another phone."""
    return {"type": "button", "action_id": "unlink_and_pair", "value": f"home {SECOND}"}


def serving(raw: ListedGateway, settings: Settings) -> AbstractAsyncContextManager[RunningApp]:
    """The app, with that gateway as its only one."""
    accounts = {"home": AccountSettings(token=SecretStr(GATEWAY_TOKEN), url=raw.url)}
    return running_app(settings.model_copy(update={"accounts": accounts}), tempo=SELDOM)


def hide_the_number(gateway: Simulator, device_id: str) -> None:
    """Let the gateway tell an address that hides the number, wherever it tells one."""
    status = {"device_id": device_id, "connected": True, "is_logged_in": True, "jid": LID}
    row = {"id": device_id, "name": "Front desk", "connected": True, "whatsapp_jid": LID}
    answers(gateway, "GET /status", {"success": True, "data": status})
    answers(gateway, "GET /devices", {"success": True, "devices": [row]})


def answers(gateway: Simulator, endpoint: str, body: object) -> None:
    """Let the gateway answer a call with that body from now on."""
    gateway.world.faults.add(
        Fault(kind=FaultKind.BODY, endpoint=EndpointName(endpoint), status=200, body=body)
    )


async def number_is_known(strict: StrictSlack, app: RunningApp, ref: DeviceRef) -> None:
    """Wait until two listings have shown a device's number."""
    devices = app.services.supervisor.devices(ref.account)
    while (
        (device := devices.get(ref.device_id)) is None
        or device.linked_number is None
        or not device.phone.is_settled
    ):
        await strict.client.auth_test()
