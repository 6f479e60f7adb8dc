"""The file that an action sends: of the media folder, of a camera or image, from an address.

What may be read is what Home Assistant lets everybody read: its media sources, the folders of
``allowlist_external_dirs`` and the addresses of ``allowlist_external_urls``.
"""

import asyncio
import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import httpx
import probatio
from homeassistant.components.media_source import async_resolve_media
from homeassistant.components.media_source.const import URI_SCHEME
from homeassistant.components.media_source.error import MediaSourceError
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.httpx_client import get_async_client

from ..const import DOMAIN
from ..core.media import LONGEST_MEDIA, Media, MediaKind
from ..errors import translated_errors

SNAPSHOTS: Final = (Platform.CAMERA, Platform.IMAGE)
"""The entities whose picture can be sent."""

SCHEMA: Final = probatio.Any(
    cv.string,
    probatio.Schema({probatio.Required("media_content_id"): cv.string}, extra=probatio.ALLOW_EXTRA),
)
"""A text, or what the media picker gives."""

DOWNLOAD_TIMEOUT: Final = 60.0
"""Seconds that a download may take."""

_PLAIN = {"Accept-Encoding": "identity"}
"""Packed bytes may become any number of others."""


async def async_load(
    hass: HomeAssistant,
    chosen: str | Mapping[str, Any],
    *,
    kind: MediaKind | None = None,
    file_name: str | None = None,
) -> Media:
    """Return the file to send.

    Args:
        hass: Home Assistant.
        chosen: What `SCHEMA` lets pass: a media source's id, the id of a camera or image, a path
            or an address.
        kind: How WhatsApp is to show it; by its type unless given.
        file_name: The name to show; its own unless given.

    Raises:
        ServiceValidationError: There is no such file, or it may not be read.
        HomeAssistantError: It could not be read.
    """
    source = chosen if isinstance(chosen, str) else chosen["media_content_id"]
    content, mime_type, name = await _read(hass, source.strip())
    with translated_errors():
        return Media.of(content, mime_type=mime_type, file_name=file_name or name, kind=kind)


type _File = tuple[bytes, str | None, str | None]
"""A file's content, its type and its name, if known."""


async def _read(hass: HomeAssistant, source: str) -> _File:
    for platform in SNAPSHOTS:
        entity_id = source.removeprefix(f"{URI_SCHEME}{platform}/")
        if entity_id.startswith(f"{platform}."):
            return await _snapshot(hass, platform, entity_id)
    if source.startswith(URI_SCHEME):
        return await _from_media_source(hass, source)
    if source.startswith(("https://", "http://")):
        return await _download(hass, source)
    if not source.startswith("/"):
        raise _refusal("media_not_found")
    if not await hass.async_add_executor_job(hass.config.is_allowed_path, source):
        raise _refusal("media_not_allowed")
    return await _read_file(hass, Path(source))


def _refusal(key: str) -> ServiceValidationError:
    return ServiceValidationError(translation_domain=DOMAIN, translation_key=key)


def _failure(key: str) -> HomeAssistantError:
    return HomeAssistantError(translation_domain=DOMAIN, translation_key=key)


async def _snapshot(hass: HomeAssistant, platform: Platform, entity_id: str) -> _File:
    """Return what a camera or image shows now."""
    if platform not in hass.config.components or hass.states.get(entity_id) is None:
        raise _refusal("media_not_found")
    try:
        # They need packages that only they have.
        if platform is Platform.CAMERA:
            from homeassistant.components import camera  # noqa: PLC0415

            picture: Any = await camera.async_get_image(hass, entity_id)
        else:
            from homeassistant.components import image  # noqa: PLC0415

            picture = await image.async_get_image(hass, entity_id)
    except HomeAssistantError as error:
        raise _failure("snapshot_failed") from error
    return picture.content, picture.content_type, None


async def _from_media_source(hass: HomeAssistant, source: str) -> _File:
    domain, _, identifier = source.removeprefix(URI_SCHEME).partition("/")
    if not domain or not identifier:
        raise _refusal("media_not_found")
    try:
        media = await async_resolve_media(hass, source, None)
    except MediaSourceError as error:
        raise _refusal("media_not_found") from error
    if media.path is None:
        raise _refusal("media_not_a_file")
    content, _, name = await _read_file(hass, media.path)
    return content, media.mime_type, name


async def _read_file(hass: HomeAssistant, path: Path) -> _File:
    """Return a file, at most a byte more of it than can be sent."""

    def read() -> _File:
        if not path.is_file():  # a pipe would never end
            raise FileNotFoundError
        with path.open("rb") as file:
            return file.read(LONGEST_MEDIA + 1), mimetypes.guess_type(path.name)[0], path.name

    try:
        return await hass.async_add_executor_job(read)
    except FileNotFoundError:
        raise _refusal("media_not_found") from None
    except OSError:
        raise _failure("media_unreadable") from None


async def _download(hass: HomeAssistant, url: str) -> _File:
    """Return what an address has; a redirect is not followed, since it may lead anywhere."""
    try:
        is_allowed = hass.config.is_allowed_external_url(url)
    except ValueError:
        raise _refusal("media_not_found") from None
    if not is_allowed:
        raise _refusal("media_not_allowed")
    try:
        async with (
            asyncio.timeout(DOWNLOAD_TIMEOUT),
            get_async_client(hass).stream(
                "GET", url, headers=_PLAIN, follow_redirects=False
            ) as response,
        ):
            if not response.is_success or response.headers.get("content-encoding"):
                raise _failure("media_unreadable")
            content = bytearray()
            async for piece in response.aiter_raw():
                content += piece
                if len(content) > LONGEST_MEDIA:
                    break
            told = response.headers.get("content-type")
    except httpx.HTTPError, httpx.InvalidURL, TimeoutError:
        raise _failure("media_unreadable") from None
    return bytes(content), told, response.url.path.rpartition("/")[2]
