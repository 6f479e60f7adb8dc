"""Links to a pairing page: made for one person, passed on to whoever holds the phone."""

import asyncio
import base64
import json
import logging
import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp import ClientSession, CookieJar
from pydantic import SecretStr

from scripts.lib.parts import free_port
from slack_app.app import running_app
from slack_app.messages import EN
from slack_app.operations.audit import AUDIT_LOGGER
from slack_app.settings import Mode, Settings
from tests.slack_app.pairing.test_slack_troubles import HASTE, pictures, shown_qr
from tests.slack_app.strict_slack import ANA, BOB, OPS, PATIENCE, StrictSlack
from tests.slack_app.team import read_qr
from wuts.supervisor.store import MemoryStore
from wuts_simulator import Simulator

PHONE = "5511912344321"
LINK = re.compile(r"http://127\.0\.0\.1:\d+/pair/[A-Za-z0-9_-]{43}")
_PICTURE = re.compile(r'data:image/png;base64,([^"]+)"')
OTHER_BROWSER = 403


@pytest.fixture
def settings(settings: Settings) -> Settings:
    port = free_port()
    public = {"public_url": f"http://127.0.0.1:{port}", "port": port, "public_proxies": 0}
    return settings.model_copy(update=public)


@pytest.fixture
async def browser() -> AsyncIterator[ClientSession]:
    async with a_browser() as session:
        yield session


def a_browser() -> ClientSession:
    return ClientSession(cookie_jar=CookieJar(unsafe=True))


async def link_of(strict: StrictSlack) -> str:
    """Wait for the newest link that one person alone was shown."""
    told = len(strict.private)
    await strict.until(lambda: any(LINK.search(str(one)) for one in strict.private))
    newest = [found[0] for one in strict.private if (found := LINK.search(str(one)))][-1]
    assert told <= len(strict.private)
    return newest


async def page(browser: ClientSession, link: str) -> str:
    async with browser.get(link) as answer:
        return await answer.text()


async def opened(browser: ClientSession, link: str) -> int:
    async with browser.post(link) as answer:
        return answer.status


async def qr_of(browser: ClientSession, link: str) -> str:
    """Read the QR of a page once there is one."""
    found = await until_page(browser, link, _PICTURE)
    return read_qr(base64.b64decode(found[1]))


async def until_page(browser: ClientSession, link: str, wanted: re.Pattern[str]) -> re.Match[str]:
    """Wait until a page has something in it."""
    async with asyncio.timeout(PATIENCE):
        while not (found := wanted.search(await page(browser, link))):  # noqa: ASYNC110 - a page
            await asyncio.sleep(0.05)
    return found


async def test_a_link_shows_the_codes_to_the_browser_that_opens_it_and_slack_the_outcome(
    strict: StrictSlack, gateway: Simulator, settings: Settings, browser: ClientSession
) -> None:
    device = gateway.world.add_device(name="Front desk")
    async with running_app(settings, tempo=HASTE):
        await strict.command(ANA, "pair Front desk link")
        link = await link_of(strict)
        await strict.says("I created a link.")
        # Whatever merely looks at the address, as previews of chats do, begins nothing.
        assert "Front desk" in await page(browser, link)
        assert gateway.world.requests.by_endpoint["POST /connect"] == 0
        assert await opened(browser, link) == 200
        payload = await qr_of(browser, link)
        await strict.says(EN.link_opened)
        assert pictures(strict) == {}
        gateway.world.scan(payload, PHONE)
        await strict.says(f"Paired with +55 11 … 4321, by <@{ANA}>.")
        assert _PICTURE.search(await page(browser, link)) is None
        assert "The phone is linked to Front desk." in await page(browser, link)
        assert gateway.world.device(device.id).is_connected


