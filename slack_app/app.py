"""The whole app: Slack on one side, the supervised gateways on the other."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

from aiohttp import ClientSession, ClientTimeout
from slack_bolt.async_app import AsyncApp
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from wuts import WutsClient
from wuts.errors import WutsError
from wuts.pairing import PairingSettings
from wuts.supervisor import Supervisor, SupervisorSettings
from wuts.supervisor.store import KeyValueStore, MemoryStore, Store

from .alerts.channel import AlertChannel
from .devices.accounts import Accounts
from .devices.webhooks import Webhooks
from .home.app_home import INTERVAL as HOME_INTERVAL
from .home.app_home import Homes
from .listeners import register_all
from .listeners.deduplication import Once
from .messages import words_for
from .operations.metrics import CallCounter, Metrics
from .operations.monitor import running_monitor
from .pairing.pairing import TICK
from .pairing.running import Pairings
from .pairing.typed_numbers import TypedPhones
from .people.permissions import AllowLists, Permissions
from .people.users import People
from .services import Services
from .settings import Mode, Settings
from .slack.connection import EVENTS_PATH, PING_INTERVAL, check_tokens, listen
from .slack.files import Pictures
from .slack.live_message import INTERVAL, Pace
from .slack.stored_messages import Notes

__all__ = ["EVENTS_PATH", "RunningApp", "Tempo", "running_app"]

_LOGGER = logging.getLogger(__name__)

RATE_LIMIT_RETRIES = 5

SLACK_TIMEOUT = 30.0
"""Seconds that one call to Slack may take."""


class AppStore(Store, KeyValueStore, Protocol):
    """Keeps what the supervisor and the app must know after a restart."""


@dataclass(frozen=True, slots=True)
class RunningApp:
    """The app while it runs.

    Attributes:
        services: Its parts.
        port: Where HTTP mode listens, or None in Socket Mode.
        monitor_port: Where its health and its figures are.
    """

    services: Services
    port: int | None
    monitor_port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tempo:
    """How fast everything goes; times are in seconds.

    Attributes:
        supervision: How often and how patiently devices are looked after.
        pairing: The times of a pairing.
        interval: From one write to a channel to the next.
        home_interval: From one publishing of a home to the next.
        tick: From one showing of a pairing's time left to the next.
        ping: From one look at Socket Mode's connection to the next.
    """

    supervision: SupervisorSettings = field(default_factory=SupervisorSettings)
    pairing: PairingSettings = field(default_factory=PairingSettings)
    interval: float = INTERVAL
    home_interval: float = HOME_INTERVAL
    tick: float = TICK
    ping: float = PING_INTERVAL


@asynccontextmanager
async def running_app(
    settings: Settings, *, store: AppStore | None = None, tempo: Tempo | None = None
) -> AsyncIterator[RunningApp]:
    """Run the app for as long as the context lasts.

    Args:
        settings: Whom to connect to, and who may.
        store: What must survive a restart; in memory unless given.
        tempo: How fast everything goes.

    Raises:
        WutsConfigError: An account's token or address is not usable.
        OSError: An address to listen at cannot be bound.
        SlackApiError: Slack refuses the tokens.
    """
    tempo = tempo or Tempo()
    store = store or MemoryStore()
    metrics = Metrics()
    async with AsyncExitStack() as stack:
        timeout = ClientTimeout(total=SLACK_TIMEOUT)
        session = await stack.enter_async_context(ClientSession(timeout=timeout))
        slack = _slack(settings, metrics, session)
        await check_tokens(settings, slack)
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
        pictures = Pictures(slack, Notes(store, "picture"))
        lists = AllowLists(
            users=settings.allow_users,
            user_groups=settings.allow_user_groups,
            channels=settings.allow_channels,
        )
        permissions = Permissions(slack, people, lists)
        homes = Homes(
            slack=slack,
            accounts=accounts,
            people=people,
            permissions=permissions,
            notes=Notes(store, "home"),
            pace=Pace(tempo.home_interval),
        )
        supervisor.subscribe(homes.on_event)
        stack.push_async_callback(homes.close)
        services = Services(
            slack=slack,
            accounts=accounts,
            supervisor=supervisor,
            people=people,
            permissions=permissions,
            phones=TypedPhones(),
            homes=homes,
            pairings=Pairings(
                slack=slack,
                people=people,
                pictures=pictures,
                notes=Notes(store, "pairing"),
                accounts=accounts,
                supervisor=supervisor,
                pace=pace,
                settings=tempo.pairing,
                tick=tempo.tick,
                on_end=metrics.count_pairing,
            ),
        )
        supervisor.subscribe(metrics.on_event)
        alerts = _alerts(settings, services, pace, store)
        if alerts is not None:
            services.pairings.on_change = alerts.refresh_about
            await alerts.recall()
            supervisor.subscribe(alerts.on_event)
            stack.push_async_callback(alerts.close)
        await homes.recall()
        await pictures.recall()
        await services.pairings.recall()
        await stack.enter_async_context(supervisor)
        for name, client in clients.items():
            supervisor.add_account(name, client)
        if alerts is not None:
            alerts.catch_up()
        bolt = _bolt(settings, slack, services)
        webhooks = Webhooks(
            secret=settings.webhook_secret,
            accounts=accounts,
            supervisor=supervisor,
            metrics=metrics,
        )
        listening = await listen(settings, bolt, webhooks, stack, ping=tempo.ping)
        metrics.watch(supervisor, accounts.names)
        monitor_port = await stack.enter_async_context(
            running_monitor(
                settings.monitor_host, settings.monitor_port, metrics, listening.is_connected
            )
        )
        stack.push_async_callback(services.pairings.close)
        for work in (_learn_numbers(accounts), _finish_left(services.pairings, pictures)):
            task = asyncio.create_task(work, name="slack start")
            stack.push_async_callback(_cancel, task)
        yield RunningApp(services, listening.port, monitor_port)


def _slack(settings: Settings, metrics: Metrics, session: ClientSession) -> AsyncWebClient:
    """Return the client of all calls; they share connections, so that few begin a new one."""
    token = settings.bot_token.get_secret_value()
    slack = AsyncWebClient(token=token, base_url=settings.slack_url, session=session)
    limits = AsyncRateLimitErrorRetryHandler(max_retry_count=RATE_LIMIT_RETRIES)
    slack.retry_handlers = [CallCounter(metrics), *slack.retry_handlers, limits]
    return slack


def _bolt(settings: Settings, slack: AsyncWebClient, services: Services) -> AsyncApp:
    app = AsyncApp(
        client=slack,
        signing_secret=settings.signing_secret.get_secret_value() or None,
        request_verification_enabled=settings.mode is Mode.HTTP,
    )
    app.use(Once().let_through)
    register_all(app, services)
    return app


def _alerts(
    settings: Settings, services: Services, pace: Pace, store: AppStore
) -> AlertChannel | None:
    if not settings.alert_channel:
        return None
    return AlertChannel(
        slack=services.slack,
        supervisor=services.supervisor,
        pairing_by=services.pairings.owner,
        channel=settings.alert_channel,
        words=words_for(settings.alert_language),
        pace=pace,
        notes=Notes(store, "alert"),
    )


async def _finish_left(pairings: Pairings, pictures: Pictures) -> None:
    """End what a crash left open."""
    await pictures.clear()
    await pairings.finish_left()


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
