"""Pictures in Slack: uploaded, waited for until a message may name them, deleted."""

import asyncio
import logging

from aiohttp import ClientSession, ClientTimeout
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from .errors import SLACK_TROUBLES, slack_code
from .stored_messages import Notes

_LOGGER = logging.getLogger(__name__)

LOOKS = 20
"""How often a fresh upload is looked at before it is given up."""

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 1.0
"""Seconds between two looks; they grow from the first to the longest."""

UPLOAD_TIMEOUT = 30.0
"""Seconds for sending one picture."""

_GONE = {"file_not_found", "file_deleted"}


class PictureNotTakenError(Exception):
    """Slack never finished taking a picture in."""


class Pictures:
    """The pictures that the app's own messages show; they are shared with no channel.

    Each is noted before it is sent and until it is deleted, so that none is left behind by a crash.

    Args:
        slack: Makes the calls; the same token must post the messages.
        notes: Which pictures there are.
    """

    def __init__(self, slack: AsyncWebClient, notes: Notes) -> None:
        self._slack = slack
        self._notes = notes
        self._unwanted: dict[str, bool] = {}

    async def recall(self) -> None:
        """Learn which pictures an earlier run left; `clear` deletes them."""
        self._unwanted |= dict.fromkeys(await self._notes.all(), False)

    async def upload(self, png: bytes) -> str:
        """Upload a picture; return its id once a message may name it.

        Before ``files.info`` shows a ``mimetype``, Slack refuses blocks that name the file.

        Raises:
            PictureNotTakenError: Slack did not take it in.
            SlackApiError: Slack refused it.
        """
        place = await self._slack.files_getUploadURLExternal(filename="qr.png", length=len(png))
        file_id = str(place["file_id"])
        await self._notes.keep(file_id, {})
        try:
            await self._send(str(place["upload_url"]), png)
            await self._slack.files_completeUploadExternal(files=[{"id": file_id, "title": "QR"}])
            await self._wait_for(file_id)
        except BaseException:
            await self.delete(file_id)
            raise
        return file_id

    async def delete(self, file_id: str) -> None:
        """Delete a picture; one that cannot be deleted now is tried again with the next."""
        self._unwanted.setdefault(file_id, False)
        await self.clear()

    async def clear(self) -> None:
        """Delete all pictures that nobody wants any more."""
        for file_id in list(self._unwanted):
            await self._delete(file_id)

    async def _delete(self, file_id: str) -> None:
        try:
            await self._slack.files_delete(file=file_id)
        except SLACK_TROUBLES as error:
            code = slack_code(error)
            if code not in _GONE:
                if not self._unwanted.get(file_id, True):
                    _LOGGER.warning("Slack did not delete the picture %s: %s", file_id, code)
                    self._unwanted[file_id] = True
                return
        self._unwanted.pop(file_id, None)
        await self._notes.drop(file_id)

    async def _send(self, url: str, png: bytes) -> None:
        timeout = ClientTimeout(total=UPLOAD_TIMEOUT)
        ssl = self._slack.ssl or True
        async with (
            ClientSession(timeout=timeout) as session,
            session.post(url, data=png, proxy=self._slack.proxy, ssl=ssl) as answer,
        ):
            if not answer.ok:
                raise PictureNotTakenError

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
        raise PictureNotTakenError
