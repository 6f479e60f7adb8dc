"""The whole app: Slack on one side, the supervised gateways on the other."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from core import WutsClient
from core.errors import WutsError
from core.pairing import PairingSettings
from core.supervisor import Supervisor, SupervisorSettings
from core.supervisor.store import Store

from .accounts import Accounts
from .alerts import AlertChannel
from .listeners import register_all
from .live_message import INTERVAL, Pace
from .messages import words_for
from .once import Once
from .pairing import TICK
from .pairings import Pairings
from .people import People
from .permissions import AllowLists, Permissions
from .services import Services
from .settings import Mode, Settings
from .webhooks import add_webhooks

_LOGGER = logging.getLogger(__name__)

EVENTS_PATH = "/slack/events"
RATE_LIMIT_RETRIES = 5


@dataclass(frozen=True, slots=True)
class RunningApp:
    """The app while it runs.

    Attributes:
        services: Its parts.
        port: Where HTTP mode listens, or None in Socket Mode.
    """

    services: Services
    port: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tempo:
    """How fast everything goes; times are in seconds.

    Attributes:
        supervision: How often and how patiently devices are looked after.
        pairing: The times of a pairing.
        interval: From one write to a channel to the next.
        tick: From one showing of a pairing's time left to the next.
    """

    supervision: SupervisorSettings = field(default_factory=SupervisorSettings)
    pairing: PairingSettings = field(default_factory=PairingSettings)
    interval: float = INTERVAL
    tick: float = TICK


@asynccontextmanager
async def running_app(
    settings: Settings, *, store: Store | None = None, tempo: Tempo | None = None
) -> AsyncIterator[RunningApp]:
    """Run the app for as long as the context lasts.

    Args:
        settings: Whom to connect to, and who may.
        store: What must survive a restart; in memory unless given.
        tempo: How fast everything goes.

    Raises:
        WutsConfigError: An account's token or address is not usable.
        OSError: HTTP mode's address cannot be bound.
        SlackApiError: Slack refuses the tokens.
    """
    tempo = tempo or Tempo()
    slack = AsyncWebClient(token=settings.bot_token.get_secret_value(), base_url=settings.slack_url)
    slack.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=RATE_LIMIT_RETRIES))
    async with AsyncExitStack() as stack:
        clients = {
            name: await stack.enter_async_context(
                WutsClient(account.token.get_secret_value(), base_url=account.url)
            )
            for name, account in settings.accounts.items()
        }
        supervisor = Supervisor(tempo.supervision, store=store)
        accounts = Accounts(clients, supervisor)
        pace = Pace(tempo.interval)
        people = People(slack)
        lists = AllowLists(
            users=settings.allow_users,
            user_groups=settings.allow_user_groups,
            channels=settings.allow_channels,
        )
        services = Services(
            slack=slack,
            accounts=accounts,
            supervisor=supervisor,
            people=people,
            permissions=Permissions(slack, people, lists),
            pairings=Pairings(
                slack=slack,
                accounts=accounts,
                supervisor=supervisor,
                pace=pace,
                settings=tempo.pairing,
                tick=tempo.tick,
            ),
        )
        if settings.alert_channel:
            words = words_for(settings.alert_language)
            alerts = AlertChannel(slack, supervisor, settings.alert_channel, words, pace)
            supervisor.subscribe(alerts.on_event)
            stack.push_async_callback(alerts.close)
        await stack.enter_async_context(supervisor)
        for name, client in clients.items():
            supervisor.add_tenant(name, client)
        bolt = _bolt(settings, slack, services)
        port = await _listen(settings, bolt, services, stack)
        stack.push_async_callback(services.pairings.close)
        learning = asyncio.create_task(_learn_numbers(accounts), name="slack numbers")
        stack.push_async_callback(_cancel, learning)
        yield RunningApp(services, port)


def _bolt(settings: Settings, slack: AsyncWebClient, services: Services) -> AsyncApp:
    app = AsyncApp(
        client=slack,
        signing_secret=settings.signing_secret.get_secret_value() or None,
        request_verification_enabled=settings.mode is Mode.HTTP,
    )
    app.use(Once().let_through)
    register_all(app, services)
    return app


async def _listen(
    settings: Settings, bolt: AsyncApp, services: Services, stack: AsyncExitStack
) -> int | None:
    if settings.mode is Mode.SOCKET:
        handler = AsyncSocketModeHandler(bolt, settings.app_token.get_secret_value())
        stack.push_async_callback(handler.close_async)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        return None
    web_app = bolt.web_app(EVENTS_PATH)
    secret = settings.webhook_secret.get_secret_value()
    if secret:
        add_webhooks(web_app, secret, services.accounts, services.supervisor)
    runner = web.AppRunner(web_app, access_log=None)
    stack.push_async_callback(runner.cleanup)
    await runner.setup()
    site = web.TCPSite(runner, settings.host, settings.port)
    await site.start()
    port: int = runner.addresses[0][1]
    return port


async def _learn_numbers(accounts: Accounts) -> None:
    """Know the numbers before a phone unlinks its device: it is the one expected back."""
    for name in accounts.names:
        try:
            await accounts.look(name)
        except WutsError as error:
            _LOGGER.warning("The numbers of account %s are not known yet: %s", name, error)


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])
