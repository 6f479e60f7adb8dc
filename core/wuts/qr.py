"""Renders a pairing QR: PNG for screens, half blocks for terminals.

A WhatsApp payload is about 240 characters; at error level L it fits version 10, whose modules are
the largest of all levels and so the easiest for a phone to read from a screen.
"""

import asyncio
import base64
import io
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING

from .errors import UnexpectedAnswerError
from .models import QrCode

if TYPE_CHECKING:
    from qrcode import QRCode
    from qrcode.image.pil import PilImage

QUIET_ZONE = 4
"""Modules of white around a QR (ISO/IEC 18004)."""

LONGEST_PAYLOAD = 1000
"""Characters of a payload at most: four times WhatsApp's."""

LARGEST_IMAGE = 512 * 1024
"""Bytes of a gateway's own image at most."""

LARGEST_SIDE = 4096
"""Pixels of a gateway's own image at most, each way."""

_PNG = b"\x89PNG\r\n\x1a\n"
_DATA_URL = "data:image/png;base64,"


@lru_cache(maxsize=32)
def render_png(payload: str, *, module_pixels: int = 8) -> bytes:
    """Return ``payload`` as a black on white PNG with its quiet zone; takes tens of milliseconds.

    Args:
        payload: What the QR says.
        module_pixels: Pixels per module; whole, so that edges stay crisp.
    """
    image = _build(payload, module_pixels).make_image()
    png = io.BytesIO()
    image.save(png)
    return png.getvalue()


async def render_png_async(payload: str, *, module_pixels: int = 8) -> bytes:
    """Do as `render_png`, off the event loop."""
    return await asyncio.to_thread(render_png, payload, module_pixels=module_pixels)


@lru_cache(maxsize=32)
def render_text(payload: str) -> str:
    """Return ``payload`` as lines of half blocks, quiet zone included.

    A drawn block is a black module: show the text black on white, whatever the terminal's colours.
    """
    text = io.StringIO()
    _build(payload, 1).print_ascii(out=text)
    return text.getvalue().replace("\xa0", " ").rstrip("\n")


def _build(payload: str, module_pixels: int) -> "QRCode[PilImage]":
    # These bring Pillow, which takes a tenth of a command's start; few commands draw a QR.
    from qrcode import QRCode  # noqa: PLC0415
    from qrcode.constants import ERROR_CORRECT_L  # noqa: PLC0415
    from qrcode.image.pil import PilImage  # noqa: PLC0415

    code = QRCode(
        error_correction=ERROR_CORRECT_L,
        box_size=module_pixels,
        border=QUIET_ZONE,
        image_factory=PilImage,
    )
    code.add_data(payload)
    return code


def decode_image(data_url: str) -> bytes:
    """Return the PNG inside a gateway's ``data:`` URL, checked but otherwise as it is.

    Raises:
        UnexpectedAnswerError: It is not a PNG, or too large.
    """
    too_long = len(data_url) > len(_DATA_URL) + LARGEST_IMAGE * 4 // 3 + 4
    if too_long or not data_url.startswith(_DATA_URL):
        raise UnexpectedAnswerError(
            "The gateway's QR image is not a PNG of a sane size. Try again."
        )
    png = _decode_base64(data_url.removeprefix(_DATA_URL))
    if png is None or not is_sane_png(png, largest_side=LARGEST_SIDE):
        raise UnexpectedAnswerError("The gateway's QR image is damaged or too large. Try again.")
    return png


def is_sane_png(data: bytes, *, largest_side: int) -> bool:
    """Return whether ``data`` is one whole, undamaged PNG, without decoding a pixel of it.

    Pillow would decode hostile input, and takes a PNG that has something after its end.

    Args:
        data: The whole file.
        largest_side: Pixels it may measure at most, each way.
    """
    kinds, place = [], len(_PNG)
    while place < len(data):
        end = place + 12 + int.from_bytes(data[place : place + 4])
        kind_and_content, checksum = data[place + 4 : end - 4], data[end - 4 : end]
        if end > len(data) or zlib.crc32(kind_and_content) != int.from_bytes(checksum):
            return False
        kinds.append(kind_and_content[:4])
        place = end
    whole = kinds[:1] == [b"IHDR"] and kinds[-1:] == [b"IEND"] and b"IDAT" in kinds
    header_is_one = kinds.count(b"IHDR") == 1 and data[8:12] == b"\0\0\0\x0d"
    sides = (int.from_bytes(data[16:20]), int.from_bytes(data[20:24]))
    return (
        data.startswith(_PNG)
        and whole
        and header_is_one
        and all(1 <= side <= largest_side for side in sides)
    )


def _decode_base64(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return None


def check_qr(qr: QrCode) -> QrCode:
    """Return ``qr`` if it can be shown, from its payload or from the gateway's own image.

    Raises:
        UnexpectedAnswerError: It has no usable payload and no usable image.
    """
    if qr.qr_code is not None:
        if len(qr.qr_code) > LONGEST_PAYLOAD or not qr.qr_code.isascii():
            raise UnexpectedAnswerError("The gateway's QR is not one of WhatsApp's. Try again.")
        return qr
    if qr.image is None:
        raise UnexpectedAnswerError("The gateway sent neither a QR nor an image of one. Try again.")
    decode_image(qr.image)
    return qr
