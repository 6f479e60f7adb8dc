"""Draws QR payloads as PNG, off the event loop, and caches the last ones."""

import asyncio
from functools import lru_cache
from io import BytesIO

from qrcode.constants import ERROR_CORRECT_L
from qrcode.image.pil import PilImage
from qrcode.main import QRCode


async def draw_png_in_thread(payload: str) -> bytes:
    """Return the QR as a PNG without blocking the event loop."""
    return await asyncio.to_thread(_draw_png, payload)


@lru_cache(maxsize=256)
def _draw_png(payload: str) -> bytes:
    """Return the QR as a PNG, black on white, at error correction level L."""
    code: QRCode[PilImage] = QRCode(
        image_factory=PilImage,
        error_correction=ERROR_CORRECT_L,
        box_size=8,
        border=4,
        # Any of the eight masks can be read. Naming one skips a costly search for the prettiest.
        mask_pattern=2,
    )
    code.add_data(payload)
    code.make(fit=True)
    file = BytesIO()
    code.make_image().save(file, format="PNG")
    return file.getvalue()
