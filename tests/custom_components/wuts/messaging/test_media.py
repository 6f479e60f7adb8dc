"""A file of a media folder, a camera's or image's picture, and an address, as they arrive."""

import io
import os
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any, override

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from homeassistant.components import camera, image
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.entity_component import EntityComponent
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from PIL import Image

from custom_components.wuts.core.media import LONGEST_MEDIA
from tests.custom_components.wuts.helpers import AddEntry
from tests.custom_components.wuts.test_services import Actions
from wuts_simulator import Device, Simulator
from wuts_simulator.messages import SentFile

PHONE = "5511977776666"


def picture(kind: str = "JPEG") -> bytes:
    file = io.BytesIO()
    Image.effect_noise((160, 120), 90).convert("RGB").save(file, kind)
    return file.getvalue()


class Door(camera.Camera):
    """A camera that shows a picture."""

    _attr_name: str | None = "Door"

    def __init__(self, content: bytes | None) -> None:
        super().__init__()
        self._content = content

    @override
    async def async_camera_image(
        self, width: int | None = None, height: int | None = None
    ) -> bytes | None:
        return self._content


class Plan(image.ImageEntity):
    """An image that says that it is a JPEG, and is a PNG."""

    _attr_name: str | None = "Plan"
    _attr_image_last_updated: datetime | None = dt_util.utcnow()

    def __init__(self, hass: HomeAssistant, content: bytes) -> None:
        super().__init__(hass)
        self._content = content

    @override
    async def async_image(self) -> bytes | None:
        return self._content


@pytest.fixture
def media_folder(hass: HomeAssistant, tmp_path: Path) -> Path:
    """A folder of Home Assistant's media."""
    hass.config.media_dirs = {"local": str(tmp_path)}
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    return tmp_path


@pytest.fixture
async def actions(
    hass: HomeAssistant, media_folder: Path, add_entry: AddEntry, device: Device
) -> Actions:
    return Actions(hass, await add_entry(device))


async def add(hass: HomeAssistant, platform: str, entity: Any) -> None:  # noqa: ANN401 - of either
    assert await async_setup_component(hass, platform, {})
    component: EntityComponent[Any] = hass.data[platform]
    await component.async_add_entities([entity])
    await hass.async_block_till_done()


def arrived(sim: Simulator) -> SentFile:
    (message,) = sim.world.messages
    assert message.file is not None
    return message.file


def opened(file: SentFile) -> Image.Image:
    """Return the picture as the other phone decodes it."""
    assert file.content is not None
    decoded = Image.open(io.BytesIO(file.content))
    decoded.load()
    return decoded


async def send(actions: Actions, media: object, **more: object) -> None:
    await actions.ask("send_message", to=PHONE, media=media, **more)


@pytest.mark.parametrize(
    "chosen",
    [
        "camera.door",
        "media-source://camera/camera.door",
        {"media_content_id": "media-source://camera/camera.door", "media_content_type": "video/x"},
    ],
)
async def test_what_a_camera_shows_arrives(
    hass: HomeAssistant, actions: Actions, sim: Simulator, chosen: object
) -> None:
    jpeg = picture()
    await add(hass, "camera", Door(jpeg))
    await send(actions, chosen, message="Who is there?", view_once=True)
    file = arrived(sim)
    assert (file.content, file.mime_type, file.view_once) == (jpeg, "image/jpeg", True)
    assert opened(file).size == (160, 120)
    assert sim.world.messages[0].text == "Who is there?"
    assert sim.world.messages[0].kind == "image"


async def test_what_an_image_shows_arrives_as_what_it_is(
    hass: HomeAssistant, actions: Actions, sim: Simulator
) -> None:
    await add(hass, "image", Plan(hass, picture("PNG")))
    await send(actions, "image.plan")
    assert arrived(sim).mime_type == "image/png"
    assert opened(arrived(sim)).format == "PNG"


async def test_a_file_of_the_media_folder_arrives(
    hass: HomeAssistant, actions: Actions, sim: Simulator, media_folder: Path
) -> None:
    (media_folder / "Door 1.jpg").write_bytes(jpeg := picture())
    source = "media-source://media_source/local/Door 1.jpg"
    chosen = {"media_content_id": source, "media_content_type": "image/jpeg", "metadata": {}}
    await send(actions, chosen)
    assert arrived(sim).content == jpeg


async def test_a_path_that_is_allowed_is_a_document_with_its_name(
    hass: HomeAssistant, actions: Actions, sim: Simulator, media_folder: Path
) -> None:
    (media_folder / "Conta de luz.pdf").write_bytes(b"%PDF-1.7 bill")
    await send(actions, str(media_folder / "Conta de luz.pdf"), message="May")
    file = arrived(sim)
    assert (file.content, file.mime_type) == (b"%PDF-1.7 bill", "application/pdf")
    assert file.file_name == "Conta de luz.pdf"
    assert sim.world.messages[0].kind == "document"


async def test_a_picture_can_be_sent_as_a_document_under_another_name(
    hass: HomeAssistant, actions: Actions, sim: Simulator, media_folder: Path
) -> None:
    (media_folder / "a.jpg").write_bytes(picture())
    path = str(media_folder / "a.jpg")
    await send(actions, path, media_kind="document", file_name="../The door.jpg")
    assert sim.world.messages[0].kind == "document"
    assert arrived(sim).file_name == "The door.jpg"


async def test_a_sound_is_sent_as_a_voice_note(
    hass: HomeAssistant, actions: Actions, sim: Simulator, media_folder: Path
) -> None:
    (media_folder / "bell.ogg").write_bytes(b"OggS\0\2bell")
    await send(actions, str(media_folder / "bell.ogg"), voice_note=True)
    assert arrived(sim).voice_note
    assert sim.world.messages[0].kind == "audio"


