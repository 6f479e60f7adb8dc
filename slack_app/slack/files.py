"""QR pictures in Slack: uploaded, waited for until a message may name them, deleted."""

import asyncio
import logging

from aiohttp import ClientSession, ClientTimeout
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from ..operations.records import Records
from .errors import SLACK_ERRORS, NotOwnerError, slack_code

_LOGGER = logging.getLogger(__name__)

LOOKS = 20
"""How often a fresh upload is looked at before it is given up."""

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 1.0
"""Seconds between two looks; they grow from the first to the longest."""

UPLOAD_TIMEOUT = 30.0
"""Seconds for sending one picture."""

_GONE = {"file_not_found", "file_deleted"}


class UploadError(Exception):
    """Slack never finished an upload."""


class Files:
    """The pictures in the app's own messages; they are shared with no channel.

    Each has a record from before it is sent until it is deleted, so a crash leaves none behind.

    Args:
        slack: Makes the calls; the same token must post the messages.
        records: Which pictures there are.
    """

    def __init__(self, slack: AsyncWebClient, records: Records) -> None:
        self._slack = slack
        self._records = records
        self._unwanted: dict[str, bool] = {}

    async def restore(self) -> None:
        """Find the pictures that an earlier run left; `clear` deletes them."""
        self._unwanted |= dict.fromkeys(await self._records.all(), False)

    async def upload(self, png: bytes, account: str) -> str:
        """Upload a picture; return its id once a message may name it.

        Until ``files.info`` shows a ``mimetype``, Slack refuses blocks that name the file.

        Args:
            png: The picture.
            account: The account of the device that is paired with it.

        Raises:
            UploadError: Slack did not finish it.
            SlackApiError: Slack refused it.
        """
        place = await self._slack.files_getUploadURLExternal(filename="qr.png", length=len(png))
        file_id = str(place["file_id"])
        await self._records.save(file_id, {"account": account})
        try:
            await self._send(str(place["upload_url"]), png)
            await self._slack.files_completeUploadExternal(files=[{"id": file_id, "title": "QR"}])
            await self._wait_for(file_id)
        except BaseException:
            await self.delete(file_id)
            raise
        return file_id

    async def delete(self, file_id: str) -> None:
        """Delete a picture; if that fails, try again with the next one."""
        self._unwanted.setdefault(file_id, False)
        await self.clear()

    async def clear(self) -> None:
        """Delete all pictures that are no longer needed."""
        for file_id in list(self._unwanted):
            await self._delete(file_id)

    async def _delete(self, file_id: str) -> None:
        try:
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
        self._unwanted.pop(file_id, None)
        await self._records.delete(file_id)

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
        pause = FIRST_PAUSE
        for _ in range(LOOKS):
            try:
                answer = await self._slack.files_info(file=file_id)
            except SlackApiError as error:
                # Slack may not know a fresh file everywhere yet.
                if slack_code(error) not in _GONE:
                    raise
            else:
                if answer["file"].get("mimetype"):
                    return
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        raise UploadError
