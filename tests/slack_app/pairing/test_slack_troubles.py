"""A pairing outlives what goes wrong between the app and Slack, and leaves no dead QR there."""

import json
from dataclasses import replace

import pytest

from slack_app.app import running_app
from slack_app.messages import EN
from slack_app.pairing.drawing import MOST, OFTEN
from slack_app.settings import Settings
from slack_app.slack.transient import MOST as REPEATED
from tests.slack_app.conftest import GATEWAY_TOKEN
from tests.slack_app.slack_server import picture_id
from tests.slack_app.strict_files import Sent
from tests.slack_app.strict_slack import ANA, StrictSlack
from tests.slack_app.team import read_qr
from tests.slack_app.test_evidence import TEMPO
from wuts.supervisor.store import MemoryStore
from wuts_simulator import Settings as GatewaySettings
from wuts_simulator import Simulator
from wuts_simulator.pytest_plugin import StartGateway

PHONE = "5511912344321"
HASTE = replace(TEMPO, first_retry=0.05)
TRIES = 1 + REPEATED
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
        # Slack's library repeats one on its own.
        strict.cut["chat.update"] = 3
        await strict.command(ANA, "pair Front desk")
        scan(strict, gateway, await shown_qr(strict))
        await strict.says("Paired with +55 11 … 4321")
        assert strict.cut["chat.update"] == 0


@pytest.mark.slow
async def test_a_qr_that_is_replaced_is_deleted_although_slack_does_not_show_the_new_one(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    gateway.world.add_device(name="Front desk")
    async with running_app(settings, tempo=replace(HASTE, first_retry=0.5)):
        await strict.command(ANA, "pair Front desk")
        first = await shown_qr(strict)
        strict.page["chat.update"] = [HTML] * (MOST - 2) * TRIES
        await strict.click(ANA, strict.buttons(first)["pairing_new_code"])
        await strict.until(lambda: first not in strict.files.names)
        assert strict.page["chat.update"], "it was deleted while the old message was up"
        scan(strict, gateway, await shown_qr(strict, other_than=first))
        await strict.says("Paired with")


@pytest.mark.slow
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


@pytest.mark.slow
async def test_a_slack_that_shows_nothing_for_long_ends_nothing(
    strict: StrictSlack, settings: Settings, start_wuts_gateway: StartGateway
) -> None:
    gateway, settings = short_lived(start_wuts_gateway, settings, qr_first_life=2.0)
    gateway.world.add_device(name="Front desk")
    async with running_app(settings, tempo=replace(HASTE, first_retry=0.01)):
        await strict.command(ANA, "pair Front desk")
        first = await shown_qr(strict)
        strict.page["chat.update"] = [HTML] * 8 * TRIES
        await strict.until(lambda: not strict.page["chat.update"])
        scan(strict, gateway, await shown_qr(strict, other_than=first))
        await strict.says("Paired with +55 11 … 4321")


@pytest.mark.parametrize("code", ["file_uploads_disabled", "storage_limit_reached"])
async def test_where_slack_takes_no_pictures_a_pair_code_is_offered(
    code: str, strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    gateway.world.add_device(name="Front desk")
    body = json.dumps({"ok": False, "error": code})
    strict.page["files.getUploadURLExternal"] = [(200, "application/json", body)]
    async with running_app(settings, tempo=HASTE):
        await strict.command(ANA, "pair Front desk")
        await strict.says("pairing_use_code")
        assert "slack_file" not in strict.said()
        # It has not ended: the way that needs no picture is there.
        await strict.click(ANA, strict.buttons("pairing_use_code")["pairing_cancel"])
        await strict.says("Cancelled")
    assert strict.count("files.getUploadURLExternal") == 1


@pytest.mark.slow
async def test_where_slack_loses_pictures_a_pair_code_is_offered_and_the_next_one_tried(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    gateway.world.add_device(name="Front desk")
    strict.page["files.info"] = [HTML] * OFTEN * TRIES
    async with running_app(settings, tempo=HASTE):
        await strict.command(ANA, "pair Front desk")
        await strict.says(EN.picture_not_taken)
        scan(strict, gateway, await shown_qr(strict))
        await strict.says("Paired with +55 11 … 4321")


@pytest.mark.slow
async def test_nothing_is_rewritten_while_a_qr_is_up(
    strict: StrictSlack, settings: Settings, start_wuts_gateway: StartGateway
) -> None:
    gateway, settings = short_lived(start_wuts_gateway, settings, qr_first_life=4.0)
    gateway.world.add_device(name="Front desk")
    async with running_app(settings, tempo=HASTE):
        await strict.command(ANA, "pair Front desk")
        first = await shown_qr(strict)
        await shown_qr(strict, other_than=first)
        # One for each QR: the time left needs none.
        assert strict.count("chat.update") == 2
        assert strict.count("chat.postMessage") == 1


@pytest.mark.slow
async def test_a_qr_is_taken_down_in_time_although_the_next_picture_is_late(
    strict: StrictSlack, settings: Settings, start_wuts_gateway: StartGateway
) -> None:
    gateway, settings = short_lived(start_wuts_gateway, settings, qr_first_life=2.0)
    gateway.world.add_device(name="Front desk")
    async with running_app(settings, tempo=HASTE):
        await strict.command(ANA, "pair Front desk")
        first = await shown_qr(strict)
        strict.files.looks = 1_000
        await strict.until(lambda: first not in pictures(strict))
        assert EN.pairing_preparing in strict.said()
        await strict.until(lambda: first not in strict.files.names)
        strict.files.looks = 0
        await shown_qr(strict, other_than=first)


async def test_somebody_without_direct_messages_is_told_and_nothing_is_left(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    gateway.world.add_device(name="Front desk")
    body = json.dumps({"ok": False, "error": "user_disabled"})
    strict.page["conversations.open"] = [(200, "application/json", body)] * 2
    store = MemoryStore()
    async with running_app(settings, store=store, tempo=HASTE):
        await strict.command(ANA, "pair Front desk")
        await strict.until(lambda: bool(strict.private))
        assert strict.count("chat.postMessage") == 0
        assert await store.entries("slack.pairing", "home") == {}
        # Nobody holds the device: the next one may pair it.
        strict.page["conversations.open"] = []
        await strict.command(ANA, "pair Front desk")
        await shown_qr(strict)
        assert strict.count("conversations.open") == 2


async def test_the_direct_messages_are_opened_once(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    for name in ("Front desk", "Kiosk"):
        gateway.world.add_device(name=name)
    async with running_app(settings, tempo=HASTE):
        for name in ("Front desk", "Kiosk"):
            await strict.command(ANA, f"pair {name}")
            await strict.says(f"Pair {name}")
    assert strict.count("conversations.open") == 1