@pytest.fixture
async def site(hass: HomeAssistant, socket_enabled: None) -> AsyncIterator[str]:
    """A site that Home Assistant may read."""

    async def serve(request: web.Request) -> web.StreamResponse:
        match request.path:
            case "/door.jpg":
                return web.Response(body=picture(), content_type="image/jpeg")
            case "/large":
                return web.Response(body=bytes(LONGEST_MEDIA + 1))
            case "/elsewhere":
                raise web.HTTPFound("/door.jpg")
            case "/packed":
                return web.Response(body=picture(), headers={"Content-Encoding": "x"})
        raise web.HTTPNotFound

    app = web.Application()
    app.router.add_get("/{path}", serve)
    async with TestServer(app) as server:
        hass.config.allowlist_external_urls = {str(server.make_url("/"))}
        yield str(server.make_url(""))


async def test_a_file_from_an_address_that_is_allowed_arrives(
    actions: Actions, sim: Simulator, site: str
) -> None:
    await send(actions, f"{site}/door.jpg")
    assert opened(arrived(sim)).size == (160, 120)
    assert arrived(sim).url is None, "the gateway needs no address"


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/missing", "media_unreadable"),
        ("/elsewhere", "media_unreadable"),
        ("/packed", "media_unreadable"),
        ("/large", "media_too_large"),
    ],
)
async def test_what_an_address_does_not_have_is_told(
    actions: Actions, sim: Simulator, site: str, path: str, key: str
) -> None:
    with pytest.raises(HomeAssistantError) as raised:
        await send(actions, f"{site}{path}")
    assert raised.value.translation_key == key
    assert sim.world.messages == []


async def test_a_camera_that_shows_nothing_is_told(
    hass: HomeAssistant, actions: Actions, sim: Simulator
) -> None:
    await add(hass, "camera", Door(None))
    with pytest.raises(HomeAssistantError) as raised:
        await send(actions, "camera.door")
    assert raised.value.translation_key == "snapshot_failed"
    assert sim.world.messages == []


@pytest.mark.parametrize(
    ("media", "key"),
    [
        ("/etc/passwd", "media_not_allowed"),
        ("{folder}/../secret", "media_not_allowed"),
        ("{folder}/link", "media_not_allowed"),
        ("{folder}/missing.jpg", "media_not_found"),
        ("{folder}", "media_not_found"),
        ("{folder}/pipe", "media_not_found"),
        ("{folder}/large", "media_too_large"),
        ("{folder}/empty", "invalid_input"),
        ("media-source://media_source/local/missing.jpg", "media_not_found"),
        ("media-source://media_source/local/../secret", "media_not_found"),
        ("media-source://media_source/elsewhere/a.jpg", "media_not_found"),
        ("media-source://nothing/x", "media_not_found"),
        ("media-source://", "media_not_found"),
        ("image.plan", "media_not_found"),
        ("camera.gone", "media_not_found"),
        ("door.jpg", "media_not_found"),
        ("https://example.com/door.jpg", "media_not_allowed"),
        ("http://169.254.169.254/latest", "media_not_allowed"),
        ("https://[", "media_not_found"),
        ("file:///etc/passwd", "media_not_found"),
    ],
)
async def test_what_may_not_be_sent_is_refused_aloud(
    hass: HomeAssistant,
    actions: Actions,
    sim: Simulator,
    media_folder: Path,
    caplog: pytest.LogCaptureFixture,
    media: str,
    key: str,
) -> None:
    (media_folder.parent / "secret").write_text("a secret")
    (media_folder / "link").symlink_to("/etc/passwd")
    os.mkfifo(media_folder / "pipe")
    (media_folder / "empty").touch()
    with (media_folder / "large").open("wb") as file:
        file.truncate(LONGEST_MEDIA + 1)
    with pytest.raises(ServiceValidationError) as raised:
        await send(actions, media.format(folder=media_folder))
    assert raised.value.translation_key == key
    assert sim.world.messages == []
    assert not sim.world.requests.by_endpoint.keys() & {"POST /send/document", "POST /send/image"}


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"message": "x" * 1025}, "caption_too_long"),
        ({"voice_note": True}, "invalid_input"),
        ({"media_kind": "document", "view_once": True}, "invalid_input"),
        ({"mentions": ["nobody"]}, "invalid_phone_number"),
    ],
)
async def test_what_does_not_go_together_is_refused(
    actions: Actions, sim: Simulator, media_folder: Path, more: dict[str, object], key: str
) -> None:
    (media_folder / "a.jpg").write_bytes(picture())
    with pytest.raises(ServiceValidationError) as raised:
        await send(actions, str(media_folder / "a.jpg"), **more)
    assert raised.value.translation_key == key
    assert sim.world.messages == []


async def test_a_file_is_told_to_no_log(
    hass: HomeAssistant,
    actions: Actions,
    sim: Simulator,
    media_folder: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    (media_folder / "Ana Souza.pdf").write_bytes(b"%PDF-1.7 nobody's business")
    await send(actions, str(media_folder / "Ana Souza.pdf"), message="nobody else's either")
    sim.world.drop(sim.world.messages[0].device_id)
    with pytest.raises(HomeAssistantError):
        await send(actions, str(media_folder / "Ana Souza.pdf"), message="nobody else's either")
    ours = "\n".join(
        one.getMessage()
        for one in caplog.records
        if "wuts" in one.name or one.name.startswith("http")
    )
    assert ours
    for secret in ("Souza", "nobody", PHONE, "JVBERi"):
        assert secret not in ours
