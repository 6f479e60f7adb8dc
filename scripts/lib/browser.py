"""Opens a real browser, for the tests, the demonstration and the pictures."""

import io
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import zxingcpp
from PIL import Image
from playwright.async_api import Browser, async_playwright

from .parts import PartError

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
# Among random modules there may be what looks like a small code of another kind.
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def find_chromium() -> str | None:
    """Return the browser's path, or None if there is none."""
    return os.environ.get("WUTS_CHROMIUM") or shutil.which("chromium")


@asynccontextmanager
async def running_browser() -> AsyncIterator[Browser]:
    """Run a browser for as long as the context lasts.

    Raises:
        PartError: There is none.
    """
    program = find_chromium()
    if program is None:
        raise PartError("There is no Chromium. Install it, or name one in WUTS_CHROMIUM")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        await browser.close()


def read_qr(screenshot: bytes) -> str | None:
    """Return what a phone reads from a picture of the screen: dark on light only."""
    with Image.open(io.BytesIO(screenshot)) as image:
        found = zxingcpp.read_barcodes(image, formats=_QR, try_invert=False)
    return found[0].text if found else None
