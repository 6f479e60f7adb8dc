"""The steps of a pairing whose QR or code is on a page of its own: large, or somewhere else."""

from abc import abstractmethod
from typing import Any, override

from homeassistant.data_entry_flow import FlowContext, FlowResult
from homeassistant.helpers.network import NoURLAvailableError

from .dialog import PairingDialog
from .follow import async_follow
from .pages import async_offer
from .window import METHODS, PairingWindow


class LinkSteps[C: FlowContext, R: FlowResult[Any, Any], H](PairingWindow[C, R, H]):
    """Offers the page by a link, and shows its course like any other pairing's."""

    _page_step = ""

    @abstractmethod
    async def async_sent(self) -> R:
        """Close the window of a pairing that lasts until its link is over."""

    async def async_step_page(self, user_input: dict[str, Any] | None = None) -> R:
        """Show a link for somebody else's phone."""
        if self._is_at("page"):
            return await self._show()
        try:
            return await self._offer("page", outside=True)
        except NoURLAvailableError:
            return await self.async_step_no_address()

    async def async_step_large(self, user_input: dict[str, Any] | None = None) -> R:
        """Show a link to the page for the present browser."""
        if self._is_at("large"):
            return await self._show()
        return await self._offer("large", outside=False)

    async def async_step_opened(self, user_input: dict[str, Any] | None = None) -> R:
        """Say that the link is in use."""
        return await self._show()

    async def async_step_no_address(self, user_input: dict[str, Any] | None = None) -> R:
        """Say what a link needs."""
        return self._menu("no_address", METHODS)

    async def async_step_sent(self, user_input: dict[str, Any] | None = None) -> R:
        """Let the pairing last without its window."""
        dialog = self._dialog
        if dialog is None or dialog.is_over:
            return await self._show()
        self._dialog = None
        async_follow(self.hass, dialog, self.device_name)
        return await self.async_sent()

    # Inside

    async def _offer(self, step_id: str, *, outside: bool) -> R:
        link = async_offer(
            self.hass, self._entry, self.device_id, self.device_name, outside=outside
        )
        self._url, self._page_step = link.url, step_id
        await self._open(self._settings, link.page)
        return await self._show()

    @override
    def _step_of(self, dialog: PairingDialog) -> str | None:
        if dialog.link is None or dialog.is_taken:
            return super()._step_of(dialog)
        return "opened" if dialog.link.is_owned else self._page_step
