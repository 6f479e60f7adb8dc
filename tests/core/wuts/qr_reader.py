"""Reads a QR as a phone would: from a picture, or from the half blocks of a terminal."""

import io

import zxingcpp
from PIL import Image

_BLOCKS = {" ": (False, False), "▀": (True, False), "▄": (False, True), "█": (True, True)}
_PIXELS = 4
# Among random modules there may be what looks like a small code of another kind.
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def read_png(png: bytes) -> str:
    """Return what the one QR in a PNG says."""
    with Image.open(io.BytesIO(png)) as image:
        return read_image(image.convert("L"))


def read_image(image: Image.Image) -> str:
    (code,) = zxingcpp.read_barcodes(image, formats=_QR)
    return code.text


def modules_of(text: str) -> list[list[bool]]:
    """Return the modules that half blocks draw, True for black, row by row."""
    rows: list[list[bool]] = []
    for line in text.split("\n"):
        blocks = [_BLOCKS[sign] for sign in line]
        rows += [[upper for upper, _ in blocks], [lower for _, lower in blocks]]
    return rows


def paint(rows: list[list[bool]]) -> Image.Image:
    """Return modules as a picture, black on white."""
    image = Image.new("L", (len(rows[0]), len(rows)))
    image.putdata([0 if black else 255 for row in rows for black in row])
    return image.resize((image.width * _PIXELS, image.height * _PIXELS), Image.Resampling.NEAREST)
