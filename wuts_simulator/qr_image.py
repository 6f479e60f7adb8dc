"""Draws QR payloads as PNG, off the event loop, and remembers the last ones."""

import asyncio
import base64
from functools import lru_cache
from io import BytesIO

from qrcode.constants import ERROR_CORRECT_L
from qrcode.image.pil import PilImage
from qrcode.main import QRCode

_REMEMBERED = 256
_BOX_PIXELS = 8
_QUIET_ZONE = 4
# Any of the eight masks can be read. Naming one skips a costly search for the prettiest.
_MASK = 2


async def draw_data_url(payload: str) -> str:
    """Return the QR as a ``data:image/png`` URL."""
    png = await draw_png_in_thread(payload)
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")


async def draw_png_in_thread(payload: str) -> bytes:
    """Return the QR as a PNG without holding the event loop up."""
    return await asyncio.to_thread(_draw_png, payload)


@lru_cache(maxsize=_REMEMBERED)
def _draw_png(payload: str) -> bytes:
    """Return the QR as a PNG, black on white, at error correction level L."""
    code: QRCode[PilImage] = QRCode(
        image_factory=PilImage,
        error_correction=ERROR_CORRECT_L,
        box_size=_BOX_PIXELS,
        border=_QUIET_ZONE,
        mask_pattern=_MASK,
    )
    code.add_data(payload)
    code.make(fit=True)
    file = BytesIO()
    code.make_image().save(file, format="PNG")
    return file.getvalue()
