"""Answers at a ``response_url``: checked, repeated, counted, and never taken on trust."""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from aiohttp import ClientResponse, ClientSession, ClientTimeout
from slack_sdk.web.async_client import AsyncWebClient

from .errors import CONNECTION_FAILED, TIMEOUT, TOO_MANY, UNREADABLE, may_pass, slack_code
from .retries import wait_for

_LOGGER = logging.getLogger(__name__)

MOST = 3
"""How often an answer is sent at most: a ``response_url`` takes five in half an hour."""

FIRST_PAUSE = 0.5
"""Seconds before an answer is sent once more; doubled for the next time."""

LONGEST_WAIT = 5.0
"""Seconds of a ``Retry-After`` that are waited for: a direct message is faster then."""

TRY_TIMEOUT = 10.0
"""Seconds for one try."""

TAKEN = "ok"

_TIMEOUT = ClientTimeout(total=TRY_TIMEOUT)

_LONGEST_REASON = 40


class Responder:
    """Sends people their answers in the place where they asked.

    Args:
        slack: Knows the proxy on the way to Slack.
        first_pause: Seconds before an answer is sent once more.

    Attributes:
        on_try: Gets the result of each try: ok, rate_limited, refused or no_answer.
    """

    def __init__(self, slack: AsyncWebClient, *, first_pause: float = FIRST_PAUSE) -> None:
        self.on_try: Callable[[str], None] = lambda _outcome: None
        self._slack = slack
        self._first_pause = first_pause

    async def respond(self, url: str, payload: Mapping[str, Any]) -> str | None:
        """Send an answer; return None once Slack has taken it, or else why it did not.

        It raises nothing: whoever gets a reason finds another way to the person.

        Args:
            url: The ``response_url``. It is a secret, and never logged.
            payload: What to show (Slack's guide, "Handling user interaction").
        """
        body = json.dumps(dict(payload))
        pause, reason = self._first_pause, ""
        for left in reversed(range(MOST)):
            reason, wait = await self._try(url, body)
            self.on_try(_outcome(reason))
            if reason == TAKEN:
                return None
            if wait is None or not left:
                break
            await asyncio.sleep(max(wait, pause))
            pause *= 2
        _LOGGER.warning("Slack did not accept an answer at a response_url (%s)", reason)
        return reason

    async def _try(self, url: str, body: str) -> tuple[str, float | None]:
        """Return the result of a try, and in how many seconds the next makes sense, if ever."""
        headers = {"Content-Type": "application/json; charset=utf-8"}
        try:
            async with (
                ClientSession(timeout=_TIMEOUT) as session,
                session.post(url, data=body, headers=headers, proxy=self._slack.proxy) as answer,
            ):
                return await _read(answer)
        except Exception as error:  # noqa: BLE001 - a broken address, a charset, whatever
            code = slack_code(error)
            return code, 0.0 if may_pass(code) else None


def _outcome(reason: str) -> str:
    """Return what is counted: a few words, whatever Slack says."""
    if reason == TAKEN:
        return TAKEN
    if reason == str(TOO_MANY):
        return "rate_limited"
    return "no_answer" if reason in {TIMEOUT, CONNECTION_FAILED, UNREADABLE} else "refused"


async def _read(answer: ClientResponse) -> tuple[str, float | None]:
    status = answer.status
    if status == TOO_MANY:
        wait = wait_for(answer.headers.get("Retry-After"), datetime.now(UTC))
        return str(status), wait if wait <= LONGEST_WAIT else None
    if status != HTTPStatus.OK:
        return str(status), 0.0 if may_pass("", status) else None
    return _told(await answer.read()), None


def _told(body: bytes) -> str:
    """Return `TAKEN`, or what Slack says against it; an answer that isn't JSON means ``ok``."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return TAKEN
    if not isinstance(said, dict) or said.get("ok") is not False:
        return TAKEN
    reason = str(said.get("error", ""))
    is_code = reason.isascii() and reason.replace("_", "").isalnum()
    return reason if is_code and len(reason) <= _LONGEST_REASON else "refused"
