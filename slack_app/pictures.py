"""Pictures in Slack: uploaded, waited for until a message may name them, deleted."""

import asyncio
import logging

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

_LOGGER = logging.getLogger(__name__)

LOOKS = 20
"""How often a fresh upload is looked at before it is given up."""

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 1.0
"""Seconds between two looks; they grow from the first to the longest."""

_GONE = {"file_not_found", "file_deleted"}


class PictureNotTakenError(Exception):
    """Slack never finished taking a picture in."""


class Pictures:
    """The pictures that the app's own messages show; they are shared with no channel.

    Args:
        slack: Makes the calls; the same token must post the messages.
    """

    def __init__(self, slack: AsyncWebClient) -> None:
        self._slack = slack

    async def upload(self, png: bytes) -> str:
        """Upload a picture; return its id once a message may name it.

        Before ``files.info`` shows a ``mimetype``, Slack refuses blocks that name the file.

        Raises:
            PictureNotTakenError: Slack did not take it in.
            SlackApiError: Slack refused it.
        """
        answer = await self._slack.files_upload_v2(content=png, filename="qr.png", title="QR")
        file_id = str(answer["files"][0]["id"])
        try:
            await self._wait_for(file_id)
        except BaseException:
            await self.delete(file_id)
            raise
        return file_id

    async def delete(self, file_id: str) -> None:
        """Delete a picture; that it cannot be deleted is logged, for nobody waits for it."""
        try:
            await self._slack.files_delete(file=file_id)
        except SlackApiError as error:
            if error.response.get("error") not in _GONE:
                _LOGGER.warning("Slack did not delete the picture %s: %s", file_id, error)

    async def _wait_for(self, file_id: str) -> None:
        pause = FIRST_PAUSE
        for _ in range(LOOKS):
            answer = await self._slack.files_info(file=file_id)
            if answer["file"].get("mimetype"):
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        raise PictureNotTakenError
