"""What a person does with the integration, from its archive to a repair.

Each test continues where the one before it ended.
"""

import io

import pytest
from PIL import Image

from scripts.lib.home_page import SIZES, SMALL_PHONE, THEMES, HomePage, Look, home_page
from tests.home_assistant.house import OTHER_NUMBER, TOKEN, House, keep
from wuts_simulator.messages import Message

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.chromium,
    pytest.mark.timeout(900),
]

NUMBER = "5511999999999"
SHUT, OPEN = (200, 30, 30), (30, 200, 30)
MUST_BE_PAIRED = "Front desk must be paired again"


async def test_who_searches_whatsapp_finds_it(window: HomePage) -> None:
    await window.show("/config/integrations/dashboard")
    await window.click("Add integration")
    await window.page.get_by_placeholder("Search for a brand name").fill("whatsapp")
    await window.says("WUTS for WhatsApp")
    await keep(window, "search")
    await window.click_text("WUTS for WhatsApp")
    await window.says("Enter the token of your WUTS account")
    await window.close()


async def test_an_account_is_added_with_its_token(house: House, window: HomePage) -> None:
    await window.begin_account()
    await window.fill_account("wrong", house.sim.url)
    await window.click("Submit")
    await window.says("The gateway refused the token")
    await window.fill_account(TOKEN, house.sim.url)
    await keep(window, "account")
    await window.click("Submit")
    await window.says("Create a device")


async def test_a_first_qr_expires_and_the_second_pairs_the_device(
    house: House, window: HomePage
) -> None:
    await window.fill("Front desk")
    await window.click("Submit")
    await window.choose_qr()
    first = await window.qr()
    await keep(window, "qr-light")
    second = await window.qr(other_than=first)
    house.secrets |= {first, second, NUMBER}
    device = house.sim.world.scan(second, NUMBER)
    await window.says("Checking that it stays connected")
    await window.click("Finish")
    assert device.phone == NUMBER
    assert device.name == "Front desk"


async def test_the_devices_entities_appear(house: House, window: HomePage) -> None:
    await house.until("binary_sensor.front_desk_connectivity", "on")
    await house.until("sensor.front_desk_state", "connected")
    await house.until("switch.front_desk_keep_connected", "on")
    await window.show_device("Front desk")
    await window.says("Keep connected")
    await keep(window, "device")


async def test_what_a_camera_sees_arrives_on_the_other_phone(house: House) -> None:
    """Each snapshot, decoded as the phone has it: the door is shut, then it is open."""
    house.secrets.add(OTHER_NUMBER)
    seen_by_camera = house.home.media / "doorbell.png"
    Image.new("RGB", (320, 240), SHUT).save(seen_by_camera)
    await house.fill_flow("local_file", {"file_path": str(seen_by_camera)})
    await house.until_there("camera.doorbell")
    for colour, words in ((SHUT, "Somebody rang"), (OPEN, "The door is open")):
        Image.new("RGB", (320, 240), colour).save(seen_by_camera)
        to = {"to": f"+{OTHER_NUMBER}", "message": words}
        await house.send("sensor.front_desk_state", media="camera.doorbell", **to)
        picture = house.sim.world.messages[-1]
        assert (picture.kind, picture.text) == ("image", words)
        with Image.open(io.BytesIO(content_of(picture))) as image:
            assert (image.size, image.getpixel((160, 120))) == ((320, 240), colour)
    house.secrets |= {message.text for message in house.sim.world.messages}


async def test_pictures_and_files_of_the_home_arrive_on_the_other_phone(house: House) -> None:
    """What an image shows, and a file of the media folder, decoded as the phone has them."""
    house.secrets.add("Somebody is there")
    await house.until_there("image.front_door")
    words = {"to": f"+{OTHER_NUMBER}", "message": "Somebody is there"}
    await house.send("sensor.front_desk_state", media="image.front_door", **words)
    bill = house.home.media / "Bill of May.pdf"
    bill.write_bytes(b"%PDF-1.7 for the tests")
    source = f"media-source://media_source/local/{bill.name}"
    await house.send("sensor.front_desk_state", media=source, **words)
    picture, document = house.sim.world.messages[-2:]
    assert Image.open(io.BytesIO(content_of(picture))).size == (192, 192)
    assert (picture.kind, picture.text) == ("image", "Somebody is there")
    assert document.file is not None
    assert (content_of(document), document.file.file_name) == (bill.read_bytes(), bill.name)


