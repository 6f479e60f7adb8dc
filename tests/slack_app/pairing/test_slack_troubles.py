"""A pairing outlives what goes wrong between the app and Slack, and leaves no dead QR there."""

from dataclasses import replace

import pytest

from slack_app.app import running_app
from slack_app.pairing.drawing import MOST
from slack_app.settings import Settings
from tests.slack_app.conftest import GATEWAY_TOKEN
from tests.slack_app.slack_server import picture_id
from tests.slack_app.strict_files import Sent
from tests.slack_app.strict_slack import ANA, StrictSlack
from tests.slack_app.team import read_qr
from tests.slack_app.test_evidence import TEMPO
from wuts_simulator import Settings as GatewaySettings
from wuts_simulator import Simulator
from wuts_simulator.pytest_plugin import StartGateway

PHONE = "5511912344321"
HASTE = replace(TEMPO, first_retry=0.05)
HTML = (503, "text/html", "<html>Bad gateway</html>")
TROUBLES = {
    "page": HTML,
    "odd": (200, "text/plain", "ok"),
    "list": (200, "application/json", "[]"),
    "internal": (200, "application/json", '{"ok": false, "error": "internal_error"}'),
    "500": (500, "application/json", '{"ok": false, "error": "fatal_error"}'),
}


def short_lived(
    start: StartGateway, settings: Settings, qr_first_life: float
) -> tuple[Simulator, Settings]:
    """Return a gateway whose first QRs live so many seconds, and the app's settings for it."""
    tokens = (("home", GATEWAY_TOKEN),)
    gateway = start(GatewaySettings(tokens=tokens, connecting_for=0.0, qr_first_life=qr_first_life))
    home = settings.accounts["home"].model_copy(update={"url": gateway.url})
    return gateway, settings.model_copy(update={"accounts": {"home": home}})


def pictures(strict: StrictSlack) -> dict[str, Sent]:
    """Return the messages that show a QR, by the id of its file."""
    named = {picture_id(sent): sent for sent in strict.messages.values()}
    return {name: sent for name, sent in named.items() if name is not None}


async def shown_qr(strict: StrictSlack, *, other_than: str = "") -> str:
    """Wait for a QR that can be scanned; return its file's id."""

    def ready() -> list[str]:
        return [name for name in pictures(strict) if name in strict.files.names]

    await strict.until(lambda: any(name != other_than for name in ready()))
    return next(name for name in ready() if name != other_than)


def scan(strict: StrictSlack, gateway: Simulator, file_id: str) -> None:
    gateway.world.scan(read_qr(strict.files.contents[file_id]), PHONE)


@pytest.mark.parametrize("method", ["chat.update", "chat.postMessage", "files.info"])
@pytest.mark.parametrize("trouble", TROUBLES)
async def test_one_call_that_fails_does_not_end_a_pairing(
    method: str, trouble: str, strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    gateway.world.add_device(name="Front desk")
    async with running_app(settings, tempo=HASTE):
        strict.page[method] = [TROUBLES[trouble]]
        await strict.command(ANA, "pair Front desk")
        scan(strict, gateway, await shown_qr(strict))
        await strict.says("Paired with +55 11 … 4321")
        assert strict.page[method] == []
        await strict.until(lambda: not strict.files.names)


async def test_a_call_that_slack_loses_does_not_end_a_pairing(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    gateway.world.add_device(name="Front desk")
    async with running_app(settings, tempo=HASTE):
        # The library of Slack's repeats one by itself.
        strict.cut["chat.update"] = 3
        await strict.command(ANA, "pair Front desk")
        scan(strict, gateway, await shown_qr(strict))
        await strict.says("Paired with +55 11 … 4321")
        assert strict.cut["chat.update"] == 0


async def test_a_qr_that_is_replaced_is_deleted_although_slack_does_not_show_the_new_one(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    gateway.world.add_device(name="Front desk")
    async with running_app(settings, tempo=replace(HASTE, first_retry=0.5)):
        await strict.command(ANA, "pair Front desk")
        first = await shown_qr(strict)
        strict.page["chat.update"] = [HTML] * (MOST - 2)
        await strict.click(ANA, strict.buttons(first)["pairing_new_code"])
        await strict.until(lambda: first not in strict.files.names)
        assert strict.page["chat.update"], "it was deleted while the old message was up"
        scan(strict, gateway, await shown_qr(strict, other_than=first))
        await strict.says("Paired with")


async def test_a_message_that_somebody_deletes_is_posted_again_with_the_next_code(
    strict: StrictSlack, settings: Settings, start_wuts_gateway: StartGateway
) -> None:
    gateway, settings = short_lived(start_wuts_gateway, settings, qr_first_life=1.0)
    gateway.world.add_device(name="Front desk")
    async with running_app(settings, tempo=HASTE):
        await strict.command(ANA, "pair Front desk")
        first = await shown_qr(strict)
        strict.messages.clear()
        scan(strict, gateway, await shown_qr(strict, other_than=first))
        await strict.says("Paired with")
        assert len(strict.messages) == 1


async def test_a_message_that_is_deleted_just_before_the_end_tells_it_all_the_same(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    device = gateway.world.add_device(name="Front desk")
    async with running_app(settings, tempo=HASTE):
        await strict.command(ANA, "pair Front desk")
        await shown_qr(strict)
        strict.messages.clear()
        gateway.world.scan_device(device.id, PHONE)
        await strict.says("Paired with +55 11 … 4321")
        await strict.until(lambda: not strict.files.names)


async def test_a_slack_that_shows_nothing_for_long_ends_the_pairing(
    strict: StrictSlack, settings: Settings, start_wuts_gateway: StartGateway
) -> None:
    gateway, settings = short_lived(start_wuts_gateway, settings, qr_first_life=2.0)
    gateway.world.add_device(name="Front desk")
    async with running_app(settings, tempo=HASTE):
        await strict.command(ANA, "pair Front desk")
        await shown_qr(strict)
        strict.page["chat.update"] = [HTML] * (MOST + 1)
        await strict.says("Slack could not do that (unreadable_answer)")
        assert strict.page["chat.update"] == []
        await strict.until(lambda: not strict.files.names)
