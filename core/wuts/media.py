"""A file to send: a picture, a video, a sound or a document (WUTS guide, Working with media)."""

import re
from dataclasses import KW_ONLY, dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import Self

import httpx

from .errors import InvalidInputError, MediaTooLargeError

LONGEST_MEDIA = 16 * 1024 * 1024
"""Bytes of a file that is sent itself. No page gives the gateway's own limit. WhatsApp's apps take
pictures, sounds and videos of 16 MB, and the gateway reads a request for 60 s at most."""

LONGEST_FILE_NAME = 255
LONGEST_ADDRESS = 2048

DOCUMENT = "application/octet-stream"
"""The type of a file of which nothing is known."""


class MediaKind(StrEnum):
    """How WhatsApp shows a file."""

    IMAGE = "image"
    """A picture in the chat: JPEG, PNG, WebP or GIF (which does not move)."""
    VIDEO = "video"
    """A video that plays in the chat."""
    AUDIO = "audio"
    """A sound, which the gateway turns into Opus."""
    DOCUMENT = "document"
    """A file to download, under its name."""


_PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})

_SIGNATURES = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"RIFF....WAVE", re.DOTALL), "audio/wav"),
    (re.compile(rb"....ftypM4A", re.DOTALL), "audio/mp4"),
    (re.compile(rb"....ftyp3g", re.DOTALL), "video/3gpp"),
    (re.compile(rb"....ftypqt", re.DOTALL), "video/quicktime"),
    (re.compile(rb"....ftyp(?:isom|iso[2-9]|mp4|avc|dash|M4V|MSNV)", re.DOTALL), "video/mp4"),
    (re.compile(rb"OggS"), "audio/ogg"),
    (re.compile(rb"ID3|\xff[\xf2\xf3\xfa\xfb]"), "audio/mpeg"),
    (re.compile(rb"%PDF-"), "application/pdf"),
)
"""How files of some types begin."""

_MIME_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,100}")


def type_of(content: bytes) -> str | None:
    """Return the MIME type that a file's first bytes show, or None."""
    return next((name for begin, name in _SIGNATURES if begin.match(content)), None)


def kind_of(mime_type: str) -> MediaKind:
    """Return how WhatsApp shows a file of a type: as a document unless it can do better."""
    major = mime_type.partition("/")[0]
    if mime_type in _PICTURES:
        return MediaKind.IMAGE
    return MediaKind(major) if major in {"video", "audio"} else MediaKind.DOCUMENT


@dataclass(frozen=True, slots=True, repr=False)
class Media:
    """A file, or the address from which the gateway downloads it.

    Make one with `Media.of` or `Media.at`. Its repr shows neither content, address nor name.

    Attributes:
        kind: How WhatsApp shows it.
        content: The file, or None for an address.
        url: The address, or None for a file.
        mime_type: Its type, without parameters; None if an address does not say.
        file_name: The name that a document is shown by, or None for other kinds without one.

    Raises:
        InvalidInputError: It is empty, or type, address or name are not usable.
        MediaTooLargeError: The file has more than 16 MiB.
    """

    kind: MediaKind
    _: KW_ONLY
    content: bytes | None = None
    url: str | None = None
    mime_type: str | None = None
    file_name: str | None = None

    def __post_init__(self) -> None:
        """Check it before anything is sent."""
        if (self.content is None) is (self.url is None):
            raise InvalidInputError("Give either a file or an address to send.")
        if self.content is not None:
            _check_content(self.content)
        if self.url is not None:
            _check_address(self.url)
        if self.mime_type is not None and not _MIME_TYPE.fullmatch(self.mime_type):
            raise InvalidInputError("That is not a file type. Give one such as image/jpeg.")
        if self.kind is MediaKind.DOCUMENT and not self.file_name:
            raise InvalidInputError("A document needs a file name.")

    @classmethod
    def of(
        cls,
        content: bytes,
        *,
        mime_type: str | None = None,
        file_name: str | None = None,
        kind: MediaKind | None = None,
    ) -> Self:
        """Return a file to send along.

        Args:
            content: The file, at most 16 MiB.
            mime_type: Its type, such as ``image/jpeg``. The first bytes of a picture count more.
            file_name: Its name; folders are cut off.
            kind: How to show it; by its type unless given.

        Raises:
            InvalidInputError: It is empty, or type or name are not usable.
            MediaTooLargeError: It has more than 16 MiB.
        """
        told, shown = _bare_type(mime_type), type_of(content)
        found = shown if shown in _PICTURES or told in {None, DOCUMENT} else told
        found = found or DOCUMENT
        kind = kind or kind_of(found)
        name = _bare_name(file_name) or ("file" if kind is MediaKind.DOCUMENT else None)
        return cls(kind, content=content, mime_type=found, file_name=name)

    @classmethod
    def at(
        cls,
        url: str,
        kind: MediaKind,
        *,
        mime_type: str | None = None,
        file_name: str | None = None,
    ) -> Self:
        """Return a file that the gateway downloads, from an address that it can reach.

        Args:
            url: The address, ``https://`` or ``http://``.
            kind: How to show it.
            mime_type: Its type, if it is known.
            file_name: Its name; needed for a document.

        Raises:
            InvalidInputError: Address, type or name are not usable.
        """
        name = _bare_name(file_name)
        return cls(kind, url=url, mime_type=_bare_type(mime_type), file_name=name)

    def __repr__(self) -> str:
        """Show the kind, the type and the size."""
        size = "an address" if self.content is None else f"{len(self.content)} bytes"
        return f"{type(self).__name__}({self.kind.value}, {self.mime_type}, {size})"


def _check_content(content: bytes) -> None:
    if not content:
        raise InvalidInputError("The file is empty.")
    if len(content) > LONGEST_MEDIA:
        raise MediaTooLargeError


def _check_address(url: str) -> None:
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError):
        parsed = httpx.URL("")
    usable = parsed.scheme in {"http", "https"} and parsed.host and len(url) <= LONGEST_ADDRESS
    if not usable or not url.isprintable() or " " in url:
        raise InvalidInputError("A file's address must start with https:// or http://.")


def _bare_type(mime_type: str | None) -> str | None:
    """Return a type without parameters, which a ``data:`` address would be misread with."""
    return (mime_type or "").partition(";")[0].strip().lower() or None


def _bare_name(file_name: str | None) -> str | None:
    """Return a name without folders and without what cannot be seen.

    Raises:
        InvalidInputError: It is too long.
    """
    name = PurePath((file_name or "").replace("\\", "/")).name
    name = "".join(sign for sign in name if sign.isprintable()).strip()
    if len(name) > LONGEST_FILE_NAME:
        raise InvalidInputError(f"A file's name can have at most {LONGEST_FILE_NAME} characters.")
    return name if name.strip(".") else None