def content_of(message: Message) -> bytes:
    """Return the file of a message, which must have one."""
    assert message.file is not None
    assert message.file.content is not None
    return message.file.content


async def test_a_qr_can_be_read_in_every_theme_and_width(house: House) -> None:
    house.sim.world.add_device("home", "Workshop")
    for theme in THEMES:
        async with home_page(house.browser, house.home.url, Look(theme=theme)) as window:
            await window.add_device()
            await window.choose_device("Workshop")
            await window.choose_qr()
            await window.says("Link a phone to Workshop")
            for size in SIZES:
                await window.resize(size)
                house.secrets.add(await window.qr())
                await keep(window, f"qr-{theme}-{size[0]}")
            await window.resize(SMALL_PHONE)
            assert await window.qr_width() >= 300
            await window.close()


async def test_a_code_instead_of_the_qr_and_the_qr_instead_of_the_code(house: House) -> None:
    house.secrets.add(OTHER_NUMBER)
    (device,) = [one for one in house.devices() if one.name == "Workshop"]
    async with home_page(house.browser, house.home.url, Look(size=SMALL_PHONE)) as window:
        await window.add_device()
        await window.choose_device("Workshop")
        await window.choose_qr()
        first = await window.qr()
        await window.click_text("New QR code")
        second = await window.qr(other_than=first)
        await window.click_text("Use a code instead")
        await window.fill(f"+{OTHER_NUMBER}")
        await window.click("Submit")
        await window.says("Link with phone number instead")
        await keep(window, "code")
        await window.click_text("Show the QR code")
        third = await window.qr()
        await window.click_text("Show it large")
        async with window.page.expect_popup() as opened:
            await window.click_text("/api/wuts/pair/")
        page = HomePage(await opened.value, house.home.url)
        house.secrets.add(page.page.url.rpartition("/")[2])
        await page.click("Show")
        payload = await page.qr()
        await keep(page, "page")
        await window.says("is open")
        house.secrets |= {first, second, third, payload}
        house.sim.world.scan(payload, OTHER_NUMBER)
        await window.click("Finish")
    assert device.phone == OTHER_NUMBER
    await house.until("sensor.workshop_state", "connected")


async def test_unlinking_on_the_phone_raises_a_repair(house: House, window: HomePage) -> None:
    (device,) = [one for one in house.devices() if one.name == "Front desk"]
    house.sim.world.unlink(device.id)
    await window.show("/config/repairs")
    await window.says(MUST_BE_PAIRED)
    await keep(window, "repairs")
    await house.until("sensor.front_desk_state", "needs_pairing")


def ours(states: dict[str, str]) -> set[str]:
    """Return our devices' entities; those of Home Assistant's own parts come when they like."""
    return {name for name in states if "front_desk" in name or "workshop" in name}


async def test_a_restart_loses_nothing_and_tells_nothing_twice(house: House) -> None:
    paused = "switch.workshop_keep_connected"
    await house.act("switch", "turn_off", paused)
    await house.until(paused, "off")
    told = (await house.states())["event.front_desk_session"]
    before = ours(await house.states())
    await house.stop()
    await house.start()
    await house.until("sensor.front_desk_state", "needs_pairing")
    await house.until(paused, "off")
    assert ours(await house.states()) == before
    assert (await house.states())["event.front_desk_session"] == told


async def test_the_repair_is_fixed_by_scanning_in_its_dialog(
    house: House, window: HomePage
) -> None:
    await window.show("/config/repairs")
    await window.click_text(MUST_BE_PAIRED)
    await window.choose_qr()
    payload = await window.qr()
    await keep(window, "repair")
    house.secrets.add(payload)
    house.sim.world.scan(payload, NUMBER)
    await window.says("The issue is repaired")
    await window.click("Finish")
    await house.until("sensor.front_desk_state", "connected")
    await window.show("/config/repairs")
    await window.says("Repairs")
    await window.says_no_more(MUST_BE_PAIRED)


async def test_no_secret_is_in_any_log_and_nothing_went_wrong(house: House) -> None:
    logged = house.logged()
    assert "custom_components.wuts" in logged
    assert [secret for secret in house.secrets if secret in logged] == []
    wrong = [line for line in logged.splitlines() if "ERROR" in line and "wuts" in line]
    assert wrong == []
    assert "custom_components/wuts/" not in logged, "a traceback leads through our code"
