"""Draws a pairing into its message, however Slack stumbles: no dead QR stays in it."""

import logging
from dataclasses import dataclass, field

from slack_sdk.errors import SlackApiError

from wuts.errors import ErrorCode
from wuts.pairing import CodeReady, PairingView, QrReady

from ..blocks import pairing as blocks
from ..blocks.pairing import LastMessage, PairingHead
from ..blocks.parts import Content
from ..slack.errors import SLACK_ERRORS, is_gone, is_passing, slack_code
from ..slack.files import Files, UploadError
from ..slack.live_message import LiveMessage
from .links import SentLink

_LOGGER = logging.getLogger(__name__)

MOST = 6
"""How often in a row Slack may fail to show a pairing, before the pairing ends."""

LONGEST_PAUSE = 30.0
"""Seconds, at most, until what Slack did not take is shown again."""


@dataclass(slots=True, kw_only=True, eq=False)
class Drawing:
    """One message, and the picture in it.

    What Slack does not take is shown again: `pause` says when. A message that somebody deletes is
    posted again.

    Attributes:
        head: What all states have in common.
        message: Where it is shown.
        files: Holds its pictures.
        first_retry: Seconds until what Slack did not take is shown again; they double.
        by_link: The link to the page that shows the codes, if the message must not.
    """

    head: PairingHead
    message: LiveMessage
    files: Files
    first_retry: float
    by_link: SentLink | None = None
    _pictured: QrReady | CodeReady | None = field(default=None, init=False, repr=False)
    _file_id: str | None = field(default=None, init=False)
    _updates: int = field(default=0, init=False)
    _failures: int = field(default=0, init=False)

    @property
    def pause(self) -> float | None:
        """Seconds until what Slack did not take is to be shown again; None if it took all."""
        if not self._failures:
            return None
        pause: float = self.first_retry * 2 ** (self._failures - 1)
        return min(pause, LONGEST_PAUSE)

    def is_showing(self, view: PairingView) -> bool:
        """Tell whether Slack has taken the QR or code of a view; the time left may be another."""
        return view.offer is not None and view.offer is self._pictured and not self._failures

    async def show(self, view: PairingView) -> None:
        """Show a view; delete the picture of a QR that is no longer shown.

        Raises:
            UploadError: Slack takes no picture.
            SlackApiError: Slack refuses it, or has failed too often.
        """
        try:
            await self._show(view)
        except (*SLACK_ERRORS, UploadError) as error:
            is_worth_it = isinstance(error, UploadError) or is_passing(error)
            if not is_worth_it or self._failures == MOST:
                raise
            if not self._failures:
                _LOGGER.warning("Slack did not show a pairing: %s", _code(error))
            self._failures += 1
        else:
            self._failures = 0

    async def show_last(self, text: str, offers: LastMessage, question_id: str = "") -> None:
        """Show the outcome.

        Raises:
            SlackApiError: Slack refuses it.
        """
        await self._write(blocks.last_message(self.head, text, offers, question_id))

    async def clear(self) -> None:
        """Delete the picture, if there is one."""
        old, self._file_id = self._file_id, None
        if old is not None:
            await self.files.delete(old)

    async def _show(self, view: PairingView) -> None:
        if view.offer is self._pictured or self.by_link is not None:
            await self._write(self._content(view))
            return
        old, self._file_id, self._pictured = self._file_id, None, None
        try:
            png = await view.png()
            if png is not None:
                self._file_id = await self.files.upload(png, self.head.ref.account)
            self._pictured = view.offer
            await self._write(self._content(view))
        finally:
            if old is not None:
                await self.files.delete(old)

    def _content(self, view: PairingView) -> Content:
        self._updates += 1
        if self.by_link is not None:
            return self._content_by_link(self.by_link, view)
        if self._file_id is not None:
            return blocks.showing_qr(self.head, self._file_id, view.seconds_left, self._updates)
        if view.code is not None:
            return blocks.showing_code(self.head, view.code, view.seconds_left)
        return blocks.progress(self.head, view.stage, _reason(view))

    def _content_by_link(self, sent: SentLink, view: PairingView) -> Content:
        if sent.link.is_owned:
            return blocks.shown_by_link(self.head, view.stage, _reason(view))
        return blocks.waiting_for_browser(self.head, sent.until)

    async def _write(self, content: Content) -> None:
        try:
            await self.message.show(content)
        except SlackApiError as error:
            if self.message.ts is None or not is_gone(error):
                raise
            self.message.is_gone()
            await self.message.show(content)


def _reason(view: PairingView) -> ErrorCode | None:
    told = view.stalled or view.waiting
    return told.code if told is not None else None


def _code(error: Exception) -> str:
    return slack_code(error) if isinstance(error, SLACK_ERRORS) else "picture_not_taken"
