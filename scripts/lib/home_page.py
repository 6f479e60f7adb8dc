"""Home Assistant's pages, used as a person uses them: in a browser, by what stands on them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, Error, Locator, Page, ViewportSize

from .browser import read_qr

PATIENCE = 240.0
"""Seconds for something to be seen."""

LARGE = (1100, 850)
PHONE = (390, 844)
SMALL_PHONE = (360, 640)
SMALLEST_PHONE = (320, 568)
LYING_PHONE = (740, 360)
SIZES = (LARGE, PHONE, SMALL_PHONE, SMALLEST_PHONE, LYING_PHONE)

type Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")

ADD = "/config/integrations/dashboard/add?domain=wuts"
_CARD = "/config/integrations/integration/wuts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a window looks.

    Attributes:
        size: Its width and height in pixels.
        theme: Whether it is light or dark.
        locale: The language that its browser asks for.
    """

    size: tuple[int, int] = LARGE
    theme: Theme = "light"
    locale: str = "en-US"


_USUAL = Look()


@dataclass(frozen=True, slots=True)
class HomePage:
    """A window on Home Assistant.

    Attributes:
        page: The window.
        url: Home Assistant's address.
    """

    page: Page
    url: str

    @property
    def dialog(self) -> Locator:
        """The dialog that is open."""
        return self.page.get_by_role("dialog")

    async def show(self, path: str) -> None:
        """Go to a page, even while the present one is on its way elsewhere."""
        try:
            await self.page.goto(self.url + path)
        except Error as error:
            if "ERR_ABORTED" not in error.message:
                raise
            await self.page.goto(self.url + path)

    async def begin_account(self) -> None:
        """Begin to add the integration."""
        await self.show(ADD)
        await self.click("OK")

    async def fill_account(self, token: str, gateway: str) -> None:
        """Say which account."""
        fields = self.page.locator("ha-selector-text input")
        await fields.first.fill(token)
        address = fields.nth(1)
        if not await address.is_visible():
            await self.page.locator("ha-expansion-panel").first.click()
        await address.fill(gateway)

    async def add_device(self) -> None:
        """Begin to add a device to the account that is there."""
        await self.begin("Add device")

    async def begin(self, button: str) -> None:
        """Begin what a button of the integration's page is for."""
        await self.show(_CARD)
        await self.page.get_by_role("button", name=button).first.click()

    async def configure(self, account: str) -> None:
        """Open the options of an account."""
        await self.show(_CARD)
        row = self.page.locator("ha-config-entry-row").filter(has_text=account)
        await row.get_by_role("button", name="Configure").first.click()

    async def switch_on(self, label: str) -> None:
        """Turn a switch of the dialog on."""
        fields = self.page.locator("ha-selector-boolean")
        await fields.filter(has_text=label).first.locator("ha-switch").click()

    async def choose_account(self, name: str) -> None:
        """Choose one of several accounts, which Home Assistant asks for then."""
        await (
            self.page.locator("dialog-pick-config-entry ha-list-item-button")
            .filter(has_text=name)
            .click()
        )

    async def choose_device(self, name: str, submit: str = "Submit") -> None:
        """Choose one of the account's devices."""
        await self.page.get_by_text(name).first.click()
        await self.click(submit)

    async def choose_qr(self) -> None:
        """Choose to scan a QR."""
        await self.page.get_by_text("QR code").first.click()

    async def fill(self, text: str) -> None:
        """Fill the dialog's one field."""
        await self.page.locator("ha-selector-text input").fill(text)

    async def close(self, button: str = "Close") -> None:
        """Close the dialog by its cross."""
        await self.click(button)
        await self.dialog.first.wait_for(state="hidden")

    async def show_device(self, name: str) -> None:
        """Go to a device's page."""
        await self.show("/config/devices/dashboard")
        await self.click_text(name)

    async def click_text(self, text: str) -> None:
        """Click what says so."""
        await self.page.get_by_text(text).first.click()

    async def says_no_more(self, text: str) -> None:
        """Wait until a text is gone from the page."""
        await self.page.get_by_text(text).first.wait_for(state="detached")

    async def click(self, button: str) -> None:
        """Click a button of the dialog, or of the page."""
        await self.page.get_by_role("button", name=button).first.click()

    async def says(self, text: str) -> None:
        """Wait until a text is on the page."""
        await self.page.get_by_text(text).filter(visible=True).first.wait_for()

    async def resize(self, size: tuple[int, int]) -> None:
        """Make the window another size, or turn the phone."""
        width, height = size
        await self.page.set_viewport_size({"width": width, "height": height})

    async def qr_width(self) -> float:
        """Return how wide the QR of the dialog is in CSS pixels."""
        box = await self.page.locator("ha-markdown img").first.bounding_box()
        return 0.0 if box is None else box["width"]

    async def qr(self, *, other_than: str | None = None) -> str:
        """Scroll to a QR, wait until it can be read from the screen, and return what it says.

        Raises:
            TimeoutError: There is none, or no other.
        """
        async with asyncio.timeout(PATIENCE):
            while True:
                for picture in await self.page.locator("ha-markdown img").all():
                    await picture.evaluate("picture => picture.scrollIntoView({block: 'center'})")
                payload = read_qr(await self.page.screenshot())
                if payload not in {None, other_than}:
                    return payload
                await asyncio.sleep(0.2)


@asynccontextmanager
async def home_page(
    browser: Browser,
    url: str,
    look: Look = _USUAL,
    *,
    last_seen: Path | None = None,
) -> AsyncIterator[HomePage]:
    """Open a window on Home Assistant for as long as the context lasts.

    Args:
        browser: Where to open it.
        url: Home Assistant's address.
        look: How it looks.
        last_seen: Where to keep a picture of what was on it when something failed.
    """
    width, height = look.size
    viewport: ViewportSize = {"width": width, "height": height}
    page = await browser.new_page(viewport=viewport, color_scheme=look.theme, locale=look.locale)
    page.set_default_timeout(PATIENCE * 1000)
    try:
        yield HomePage(page, url)
    except (Error, TimeoutError, AssertionError):
        if last_seen is not None:
            await page.screenshot(path=last_seen)
        raise
    finally:
        await page.close()
