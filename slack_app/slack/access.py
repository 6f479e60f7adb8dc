"""What Slack lets the app do: whether it takes the tokens, and which scopes the bot has."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import override
from urllib.parse import urlsplit

from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient

from .errors import SLACK_ERRORS, TOKEN_REFUSED, SlackFailure, failure_of
from .scopes import SCOPES_HEADER, scopes_in

_LOGGER = logging.getLogger(__name__)

EVERY = 60.0
"""Seconds between two looks, so that a quiet app notices as well what was taken from it."""

_APP_TOKEN_METHOD = "apps.connections.open"  # noqa: S105 - no token
_BOT, _APP = "bot", "app"

type Lost = Callable[[SlackFailure], None]


class Access(AsyncRetryHandler):
    """Reads it in every answer of Slack's; it asks for no retry. Put it before those that do.

    Args:
        needed: The bot scopes that the app needs.

    Attributes:
        on_lost: Gets what the bot could do a moment ago, and no longer can.
    """

    def __init__(self, needed: Collection[str]) -> None:
        super().__init__()
        self.on_lost: Lost = lambda _failure: None
        self._needed = frozenset(needed)
        self._refused: dict[str, str] = {}
        self._missing: frozenset[str] = frozenset()
        self._has_looked = False
        self._has_taken: set[str] = set()

    def troubles(self) -> dict[str, object]:
        """Return what a person must fix: tokens and Slack's codes, and the scopes that lack."""
        return {"refused_tokens": dict(self._refused), "missing_scopes": sorted(self._missing)}

    @override
    async def can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        """Read one answer."""
        if error is None and response is not None and isinstance(response.body, Mapping):
            self._read(urlsplit(request.url).path.rpartition("/")[2], response)
        return False

    def _read(self, method: str, response: HttpResponse) -> None:
        token = _APP if method == _APP_TOKEN_METHOD else _BOT
        body = response.body or {}
        code = body.get("error")
        if body.get("ok") is True:
            self._taken(token)
        elif isinstance(code, str) and code in TOKEN_REFUSED:
            self._turned_down(token, code)
        if token == _BOT and (header := _header(response)) is not None:
            self._scopes_are(scopes_in(header))

    def _taken(self, token: str) -> None:
        self._has_taken.add(token)
        if self._refused.pop(token, None) is not None:
            _LOGGER.info("Slack accepts the %s token again", token)

    def _turned_down(self, token: str, code: str) -> None:
        if self._refused.get(token) == code:
            return
        self._refused[token] = code
        if token not in self._has_taken:
            return  # the app does not begin with it, and says why
        _LOGGER.error(
            "Slack refuses the %s token (%s). Reinstall the app in the workspace, and set "
            "its new token.",
            token,
            code,
        )

    def _scopes_are(self, scopes: frozenset[str]) -> None:
        missing, before = self._needed - scopes, self._missing
        self._missing = missing
        if missing and missing != before:
            _LOGGER.error(
                "The app lacks scopes in Slack: %s. Paste the output of wuts-slack "
                "manifest into the app's manifest, and reinstall it.",
                ", ".join(sorted(missing)),
            )
        elif before and not missing:
            _LOGGER.info("The app has all scopes that it needs again")
        if missing - before and self._has_looked:
            self.on_lost(failure_of("missing_scope", needed=missing))
        self._has_looked = True


class Looks:
    """Looks at what the app may do, again and again.

    Args:
        slack: Makes the calls, with an `Access` among its handlers.
        look_at_channels: Looks whether the channels can be written to.
        every: Seconds between two looks.
    """

    def __init__(
        self,
        slack: AsyncWebClient,
        look_at_channels: Callable[[], Awaitable[None]],
        *,
        every: float = EVERY,
    ) -> None:
        self._slack = slack
        self._look_at_channels = look_at_channels
        self._every = every

    async def run(self) -> None:
        """Look until it is cancelled; what does not answer is looked at again."""
        while True:
            for look in (self._slack.auth_test, self._look_at_channels):
                try:
                    await look()
                except SLACK_ERRORS:
                    continue  # `Access` has read what there was to read
            await asyncio.sleep(self._every)


def _header(response: HttpResponse) -> str | None:
    values = {name.lower(): value for name, value in response.headers.items()}
    value = values.get(SCOPES_HEADER)
    text = value[0] if isinstance(value, list) and value else value
    return text if isinstance(text, str) else None
