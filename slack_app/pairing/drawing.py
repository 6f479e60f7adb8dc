"""Draws a pairing into its message, however Slack stumbles: no dead QR stays in it."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from slack_sdk.errors import SlackApiError

from wuts.errors import ErrorCode
from wuts.pairing import CodeReady, PairingView, QrReady, Stage

from ..blocks import pairing as blocks
from ..blocks.pairing import LastMessage, PairingHead
from ..blocks.parts import Content
from ..slack.errors import (
    NO_PICTURES,
    SLACK_ERRORS,
    NotOwnerError,
    is_gone,
    is_passing,
    slack_code,
    slack_error_of,
)
from ..slack.files import Files, UploadError
from ..slack.live_message import LiveMessage
from ..slack.rate_limiter import Priority, prioritized
from ..slack.words import slack_text
from .links import SentLink

_LOGGER = logging.getLogger(__name__)

MOST = 6
"""How often in a row nobody may know who owns the pairing, before it ends here."""

OFTEN = 3
"""Pictures in a row that Slack did not take, after which a pair code is offered as well."""

LONGEST_PAUSE = 30.0
"""Seconds, at most, until what Slack did not take is shown again."""

_DOUBLINGS = 16
_WRITES_FILES = "files:write"

GRACE = 1.0
"""Seconds that a QR or code stays up after its end, while the next is on its way."""

LONGEST_GRACE = 4.0
"""The same while Slack takes few updates: each is kept for the next code."""


@dataclass(frozen=True, slots=True)
class _Picture:
    """The QR of an offer on its way into Slack: the upload returns its id."""

    offer: QrReady
    upload: asyncio.Task[str]

    @property
    def file_id(self) -> str | None:
        """The id once a message may name it."""
        return self.upload.result() if self.upload.done() and not self.error else None

    @property
    def error(self) -> BaseException | None:
        """How an upload failed."""
        is_over = self.upload.done() and not self.upload.cancelled()
        return self.upload.exception() if is_over else None


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What the message says, and the QR or code that it shows."""

    content: Content = field(repr=False)
    offer: QrReady | CodeReady | None = field(default=None, repr=False)
    file_id: str | None = None


