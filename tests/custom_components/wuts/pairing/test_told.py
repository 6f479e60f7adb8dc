"""What a pairing waits for and why it failed, in every language and in every dialog."""

from typing import Any

import pytest
from homeassistant.core import HomeAssistant

from custom_components.wuts.core.errors import ErrorCode, WutsConfigError, WutsError
from custom_components.wuts.core.pairing import Failed, FailureReason, PairingView, Waiting
from custom_components.wuts.errors import OF_PAIRING, OF_WAITS, CaFileError, LinkExpiredError
from custom_components.wuts.pairing import steps as pairing_steps
from custom_components.wuts.pairing.dialog import PairingDialog
from custom_components.wuts.pairing.steps import HOPELESS
from tests.custom_components.wuts.dialog import Dialog
from tests.custom_components.wuts.helpers import AddEntry, Result
from wuts_simulator import Simulator


async def shows(dialog: Dialog, view: PairingView, error: Exception | None = None) -> Result:
    """Let a dialog's pairing have a certain view, and read what is shown then."""
    pairing: Any = dialog.hass.config_entries.subentries._progress[dialog.result["flow_id"]]
    running: PairingDialog = pairing._dialog
    running.view = view
    if view.outcome is not None or error is not None:
        running.close()
        await running.async_replace()
        running.replaced, running.error = False, error
        running.view = view
    running._notify()
    return await dialog.read()


async def scanning(hass: HomeAssistant, sim: Simulator, add_entry: AddEntry) -> Dialog:
    """Return a dialog whose pairing has begun."""
    dialog = await Dialog.again(hass, await add_entry(sim.world.add_device(name="Front desk")))
    await dialog.choose("qr")
    return dialog


async def test_a_dialog_says_what_a_pairing_waits_for(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    dialog = await scanning(hass, sim, add_entry)
    sim.world.break_for(3600)
    await dialog.shows("waiting")
    for code in ErrorCode:
        waiting = Waiting(code=code, reason="In English", retry_in=1.0)
        told = await shows(dialog, PairingView(owner="x", waiting=waiting))
        assert told["progress_action"].partition("_")[0] == "waiting", code
        assert "In English" not in str(told)


@pytest.mark.parametrize("reason", sorted(HOPELESS))
async def test_a_dialog_ends_where_starting_again_mends_nothing(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, reason: FailureReason
) -> None:
    dialog = await scanning(hass, sim, add_entry)
    failed = Failed(reason=reason, message="In English")
    told = await shows(dialog, PairingView(owner="x", outcome=failed))
    assert told["reason"] == reason
    assert "In English" not in str(told)


async def test_a_dialog_says_why_a_pairing_failed(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    dialog = await scanning(hass, sim, add_entry)
    for reason in sorted(set(FailureReason) - HOPELESS):
        failed = Failed(reason=reason, message="In English")
        told = await shows(dialog, PairingView(owner="x", outcome=failed))
        assert told["errors"] == {"base": OF_PAIRING[failed.code]}
        assert "In English" not in str(told)
        await dialog.answer(method="qr")


async def test_a_dialog_says_what_did_not_answer_when_time_ran_out(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    dialog = await scanning(hass, sim, add_entry)
    for cause in ErrorCode:
        reason = FailureReason.DEADLINE_PASSED
        failed = Failed(reason=reason, message="In English", cause=cause)
        told = await shows(dialog, PairingView(owner="x", outcome=failed))
        assert told["errors"]["base"] == "pairing_deadline_passed"
        assert ("method" in told["errors"]) == (OF_PAIRING[cause] in OF_WAITS)
        await dialog.answer(method="qr")


@pytest.mark.parametrize("error", [RuntimeError("broken"), LinkExpiredError()])
async def test_a_dialog_says_that_a_pairing_broke(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, error: Exception
) -> None:
    dialog = await scanning(hass, sim, add_entry)
    told = await shows(dialog, PairingView(owner="x"), error)
    assert told["errors"]["base"] in {"unexpected_error", "link_expired"}
    assert "broken" not in str(told)


@pytest.mark.parametrize("error", [CaFileError(), WutsConfigError()])
async def test_a_dialog_says_that_an_account_cannot_be_used(
    hass: HomeAssistant,
    sim: Simulator,
    add_entry: AddEntry,
    monkeypatch: pytest.MonkeyPatch,
    error: WutsError,
) -> None:
    entry = await add_entry(sim.world.add_device(name="Front desk"))

    async def fail(*_args: object) -> None:
        raise error

    monkeypatch.setattr(pairing_steps, "client_of", fail)
    assert (await Dialog.again(hass, entry)).result["reason"] in {
        "invalid_ca_file",
        "invalid_token",
    }
