"""The gateway's webhooks: a hint that something changed, never more. HTTP mode only."""

import hmac

from aiohttp import web

from core.supervisor import Supervisor

from .accounts import Accounts

PATH = "/wuts/webhook/{account}"
HEADER = "X-WUTS-Secret"


def add_webhooks(
    app: web.Application, secret: str, accounts: Accounts, supervisor: Supervisor
) -> None:
    """Take webhooks for each account at its own path.

    Each must send ``secret`` in the header ``X-WUTS-Secret``. The body is not read: the supervisor
    asks the gateway itself.
    """

    async def take(request: web.Request) -> web.Response:
        given = request.headers.get(HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return web.Response(status=401, text="The secret is missing or wrong.")
        account = request.match_info["account"]
        if account not in accounts.names:
            return web.Response(status=404, text="There is no such account.")
        supervisor.wake(account)
        return web.Response(status=204)

    app.router.add_post(PATH, take)
