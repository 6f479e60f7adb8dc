"""QR pictures in Slack: uploaded, waited for until a message may name them, deleted."""

import asyncio
import logging
import time
from collections.abc import Mapping
from contextlib import suppress

from aiohttp import ClientSession, ClientTimeout
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from wuts.operations.background import Background

from ..operations.records import Records
from .answers import mapping_at, mappings_at, text_at
from .errors import SLACK_ERRORS, NotOwnerError, slack_code
from .rate_limiter import Priority, prioritized

_LOGGER = logging.getLogger(__name__)

LOOKS = 20
"""How often a fresh upload is looked at before it is given up."""

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 1.0
"""Seconds between two looks; they grow from the first to the longest."""

UPLOAD_TIMEOUT = 30.0
"""Seconds for sending one picture."""

FIRST_RETRY = 2.0
LONGEST_RETRY = 60.0
"""Seconds until what Slack did not delete is tried again; they double."""

_GONE = {"file_not_found", "file_deleted"}


class UploadError(Exception):
    """Slack never finished an upload."""


class Files:
    """The pictures in the app's own messages; they are shared with no channel.

    Each has a record from before it is sent until it is deleted, so a crash leaves none behind.
    Nobody waits for a deletion: Slack takes only so many a minute.

    Args:
        slack: Makes the calls; the same token must post the messages.
        records: Which pictures there are.
        background: Deletes them.

    Attributes:
        first_retry: Seconds until what Slack did not delete is tried again.
    """

    def __init__(
        self,
        slack: AsyncWebClient,
        records: Records,
        background: Background,
        first_retry: float = FIRST_RETRY,
    ) -> None:
        self.first_retry = first_retry
        self._slack = slack
        self._records = records
        self._background = background
        self._unwanted: dict[str, bool] = {}
        self._all_gone = asyncio.Event()
        self._usual_wait = 0.0

    async def restore(self) -> None:
        """Find the pictures that an earlier run left; `clear` deletes them."""
        self._unwanted |= dict.fromkeys(await self._records.all(), False)

    async def upload(self, png: bytes, account: str) -> str:
        """Upload a picture; return its id once a message may name it.

        Until Slack shows a ``mimetype``, it refuses blocks that name the file.

        Args:
            png: The picture.
            account: The account of the device that is paired with it.

        Raises:
            UploadError: Slack did not finish it.
            SlackApiError: Slack refused it.
        """
        place = await self._slack.files_getUploadURLExternal(filename="qr.png", length=len(png))
        file_id, address = text_at(place, "file_id"), text_at(place, "upload_url")
        await self._records.save(file_id, {"account": account})
        try:
            await self._send(address, png)
            done = await self._slack.files_completeUploadExternal(
                files=[{"id": file_id, "title": "QR"}]
            )
            if not any(_is_ready(one) for one in mappings_at(done, "files")):
                await self._wait_for(file_id)
        except BaseException:
            self.discard(file_id)
            raise
        return file_id

    def discard(self, file_id: str) -> None:
        """Delete a picture soon; a later run does where this one cannot."""
        self._unwanted.setdefault(file_id, False)
        self._background.start("pictures", self.clear)

    async def clear(self) -> None:
        """Delete all pictures that are no longer needed."""
        pause = self.first_retry
        while self._unwanted:
            for file_id in list(self._unwanted):
                await self._delete(file_id)
            if self._unwanted:
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_RETRY)
        self._all_gone.set()

    async def settle(self, seconds: float) -> None:
        """Wait until all that were discarded are deleted, but no longer than that."""
        self._all_gone.clear()
        if self._unwanted:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._all_gone.wait(), seconds)

    async def _delete(self, file_id: str) -> None:
        try:
            with prioritized(Priority.ANSWER):  # nothing more urgent uses that method
                await self._slack.files_delete(file=file_id)
        except NotOwnerError:
            return  # the next owner has its record
        except SLACK_ERRORS as error:
            code = slack_code(error)
            if code not in _GONE:
                if not self._unwanted.get(file_id, True):
                    _LOGGER.warning("Slack did not delete the picture %s: %s", file_id, code)
                    self._unwanted[file_id] = True
                return
        # In this order: who waits for all to be gone waits for the record as well.
        await self._records.delete(file_id)
        self._unwanted.pop(file_id, None)

    async def _send(self, url: str, png: bytes) -> None:
        timeout = ClientTimeout(total=UPLOAD_TIMEOUT)
        ssl = self._slack.ssl or True
        async with (
            ClientSession(timeout=timeout) as session,
            session.post(url, data=png, proxy=self._slack.proxy, ssl=ssl) as answer,
        ):
            if not answer.ok:
                raise UploadError

    async def _wait_for(self, file_id: str) -> None:
        """Look until Slack shows the type, at first when the last picture had it: looks are few."""
        began, pause = time.monotonic(), FIRST_PAUSE
        await asyncio.sleep(self._usual_wait)
        for look in range(LOOKS):
            if await self._is_ready(file_id):
                took = min(time.monotonic() - began, LONGEST_PAUSE)
                self._usual_wait = took if look else self._usual_wait * 0.8
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        raise UploadError

    async def _is_ready(self, file_id: str) -> bool:
        try:
            answer = await self._slack.files_info(file=file_id)
        except SlackApiError as error:
            # Slack may not know a fresh file everywhere yet.
            if slack_code(error) not in _GONE:
                raise
            return False
        return _is_ready(mapping_at(answer, "file"))


def _is_ready(file: Mapping[str, object]) -> bool:
    return bool(file.get("mimetype"))
