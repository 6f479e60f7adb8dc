"""Every text in both languages: every kind of failure, wherever it can appear; every name.

Beside these, each test of the integration writes what it shows (see `rendering`).
"""

from collections.abc import Callable

import pytest
from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.wuts.alerts.issues import Text, async_raise_issue
from custom_components.wuts.const import DOMAIN, SUBENTRY_DEVICE, SUBENTRY_RECIPIENT
from custom_components.wuts.core import WutsClient
from custom_components.wuts.core.errors import (
    AmbiguousPhoneNumberError,
    CheckBudgetUsedUpError,
    ErrorCode,
    InvalidPhoneNumberError,
    WutsError,
)
from custom_components.wuts.core.models import SentMessage
from custom_components.wuts.core.pairing import (
    PairingInProgressError,
)
from custom_components.wuts.errors import translated_errors
from tests.custom_components.wuts.alerts.test_questions import OTHER, PHONE, questions
from tests.custom_components.wuts.dialog import Dialog
from tests.custom_components.wuts.files import read_json, texts_of, words_of
from tests.custom_components.wuts.flows.test_recipient import answer, begin
from tests.custom_components.wuts.helpers import AddEntry, Until, issues_of, registered
from tests.custom_components.wuts.pushing import Options
from tests.custom_components.wuts.rendering import NotShownError, Renderer
from tests.custom_components.wuts.test_repairs import RepairDialog
from tests.custom_components.wuts.test_unchecked import hide_numbers
from tests.custom_components.wuts.test_used_texts import OF_ANY_CALL, kinds_of
from wuts_simulator import Device, Simulator

FAILURES = sorted(
    {kind for one in OF_ANY_CALL for kind in kinds_of(one)}, key=lambda kind: kind.__name__
)
"""What any call may end with."""


@pytest.fixture(params=FAILURES, ids=lambda kind: kind.__name__)
def failure(request: pytest.FixtureRequest) -> WutsError:
    kind: Callable[[], WutsError] = request.param
    return kind()


