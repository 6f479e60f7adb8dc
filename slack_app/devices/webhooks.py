"""The gateway's webhooks: a hint that something changed, never more. HTTP mode only."""

import hmac
from dataclasses import dataclass

from aiohttp import web
from pydantic import SecretStr

from wuts.supervisor import Supervisor

from ..operations.metrics import Metrics
from .accounts import Accounts

PATH = "/wuts/webhook/{account}"
HEADER = "X-WUTS-Secret"

LARGEST = 64 * 1024
"""Bytes of a delivery; a session's event is far smaller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhooks:
    """Takes webhooks for each account at its own path.

    Each must send the secret in the header ``X-WUTS-Secret``. The body is not looked at: the
    supervisor asks the gateway itself.

    Attributes:
        secret: The secret; empty to take none.
        accounts: Whose webhooks are taken.
        supervisor: Is told to look at the account.
        metrics: Counts deliveries.
    """

    secret: SecretStr
    accounts: Accounts
    supervisor: Supervisor
    metrics: Metrics

    def add_to(self, app: web.Application) -> None:
        """Let a server take them."""
        if self.secret:
            app.router.add_post(PATH, self._take)

    async def _take(self, request: web.Request) -> web.Response:
        # The header may hold bytes that are no text.
        given = request.headers.get(HEADER, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(given, self.secret.get_secret_value().encode()):
            return self._refuse(401, "The secret is missing or wrong.")
        account = request.match_info["account"]
        if account not in self.accounts.names:
            return self._refuse(404, "There is no such account.")
        if not await _is_small(request):
            return self._refuse(413, "That is too large.")
        self.supervisor.wake(account)
        self.metrics.count_webhook("taken")
        return web.Response(status=204)

    def _refuse(self, status: int, text: str) -> web.Response:
        self.metrics.count_webhook("refused")
        answer = web.Response(status=status, text=text)
        # The rest of the body is not read.
        answer.force_close()
        return answer


async def _is_small(request: web.Request) -> bool:
    """Read a body to its end, unless it is too large."""
    if (request.content_length or 0) > LARGEST:
        return False
    size = 0
    async for chunk in request.content.iter_any():
        size += len(chunk)
        if size > LARGEST:
            return False
    return True
