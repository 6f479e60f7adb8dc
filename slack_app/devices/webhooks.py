"""The gateway's webhooks: a hint that something changed, never more. HTTP mode only."""

from dataclasses import dataclass

from aiohttp import web
from pydantic import SecretStr

from wuts import Refusal, WebhookReceiver
from wuts.supervisor import Supervisor

from ..operations.metrics import Metrics
from .accounts import Accounts

PATH = "/wuts/webhook/{account}"
HEADER = "X-WUTS-Secret"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhooks:
    """Takes webhooks for each account at its own path.

    Each must send the secret in the header ``X-WUTS-Secret``. Nothing that the body says is
    believed: the supervisor asks the gateway itself.

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
        receiver = WebhookReceiver(header=HEADER, secret=self.secret.get_secret_value())
        if receiver.check(request.headers) is Refusal.WRONG_SECRET:
            return self._refuse(401, "The secret is missing or wrong.")
        account = request.match_info["account"]
        if account not in self.accounts.names:
            return self._refuse(404, "There is no such account.")
        if isinstance(await receiver.receive(request.headers, request.content.iter_any()), Refusal):
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
