"""What a real program shows, with something in each metric: the Slack app's has them all."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from slack_app.operations.metrics import Metrics
from tests.core.wuts.supervisor.home import Home, until
from wuts import WutsClient
from wuts.metrics import PairingResult, WebhookResult
from wuts.supervisor import DeviceState, Notification, Route
from wuts_simulator import Simulator

TOKEN = "wuts_tok_Zq8hK2vR5nXw"


@asynccontextmanager
async def full_page(sim: Simulator) -> AsyncIterator[Metrics]:
    """Supervise an account whose phone unlinked a device, and show it."""

    async def mail(_notification: Notification) -> None:
        raise ConnectionError

    metrics, home = Metrics(["home", "shop"]), Home(sim)
    unlinked, dropped, _ = home.add_devices(3)
    async with WutsClient(TOKEN, base_url=sim.url, on_call=metrics.on_call) as client:
        route = Route(receivers=("mail",), group_wait=0.0)
        async with home.supervised(
            client=client, sees=3, routes=[route], receivers={"mail": mail}
        ) as supervisor:
            supervisor.subscribe(metrics.on_event)
            home.world.unlink(unlinked)
            home.world.drop(dropped)
            await home.until_told(dropped, DeviceState.RECONNECTING)
            await home.until_state(dropped, DeviceState.CONNECTED)
            await until(lambda: supervisor.alerts.receivers()["mail"].failures > 0)
            metrics.pairing_ended(PairingResult.PAIRED, 20.0)
            metrics.webhook(WebhookResult.TAKEN)
            metrics.task_failed("homes")
            metrics.count_call("chat.postMessage", "rate_limited")
            metrics.count("wuts_slack_alerts_refused", "C1", "is_archived")
            metrics.count("wuts_slack_responses", "refused")
            with metrics.watching(supervisor):
                yield metrics