async def test_a_link_can_be_sent_from_beside_the_qr(
    strict: StrictSlack, gateway: Simulator, settings: Settings, browser: ClientSession
) -> None:
    gateway.world.add_device(name="Front desk")
    async with running_app(settings, tempo=HASTE):
        await strict.command(ANA, "pair Front desk")
        first = await shown_qr(strict)
        button = strict.buttons(first)["pairing_send_link"]
        await strict.click(ANA, button)
        link = await link_of(strict)
        # The code is a fresh one: there is time to pass the link on.
        await shown_qr(strict, other_than=first)
        assert await opened(browser, link) == 200
        gateway.world.scan(await qr_of(browser, link), PHONE)
        await strict.says("Paired with +55 11 … 4321")
        await strict.click(ANA, button)
        await strict.says(EN.pairing_over)


async def test_only_who_pairs_is_given_the_link(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    gateway.world.add_device(name="Front desk")
    allowed = settings.model_copy(update={"allow_users": frozenset({ANA, BOB})})
    async with running_app(allowed, tempo=HASTE):
        await strict.command(ANA, "pair Front desk")
        button = strict.buttons(await shown_qr(strict))["pairing_send_link"]
        await strict.click(BOB, button)
        await strict.says(EN.pairing_over)
        assert LINK.search(strict.said()) is None
        await strict.command(ANA, "pair Front desk link")
        await strict.says("<@U1ANA> is already pairing this device")
        assert LINK.search(strict.said()) is None


async def test_the_link_is_in_no_message_that_stays_no_notification_no_log_and_no_store(
    strict: StrictSlack,
    gateway: Simulator,
    settings: Settings,
    browser: ClientSession,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    gateway.world.add_device(name="Front desk")
    store = MemoryStore()
    async with running_app(settings, store=store, tempo=HASTE):
        await strict.command(ANA, "pair Front desk link")
        link = await link_of(strict)
        secret = link.rpartition("/")[2]
        assert await opened(browser, link) == 200
        await strict.says(EN.link_opened)
        assert secret not in json.dumps(list(strict.messages.values()))
        (shown,) = [one for one in strict.private if secret in str(one)]
        assert shown["response_type"] == "ephemeral"
        assert secret not in shown["text"]
        assert {channel for channel, _ in strict.messages} == {f"D{ANA}"}
        assert secret not in str(await store.entries("slack.pairing", "home"))
    ours = [one for one in caplog.records if not one.name.startswith(("aiohttp.client", "asyncio"))]
    assert [one for one in ours if secret in one.getMessage() and one.levelno > 10] == []
    assert OPS not in {channel for channel, _ in strict.messages}


async def test_what_happens_to_a_link_is_audited(
    strict: StrictSlack,
    gateway: Simulator,
    settings: Settings,
    browser: ClientSession,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, AUDIT_LOGGER)
    device = gateway.world.add_device(name="Front desk")
    async with running_app(settings, tempo=HASTE):
        await strict.command(ANA, "pair Front desk link")
        link = await link_of(strict)
        assert await opened(browser, link) == 200
        async with a_browser() as other:
            assert await opened(other, link) == OTHER_BROWSER
            assert await opened(other, f"{link[:-5]}wrong") == 404
        gateway.world.scan(await qr_of(browser, link), PHONE)
        await strict.says("Paired with")
    lines = [one.__dict__["audit"] for one in caplog.records if one.name == AUDIT_LOGGER]
    told = [
        (line["outcome"], line["user"], line["device"]) for line in lines if line["deed"] == "link"
    ]
    assert told == [
        ("made", ANA, device.id),
        ("opened", ANA, device.id),
        ("refused", ANA, device.id),
        ("refused", "", ""),
        ("linked", ANA, device.id),
    ]
    assert {line.get("peer") for line in lines if line["outcome"] == "refused"} == {"127.0.0.1"}
    assert link.rpartition("/")[2] not in str(lines)


@pytest.mark.slow
async def test_a_link_that_nobody_opens_ends_and_says_so(
    strict: StrictSlack, gateway: Simulator, settings: Settings, browser: ClientSession
) -> None:
    gateway.world.add_device(name="Front desk")
    short = settings.model_copy(update={"link_minutes": 1 / 60})
    async with running_app(short, tempo=HASTE):
        await strict.command(ANA, "pair Front desk link")
        link = await link_of(strict)
        await strict.says(EN.link_not_opened)
        assert set(strict.buttons(EN.link_not_opened)) == {"pair"}
        assert await opened(browser, link) == 410
    assert gateway.world.requests.by_endpoint["POST /connect"] == 0


async def test_a_pairing_that_is_cancelled_ends_its_link(
    strict: StrictSlack, gateway: Simulator, settings: Settings, browser: ClientSession
) -> None:
    gateway.world.add_device(name="Front desk")
    async with running_app(settings, tempo=HASTE):
        await strict.command(ANA, "pair Front desk link")
        link = await link_of(strict)
        await strict.says("I created a link.")
        await strict.click(ANA, strict.buttons("pairing_cancel")["pairing_cancel"])
        await strict.says(EN.pairing_cancelled)
        assert await opened(browser, link) == 410


async def test_the_page_is_told_what_became_of_the_pairing_although_slack_does_not_answer(
    strict: StrictSlack, gateway: Simulator, settings: Settings, browser: ClientSession
) -> None:
    device = gateway.world.add_device(name="Front desk")
    async with running_app(settings, tempo=replace(HASTE, first_retry=0.5)):
        await strict.command(ANA, "pair Front desk link")
        link = await link_of(strict)
        strict.cut["chat.update"] = 1_000
        assert await opened(browser, link) == 200
        await qr_of(browser, link)
        gateway.world.scan_device(device.id, PHONE)
        await until_page(browser, link, re.compile("The phone is linked to Front desk"))
        strict.cut.clear()
        await strict.says("Paired with +55 11 … 4321")


async def test_without_a_public_address_there_are_no_links_and_no_server(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    gateway.world.add_device(name="Front desk")
    private = settings.model_copy(update={"public_url": ""})
    async with running_app(private, tempo=HASTE) as app:
        assert app.port is None
        await strict.command(ANA, "pair Front desk link")
        await strict.says(EN.links_off)
        await strict.command(ANA, "pair Front desk")
        assert "pairing_send_link" not in strict.buttons(await shown_qr(strict))


async def test_in_http_mode_the_pages_are_on_slacks_own_server(
    strict: StrictSlack, gateway: Simulator, settings: Settings, browser: ClientSession
) -> None:
    device = gateway.world.add_device(name="Front desk")
    by_http = {"mode": Mode.HTTP, "signing_secret": SecretStr("signing-secret")}
    async with running_app(settings.model_copy(update=by_http), tempo=HASTE) as app:
        await app.services.accounts.refresh("home")
        line = app.services.accounts.find(device.id)
        sent = await app.services.pairings.start(line, ANA, EN, by_link=True)
        assert sent is not None
        assert sent.url not in repr(sent)
        assert await opened(browser, sent.url) == 200
        gateway.world.scan(await qr_of(browser, sent.url), PHONE)
        await strict.says("Paired with +55 11 … 4321")


@pytest.mark.slow
async def test_a_device_whose_name_ends_like_the_command_is_paired_as_any_other(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    gateway.world.add_device(name="Uplink link")
    async with running_app(settings, tempo=HASTE) as app:
        await app.services.accounts.refresh("home")
        await strict.command(ANA, "pair Uplink link")
        await shown_qr(strict)


async def test_an_unknown_name_is_offered_to_be_created_and_no_link_made(
    strict: StrictSlack, settings: Settings
) -> None:
    async with running_app(settings, tempo=HASTE):
        await strict.command(ANA, "pair Nowhere link")
        await strict.says("There is no device named *Nowhere*")
        assert LINK.search(strict.said()) is None
