"""A file is checked, and its type and kind found, before anything is sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.wuts.outcomes import outcome
from wuts import Media, MediaKind
from wuts.errors import InvalidInputError, MediaTooLargeError
from wuts.media import LONGEST_MEDIA, kind_of, type_of

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\x0a\x0a\x0a\x0aWEBPVP8 ", "image/webp"),
        (b"RIFF\x24\x0a\x00\x00WAVEfmt ", "audio/wav"),
        (b"\0\0\0\x0aftypisom", "video/mp4"),
        (b"\0\0\0\x20ftypmp42", "video/mp4"),
        (b"\0\0\0\x20ftypM4A ", "audio/mp4"),
        (b"\0\0\0\x14ftypqt  ", "video/quicktime"),
        (b"\0\0\0\x14ftyp3gp4", "video/3gpp"),
        (b"OggS\0", "audio/ogg"),
        (b"ID3\4", "audio/mpeg"),
        (b"\xff\xfb\x90", "audio/mpeg"),
        (b"%PDF-1.7", "application/pdf"),
        (b"Hello", None),
        (b"", None),
    ],
)
def test_the_first_bytes_show_the_type(content: bytes, found: str | None) -> None:
    assert type_of(content) == found


@pytest.mark.parametrize(
    ("mime_type", "kind"),
    [
        ("image/jpeg", MediaKind.IMAGE),
        ("image/svg+xml", MediaKind.DOCUMENT),
        ("image/heic", MediaKind.DOCUMENT),
        ("video/x-matroska", MediaKind.VIDEO),
        ("audio/mpeg", MediaKind.AUDIO),
        ("application/pdf", MediaKind.DOCUMENT),
        ("document/x", MediaKind.DOCUMENT),
        ("text/plain", MediaKind.DOCUMENT),
    ],
)
def test_a_file_is_a_document_unless_whatsapp_can_do_better(mime_type: str, kind: str) -> None:
    assert kind_of(mime_type) is kind


@pytest.mark.parametrize(
    ("told", "content", "found"),
    [
        (None, PNG, "image/png"),
        ("image/jpeg", PNG, "image/png"),  # a camera that tells one type and sends another
        ("application/octet-stream", b"OggS", "audio/ogg"),
        ("video/ogg", b"OggS", "video/ogg"),
        ("Image/JPEG; quality=9", b"unknown", "image/jpeg"),
        (None, b"unknown", "application/octet-stream"),
    ],
)
def test_a_picture_is_what_it_begins_like_and_anything_else_what_it_is_called(
    told: str | None, content: bytes, found: str
) -> None:
    assert Media.of(content, mime_type=told).mime_type == found


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("/config/www/Conta de luz.pdf", "Conta de luz.pdf"),
        ("C:\\Users\\ana\\conta.pdf", "conta.pdf"),
        ("../../etc/passwd", "passwd"),
        (" a\u202egpj.\nexe\0 ", "agpj.exe"),
        ("", "file"),
        ("..", "file"),
        (None, "file"),
    ],
)
def test_a_documents_name_has_no_folder_and_nothing_that_cannot_be_seen(
    name: str | None, kept: str
) -> None:
    assert Media.of(b"%PDF-", file_name=name).file_name == kept


@pytest.mark.parametrize("url", ["", "a.png", "file:///etc/passwd", "https:///a.png", "ftp://a/b"])
def test_an_address_that_nobody_can_download_is_refused(url: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        Media.at(url, MediaKind.IMAGE)
    assert not url or url not in f"{caught.value!r}"


@pytest.mark.parametrize("url", ["https://a/b c", "https://a/\n", f"https://a/{'x' * 2048}"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(InvalidInputError):
        Media.at(url, MediaKind.IMAGE)


def test_a_file_is_bounded() -> None:
    assert Media.of(bytes(LONGEST_MEDIA)).content is not None
    with pytest.raises(MediaTooLargeError):
        Media.of(bytes(LONGEST_MEDIA + 1))
    with pytest.raises(InvalidInputError, match="empty"):
        Media.of(b"")
    with pytest.raises(InvalidInputError, match="255 characters"):
        Media.of(b"%PDF-", file_name="x" * 256)
    with pytest.raises(InvalidInputError, match="file name"):
        Media.at("https://a/b", MediaKind.DOCUMENT)
    with pytest.raises(InvalidInputError, match="either a file or an address"):
        Media(MediaKind.IMAGE)


@given(content=st.binary(max_size=40), told=st.none() | st.text(max_size=20), name=st.text())
def test_any_file_is_a_file_or_refused(content: bytes, told: str | None, name: str) -> None:
    media = outcome(lambda: Media.of(content, mime_type=told, file_name=name))
    if isinstance(media, Media):
        assert media.mime_type
        assert '"' not in media.mime_type
        assert "," not in media.mime_type
        assert repr(media).isprintable()
        return
    assert isinstance(media, InvalidInputError)