@dataclass(slots=True, kw_only=True, eq=False)
class Drawing:
    """One message, and the picture in it.

    What Slack does not take is shown again: `pause` says when. A message that somebody deletes is
    posted again. A QR whose time is over is taken down, even while the next is not there yet.

    Where Slack takes no pictures at all, it says so, and offers a pair code.

    Attributes:
        head: What all states have in common.
        message: Where it is shown.
        files: Holds its pictures.
        first_retry: Seconds until what Slack did not take is shown again; they double.
        by_link: The link to the page that shows the codes, if the message must not.
        on_picture: Called when a picture is in Slack, or cannot be.
    """

    head: PairingHead
    message: LiveMessage
    files: Files
    first_retry: float
    by_link: SentLink | None = None
    on_picture: Callable[[], None] = lambda: None
    _picture: _Picture | None = field(default=None, init=False)
    _up: _Drawn | None = field(default=None, init=False)
    _made: _Drawn | None = field(default=None, init=False)
    _over_since: float | None = field(default=None, init=False)
    _file_ids: set[str] = field(default_factory=set, init=False)
    _failures: int = field(default=0, init=False)
    _without_picture: str = field(default="", init=False)
    _lost_pictures: int = field(default=0, init=False)

    def prepare(self, view: PairingView) -> None:
        """Begin to send Slack the picture of a view's QR, unless that has begun."""
        offer = view.offer
        if not isinstance(offer, QrReady) or self.by_link is not None or self._without_picture:
            return
        if self._picture is None or self._picture.offer is not offer:
            self._drop_picture()
            upload = asyncio.create_task(self._upload(offer), name="slack picture")
            upload.add_done_callback(self._on_upload)
            self._picture = _Picture(offer, upload)

    async def show(self, latest: Callable[[], PairingView]) -> None:
        """Show what ``latest`` returns when it is our turn; discard pictures that are not shown.

        Raises:
            SlackApiError: Slack refuses it, and will not take it later.
            NotOwnerError: For long, nobody could tell whether the pairing is another app's now.
        """
        self.prepare(latest())
        try:
            await self._show(latest)
        except (*SLACK_ERRORS, UploadError) as error:
            is_worth_it = isinstance(error, UploadError) or is_passing(error)
            is_lost = isinstance(error, NotOwnerError) and self._failures >= MOST
            if is_lost or not is_worth_it:
                raise
            if not self._failures:
                _LOGGER.warning("Slack did not show a pairing: %s", _code(error))
            self._failures += 1
        else:
            if self._is_up(latest()):
                self._failures = 0
        finally:
            self._discard_old(latest())

    def due_in(self, view: PairingView) -> float | None:
        """Return the seconds until it must be shown again though nothing happens, or None."""
        if self._failures:
            pause: float = self.first_retry * 2 ** min(self._failures - 1, _DOUBLINGS)
            return min(pause, LONGEST_PAUSE)
        if self._over_since is None:
            return None
        return max(0.0, self._over_since + self._grace - view.now)

    async def show_last(self, text: str, offers: LastMessage, question_id: str = "") -> None:
        """Show the outcome.

        Raises:
            SlackApiError: Slack refuses it.
        """
        content = blocks.last_message(self.head, text, offers, question_id)
        await self._write(lambda: content, Priority.OUTCOME)

    async def clear(self) -> None:
        """Discard all pictures."""
        picture, self._picture = self._picture, None
        if picture is not None:
            picture.upload.cancel()
            await asyncio.wait([picture.upload])
        while self._file_ids:
            self.files.discard(self._file_ids.pop())

    async def _upload(self, offer: QrReady) -> str:
        with prioritized(Priority.QR):
            file_id = await self.files.upload(await offer.png(), self.head.ref.account)
        self._file_ids.add(file_id)
        self._lost_pictures = 0
        return file_id

    def _on_upload(self, upload: asyncio.Task[str]) -> None:
        if not upload.cancelled():
            upload.exception()  # `show` raises it, if the picture is still wanted
        self.on_picture()

    def _drop_picture(self) -> None:
        picture, self._picture = self._picture, None
        if picture is not None:
            picture.upload.cancel()

    async def _show(self, latest: Callable[[], PairingView]) -> None:
        error = self._picture.error if self._picture is not None else None
        if error is not None:
            self._picture = None
            failure, strings = slack_error_of(error), self.head.strings
            if failure.code not in NO_PICTURES and _WRITES_FILES not in failure.needed:
                self._lost_pictures += 1
                raise error
            self._without_picture = slack_text(failure, strings)

        def make() -> Content:
            self._made = self._draw(latest())
            return self._made.content

        await self._write(make, Priority.QR if self._up is not None else Priority.ANSWER)
        if self._up is not self._made:
            self._up, self._over_since = self._made, None

    def _draw(self, view: PairingView) -> _Drawn:
        if self.by_link is not None:
            return _Drawn(self._by_link(self.by_link, view))
        file_id = self._file_id_of(view)
        if isinstance(view.offer, QrReady) and file_id is not None:
            shown = blocks.showing_qr(self.head, file_id, view.offer.expires_at)
            return _Drawn(shown, view.offer, file_id)
        if isinstance(view.offer, CodeReady):
            shown = blocks.showing_code(self.head, view.offer.code, view.offer.expires_at)
            return _Drawn(shown, view.offer)
        if view.stage is Stage.QR and (self._without_picture or self._lost_pictures >= OFTEN):
            text = self._without_picture or self.head.strings.picture_not_taken
            return _Drawn(blocks.without_picture(self.head, text), view.offer)
        if self._up is not None and self._may_stay(view):
            return self._up
        return _Drawn(blocks.progress(self.head, view.stage, _reason(view)))

    def _file_id_of(self, view: PairingView) -> str | None:
        picture = self._picture
        return picture.file_id if picture is not None and picture.offer is view.offer else None

    def _may_stay(self, view: PairingView) -> bool:
        """Return whether what is up may stay for a moment, as the next code is on its way."""
        if self._up is None or self._up.offer is None or self._is_up(view):
            return False
        if view.stage not in {Stage.PREPARING, Stage.QR}:
            return False
        if self._over_since is None:
            self._over_since = view.now
        return view.now < self._over_since + self._grace

    def _is_up(self, view: PairingView) -> bool:
        """Return whether the message shows the QR or code of a view, or that there is none."""
        up = self._up
        return up is not None and (self.by_link is not None or up.offer is view.offer)

    @property
    def _grace(self) -> float:
        return GRACE if self.message.has_room else LONGEST_GRACE

    def _discard_old(self, view: PairingView) -> None:
        """Discard what is neither up nor to come; a dead QR's picture goes though it is up."""
        wanted = {self._file_id_of(view)}
        if self._up is not None and (self._is_up(view) or self._may_stay(view)):
            wanted.add(self._up.file_id)
        for file_id in self._file_ids - wanted:
            self.files.discard(file_id)
            self._file_ids.discard(file_id)

    def _by_link(self, sent: SentLink, view: PairingView) -> Content:
        if sent.link.is_owned:
            return blocks.shown_by_link(self.head, view.stage, _reason(view))
        return blocks.waiting_for_browser(self.head, sent.until)

    async def _write(self, make: Callable[[], Content], priority: Priority) -> None:
        try:
            await self.message.refresh(make, priority)
        except SlackApiError as error:
            if self.message.ts is None or not is_gone(error):
                raise
            self.message.is_gone()
            await self.message.refresh(make, priority)


def _reason(view: PairingView) -> ErrorCode | None:
    told = view.stalled or view.waiting
    return told.code if told is not None else None


def _code(error: Exception) -> str:
    return slack_code(error) if isinstance(error, SLACK_ERRORS) else "picture_not_taken"