def breaks(monkeypatch: pytest.MonkeyPatch, call: str, error: WutsError) -> None:
    """Let a call fail, whatever the gateway would answer."""

    async def fail(*_args: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr(WutsClient, call, fail)


async def test_a_failure_is_told_where_an_account_is_added(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch, failure: WutsError
) -> None:
    breaks(monkeypatch, "list_devices", failure)
    flow = hass.config_entries.flow
    begun = await flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    answers = {"token": "a" * 20, "advanced": {"url": "https://wuts.example.com"}}
    told = await flow.async_configure(begun["flow_id"], answers)
    assert told["errors"]


async def test_a_failure_ends_the_dialog_that_adds_a_device(
    hass: HomeAssistant, add_entry: AddEntry, monkeypatch: pytest.MonkeyPatch, failure: WutsError
) -> None:
    entry = await add_entry()
    breaks(monkeypatch, "list_devices", failure)
    assert (await Dialog.add(hass, entry)).result["type"] is FlowResultType.ABORT


async def test_a_failure_is_told_where_a_device_is_created(
    hass: HomeAssistant, add_entry: AddEntry, monkeypatch: pytest.MonkeyPatch, failure: WutsError
) -> None:
    dialog = await Dialog.add(hass, await add_entry())
    breaks(monkeypatch, "create_device", failure)
    assert (await dialog.answer(device_name="Kitchen"))["errors"]


async def test_a_failure_is_told_where_a_recipient_is_added(
    hass: HomeAssistant,
    device: Device,
    add_entry: AddEntry,
    monkeypatch: pytest.MonkeyPatch,
    failure: WutsError,
) -> None:
    begun = await begin(hass, await add_entry(device))
    breaks(monkeypatch, "check_contacts", failure)
    told = await answer(hass, begun, device, "+55 11 97777-6665")
    assert told["errors"] or failure.code is ErrorCode.DEVICE_NOT_READY
    await hass.async_block_till_done()


@pytest.mark.parametrize("on", [True, False])
async def test_a_failure_is_told_in_the_options(
    hass: HomeAssistant,
    home: str,
    device: Device,
    add_pushed: AddEntry,
    monkeypatch: pytest.MonkeyPatch,
    failure: WutsError,
    on: bool,
) -> None:
    entry = await add_pushed(device)
    breaks(monkeypatch, "get_webhook", failure)
    assert (await Options(hass, entry).set_push(on=on))["errors"]
    await hass.async_block_till_done()


WITH_WORDS: dict[ErrorCode, WutsError] = {
    ErrorCode.INVALID_PHONE_NUMBER: InvalidPhoneNumberError(country="BR", codes=(55,)),
    ErrorCode.AMBIGUOUS_PHONE_NUMBER: AmbiguousPhoneNumberError(country="BR", codes=(55, 95)),
    ErrorCode.PAIRING_IN_PROGRESS: PairingInProgressError("Somebody"),
    ErrorCode.CHECK_BUDGET_USED_UP: CheckBudgetUsedUpError(limit=200, left=3),
}


@pytest.mark.parametrize("code", ErrorCode)
def test_an_action_tells_of_every_error(code: ErrorCode) -> None:
    error = WITH_WORDS.get(code, WutsError())
    error.code = code
    with pytest.raises(HomeAssistantError), translated_errors():
        raise error


@pytest.mark.parametrize("issue", ["wrong_account", "unchecked_account"])
async def test_a_repair_says_why_a_phone_is_still_linked(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    until: Until,
    monkeypatch: pytest.MonkeyPatch,
    failure: WutsError,
    issue: str,
) -> None:
    entry = await add_entry(device)
    http = await hass_client()
    if issue == "unchecked_account":
        hide_numbers(sim)
        entry.runtime_data.phones.async_report(device.id, None, expected=PHONE)
    else:
        sim.world.sessions.store_credentials(device, OTHER)
    await until(lambda: questions(hass) == {issue})
    dialog = RepairDialog(http, f"{issue}_{device.id}")
    await dialog.open()
    breaks(monkeypatch, "list_devices", failure)
    assert (await dialog.choose("unlink"))["reason"].startswith("not_unlinked")


@pytest.mark.parametrize("issue", ["wrong_account", "unchecked_account", "needs_pairing"])
@pytest.mark.parametrize("is_removed", [True, False])
async def test_a_repair_says_that_its_device_or_account_is_gone(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    device: Device,
    add_entry: AddEntry,
    issue: str,
    is_removed: bool,
) -> None:
    entry = await add_entry(device)
    await hass.config_entries.async_unload(entry.entry_id)
    gone = device.id if not is_removed else "gone"
    async_raise_issue(hass, issue, gone, Text({"name": "Front desk"}), entry_id="account")
    told = await RepairDialog(await hass_client(), f"{issue}_{gone}").open()
    if is_removed:
        assert told["reason"] == "device_removed"
    else:
        assert told.get("reason") == ("account_not_loaded" if issue != "needs_pairing" else None)


@pytest.mark.parametrize("number", [2, 3])
async def test_an_action_says_why_some_did_not_get_a_message(
    hass: HomeAssistant,
    device: Device,
    add_entry: AddEntry,
    monkeypatch: pytest.MonkeyPatch,
    failure: WutsError,
    number: int,
) -> None:
    await add_entry(device)
    count = 0

    async def send(*_args: object, **_more: object) -> SentMessage:
        nonlocal count
        count += 1
        if count == number:
            raise failure
        return SentMessage(message_id="1", status="sent")

    monkeypatch.setattr(WutsClient, "send_text", send)
    to = ["+55 11 97777-6661", "+55 11 97777-6662", "+55 11 97777-6663"]
    call = {"device_id": registered(hass, device).id, "to": to, "message": "Hi"}
    with pytest.raises(HomeAssistantError) as raised:
        await hass.services.async_call(DOMAIN, "send_message", call, blocking=True)
    assert str(raised.value.translation_key).startswith("partly_sent")
    assert failure.message not in str(raised.value)


async def test_a_repair_says_why_a_removed_device_is_still_linked(
    hass: HomeAssistant,
    device: Device,
    add_entry: AddEntry,
    monkeypatch: pytest.MonkeyPatch,
    failure: WutsError,
) -> None:
    entry = await add_entry(device)
    hass.config_entries.async_update_entry(entry, options={"log_out_removed": True})
    await hass.async_block_till_done()
    breaks(monkeypatch, "list_devices", failure)
    await hass.config_entries.async_remove(entry.entry_id)
    (issue,) = issues_of(hass, "still_linked")
    assert issue.translation_placeholders == {"name": "Front desk"}


def test_names_of_what_has_no_words_are_whole() -> None:
    """Nothing fills in the names of entities, states, fields, triggers and choices."""
    for language in ("en", "pt-BR"):
        texts = read_json(f"translations/{language}.json")
        for part in ("entity", "services", "triggers", "conditions", "selector", "system_health"):
            for path, text in texts_of(texts[part], part).items():
                assert text.strip() == text != "", path
                if not path.startswith("selector.self_test."):  # a message, and a notification
                    assert words_of(text) == set(), path
        for kind in (SUBENTRY_DEVICE, SUBENTRY_RECIPIENT):
            flow = texts["config_subentries"][kind]
            for text in (flow["entry_type"], *flow["initiate_flow"].values()):
                assert words_of(text) == set()


@pytest.mark.parametrize("language", ["en", "pt-BR"])
def test_a_dialog_about_a_device_names_it_at_its_top(language: str) -> None:
    texts = read_json(f"translations/{language}.json")
    device, repairs = texts["config_subentries"]["device"], texts["issues"]
    flows = [device, *(issue["fix_flow"] for issue in repairs.values() if "fix_flow" in issue)]
    for flow in flows:
        # The frontend fills nothing into the title of a progress; its text names the device.
        steps = {key: step for key, step in flow["step"].items() if key != "progress"}
        assert all("{name}" in text for text in flow.get("progress", {}).values())
        for key, step in steps.items():
            top = step["title"] + step.get("description", "").partition("\n")[0]
            assert words_of(top) & {"name", "account"}, key


def test_a_text_without_its_words_is_found() -> None:
    renderer = Renderer()
    path = "config.abort.already_configured"
    assert renderer.write([path], {"account": "WUTS"})["en"] == [
        "This account is already configured as WUTS."
    ]
    for words in ({}, {"account": "WUTS", "name": "Front desk"}):
        with pytest.raises(NotShownError):
            renderer.write([path], words)
    with pytest.raises(NotShownError):
        renderer.write(["config.abort.nothing_of_the_kind"], {})
