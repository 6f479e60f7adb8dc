"""A client of Slack: each call ends with a JSON object, or one of `SLACK_ERRORS`."""

from collections.abc import Mapping
from typing import Any, override
from uuid import uuid4

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from .errors import SLACK_ERRORS, UnreadableError


class ReadableClient(AsyncWebClient):
    """``slack_sdk``'s client, which stumbles over what is not Slack's JSON otherwise."""

    @override
    async def _request(
        self, *, http_verb: str, api_url: str, req_args: dict[str, Any]
    ) -> dict[str, Any]:
        """Make one call, with all its tries; the pages of an answer come here, too.

        Raises:
            SlackClientError, ClientError, TimeoutError: It failed, in whatever way.
        """
        try:
            answer = await super()._request(http_verb=http_verb, api_url=api_url, req_args=req_args)
        except SLACK_ERRORS:
            raise
        except Exception as error:
            # A charset that doesn't exist, JSON that is too deep, a header that isn't text …
            raise UnreadableError from error
        body, status = answer.get("data"), answer.get("status_code")
        pages = body.get("response_metadata") if isinstance(body, Mapping) else None
        if not isinstance(body, Mapping) or not (pages is None or isinstance(pages, Mapping)):
            raise UnreadableError(status)
        return answer

    @override
    async def chat_postMessage(self, **arguments: Any) -> AsyncSlackResponse:
        """Post a message, with an id that all tries of this post have in common.

        A post whose answer was lost may be in the channel already. Slack takes a second one with
        the same ``client_msg_id`` for the first.
        """
        arguments.setdefault("client_msg_id", str(uuid4()))
        return await super().chat_postMessage(**arguments)
