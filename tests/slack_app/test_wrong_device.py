"""While a gateway answers about other devices, nobody can unlink or disconnect anything there."""

from collections.abc import Callable

import pytest

from slack_app.settings import Settings
from tests.core.wuts.deaf_gateway import SECOND
from tests.slack_app.many_devices import ListedGateway
from tests.slack_app.strict_slack import ANA, StrictSlack
from tests.slack_app.test_evidence import audit, serving, unlink_button

__all__ = ["audit"]

ALERT = "The gateway of *home* answers about the wrong device"


@pytest.mark.slow
async def test_an_unlinking_that_is_answered_wrongly_raises_the_alert_and_is_the_last_change(
    strict: StrictSlack, settings: Settings, audit: Callable[[], list[str]]
) -> None:
    async with (
        ListedGateway("/logout", names="meant", devices=(SECOND,)) as raw,
        serving(raw, settings) as app,
    ):
        await app.services.accounts.refresh("home")
        await strict.click(ANA, unlink_button())
        await strict.says("answered about another device")
        await strict.says(ALERT)
        for button in ("unlink_and_pair", "unlink_anyway"):
            strict.private.clear()
            await strict.click(ANA, unlink_button() | {"action_id": button})
            await strict.says("I did not unlink *Device-2*")
        await strict.command(ANA, "disconnect Device-2")
        await strict.says("I paused *Device-2* but did not disconnect it")
        await strict.command(ANA, "status")
        await strict.says("paused")
        assert raw.changes == ["/logout"]
    assert audit() == ["unlink: failed"] * 3 + ["disconnect: failed"]


@pytest.mark.slow
async def test_a_disconnect_that_is_answered_wrongly_forbids_an_unlinking(
    strict: StrictSlack, settings: Settings
) -> None:
    async with ListedGateway("/disconnect", names="meant") as raw, serving(raw, settings) as app:
        await app.services.accounts.refresh("home")
        await disconnect(strict)
        await strict.says(ALERT)
        await strict.click(ANA, unlink_button())
        await strict.says("I did not unlink *Device-2*: the gateway of *home* answers about")
        assert raw.changes == ["/disconnect"]


@pytest.mark.slow
async def test_the_reason_is_told_in_the_persons_language(
    strict: StrictSlack, settings: Settings
) -> None:
    strict.locale = "pt-BR"
    async with ListedGateway("/disconnect", names="meant") as raw, serving(raw, settings) as app:
        await app.services.accounts.refresh("home")
        await disconnect(strict)
        await strict.says(ALERT)
        await strict.click(ANA, unlink_button())
        await strict.says("Não desvinculei *Device-2*")
        await strict.command(ANA, "disconnect Device-2")
        await strict.says("Pausei *Device-2*, mas não o desconectei")
        assert raw.changes == ["/disconnect"]


async def disconnect(strict: StrictSlack) -> None:
    """Ask for it, and answer the question."""
    await strict.command(ANA, "disconnect Device-2")
    await strict.until(lambda: "disconnect_anyway" in strict.buttons("Device-2"))
    await strict.click(ANA, strict.buttons("Device-2")["disconnect_anyway"])
