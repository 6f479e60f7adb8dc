"""The whole app: Slack on one side, the supervised gateways on the other."""

import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

from aiohttp import ClientSession, ClientTimeout
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from wuts import WutsClient
from wuts.http.aiohttp_transport import aiohttp_transport
from wuts.operations.background import Background
from wuts.qr import render_png_async
from wuts.supervisor import Supervisor
from wuts.supervisor.store import MemoryStore

from .alerts.alerting import Alerting
from .alerts.channel_health import look_at_channels
from .alerts.former_accounts import FormerAccounts
from .alerts.routing import configured
from .alerts.subscriptions import Subscriptions
from .devices.accounts import Accounts
from .devices.history import History
from .devices.numbers import move_numbers
from .devices.registration import Registration
from .devices.webhooks import webhook_routes
from .home.app_home import AppHome
from .listeners import Services, register
from .operations.metrics import CallCounter, Metrics
from .operations.monitor import Monitor
from .operations.records import AppStore, Records, in_name
from .operations.standby import Standby
from .pairing.claims import Claims
from .pairing.links import Links
from .pairing.pairings import Pairings
from .pairing.typed_numbers import TypedNumbers
from .people.check_budgets import CheckBudgets
from .people.confirmations import Confirmations
from .people.direct_messages import DirectMessages
from .people.permissions import Permissions
from .people.users import Users
from .settings import Mode, Settings
from .slack.access import Access, Looks
from .slack.client import SlackClient
from .slack.connection import EVENTS_PATH, check_tokens, listen
from .slack.files import Files
from .slack.limits import limits_with
from .slack.owners_only import OwnersOnly
from .slack.rate_limiter import RateLimiter
from .slack.responding import Responder
from .slack.retries import RateLimitRetry
from .slack.scopes import needed_scopes
from .slack.transient import TransientRetry
from .tempo import Tempo

__all__ = ["EVENTS_PATH", "AppStore", "RunningApp", "Tempo", "running_app", "working_app"]

_LOGGER = logging.getLogger(__name__)

SLACK_TIMEOUT = 30.0
"""Seconds that one call to Slack may take."""


@dataclass(frozen=True, slots=True)
class RunningApp:
    """The app while it runs.

    Attributes:
        services: Its parts.
        port: Where the server listens, or None if there is none.
        monitor_port: Where its health and its figures are.
    """

    services: Services
    port: int | None
    monitor_port: int


@asynccontextmanager
async def running_app(
    settings: Settings, *, store: AppStore | None = None, tempo: Tempo | None = None
) -> AsyncIterator[RunningApp]:
    """Run the app for as long as the context lasts, once no other app has its accounts.

    Args:
        settings: Whom to connect to, and who may.
        store: What must survive a restart; in memory unless given.
        tempo: How fast everything goes.

    Raises:
        WutsConfigError: An account's token or address is not usable.
        StoreError: The store does not work.
        OSError: An address to listen at cannot be bound.
        SlackApiError: Slack refuses the tokens.
    """
    store = store or MemoryStore()
    monitor = Monitor(settings.accounts)
    async with monitor.listening(settings.monitor_host, settings.monitor_port) as monitor_port:
        await Standby(settings, monitor).take_over(store)
        async with working_app(settings, store, monitor, tempo) as (services, port):
            yield RunningApp(services, port, monitor_port)


@asynccontextmanager
async def working_app(
    settings: Settings, store: AppStore, monitor: Monitor, tempo: Tempo | None = None
) -> AsyncIterator[tuple[Services, int | None]]:
    """Work for as long as the context lasts; the store's accounts must be ours.

    Nothing is recalled, and neither Slack nor a gateway called, before it begins.

    Args:
        settings: Whom to connect to, and who may.
        store: What must survive a restart.
        monitor: Learns when the app hears Slack.
        tempo: How fast everything goes.

    Yields:
        The app's parts, and where its server listens.

    Raises:
        WutsConfigError, OSError, SlackApiError: As `running_app`.
    """
    tempo = tempo or Tempo(supervision=settings.supervisor_settings())
    metrics = monitor.metrics
    async with AsyncExitStack() as stack:
        stack.push_async_callback(store.close)
        limits = limits_with(tempo.interval, tempo.minute)
        limiter = RateLimiter(limits, longest_wait=tempo.longest_wait)
        session = await stack.enter_async_context(
            ClientSession(
                timeout=ClientTimeout(total=SLACK_TIMEOUT),
                middlewares=(OwnersOnly(store), limiter),
            )
        )
        access = Access(needed_scopes(settings))
        slack = _slack(settings, metrics, access, session, limiter)
        await check_tokens(settings, slack)
        clients = {
            name: await stack.enter_async_context(
                account.client(aiohttp_transport, on_call=metrics.on_call)
            )
            for name, account in settings.accounts.items()
        }
        services = _services(settings, tempo, store, slack, limiter, clients)
        services.responder.on_try = partial(metrics.count, "wuts_slack_responses")
        supervisor, accounts = services.supervisor, services.accounts
        app_home, pairings = services.app_home, services.pairings
        background = services.background
        background.on_failure = metrics.task_failed
        stack.push_async_callback(background.close)  # what the supervisor's last events began
        supervisor.subscribe(app_home.on_event)
        supervisor.subscribe(metrics.on_event)
        supervisor.subscribe(services.registration.on_event)
        pairings.on_end = metrics.pairing_ended
        alerting = _alerting(settings, tempo, services, store)
        alerting.health.on_refusal = partial(metrics.count, "wuts_slack_alerts_refused")
        pairings.on_change = alerting.messages.refresh_about
        await alerting.restore()
        stack.push_async_callback(alerting.messages.close)
        budgets = services.check_budgets
        for part in (app_home, pairings.files, pairings.left, budgets):
            await part.restore()
        await stack.enter_async_context(supervisor)
        for name, client in clients.items():
            supervisor.add_account(name, client)
        await alerting.messages.catch_up(accounts.names)
        bolt = _bolt(settings, slack, services)
        webhooks = webhook_routes(settings, accounts, supervisor, metrics, pairings.hint)
        pages = [*pairings.links.routes(), *webhooks]
        listening = await listen(settings, bolt, stack, webhooks=[], pages=pages, ping=tempo.ping)
        stack.callback(pairings.links.close)
        stack.enter_context(metrics.watching(supervisor))
        stack.push_async_callback(background.close)
        stack.push_async_callback(pairings.close)
        _begin(services, store)
        _watch(settings, tempo, services, alerting, access)
        former = FormerAccounts(
            store, slack, pairings.rate_limiter, alerting.strings, settings.accounts
        )
        background.start("former accounts", former.end)
        monitor.working(
            listening.is_connected,
            background,
            lambda: {**access.troubles(), "unwritable_channels": alerting.health.unwritable},
        )
        stack.callback(monitor.deaf)
        yield services, listening.port


def _slack(
    settings: Settings,
    metrics: Metrics,
    access: Access,
    session: ClientSession,
    limiter: RateLimiter,
) -> AsyncWebClient:
    """Return the client of all calls; they share connections, and what Slack allows."""
    token = settings.bot_token.get_secret_value()
    slack = SlackClient(limiter, token=token, base_url=settings.slack_url, session=session)
    retries = [TransientRetry(), RateLimitRetry(limiter.again)]
    slack.retry_handlers = [CallCounter(metrics), access, *retries]
    return slack


def _services(  # noqa: PLR0913, PLR0917 - all that they share
    settings: Settings,
    tempo: Tempo,
    store: AppStore,
    slack: AsyncWebClient,
    limiter: RateLimiter,
    clients: dict[str, WutsClient],
) -> Services:
    """Return the parts of the app, not started."""
    supervisor = Supervisor(tempo.supervision, store=store)
    background = Background(first_pause=tempo.first_pause)
    names = list(clients)
    accounts = Accounts(clients, supervisor)
    agreed = Records(store, "webhook_consent", names, in_name)
    users = Users(slack, settings.country)
    permissions = Permissions(slack, users, settings)
    direct = DirectMessages(slack)
    return Services(
        slack=slack,
        direct=direct,
        responder=Responder(slack),
        accounts=accounts,
        supervisor=supervisor,
        users=users,
        permissions=permissions,
        background=background,
        subscriptions=Subscriptions(
            Records(store, "subscription", names, is_shared=True), background
        ),
        routes=configured(settings, tempo.routes),
        history=History(store, settings.store.get_secret_value()),
        registration=Registration(settings, accounts, supervisor, agreed),
        typed_numbers=TypedNumbers(),
        confirmations=Confirmations(tempo.clock),
        check_budgets=CheckBudgets(
            settings.check_budget, Records(store, "check_budget", names, in_name)
        ),
        app_home=AppHome(
            slack=slack,
            accounts=accounts,
            users=users,
            permissions=permissions,
            records=Records(store, "home", names),
            background=background,
            rate_limiter=limiter,
        ),
        pairings=Pairings(
            slack=slack,
            direct=direct,
            users=users,
            files=Files(slack, Records(store, "picture", names), background, tempo.first_retry),
            records=Records(store, "pairing", names),
            accounts=accounts,
            supervisor=supervisor,
            rate_limiter=limiter,
            background=background,
            claims=Claims(users, store),
            links=Links(
                settings.public_url,
                lifetime=60.0 * settings.link_minutes,
                proxies=settings.public_proxies,
                clock=tempo.clock,
            ),
            settings=tempo.pairing,
            first_retry=tempo.first_retry,
            clock=tempo.clock,
        ),
    )


def _bolt(settings: Settings, slack: AsyncWebClient, services: Services) -> AsyncApp:
    app = AsyncApp(
        client=slack,
        signing_secret=settings.signing_secret.get_secret_value() or None,
        request_verification_enabled=settings.mode is Mode.HTTP,
    )
    register(app, services)
    return app


def _alerting(settings: Settings, tempo: Tempo, services: Services, store: AppStore) -> Alerting:
    return Alerting.of(
        settings,
        tempo.routes,
        store,
        slack=services.slack,
        direct=services.direct,
        supervisor=services.supervisor,
        users=services.users,
        permissions=services.permissions,
        pairing_by=services.pairings.owner,
        limiter=services.pairings.rate_limiter,
        subscriptions=services.subscriptions,
        configured=list(services.routes),
        background=services.background,
    )


def _watch(
    settings: Settings, tempo: Tempo, services: Services, alerting: Alerting, access: Access
) -> None:
    """Look at what the app may do in Slack, and tell somebody of what it may not any longer."""
    slack, background = services.slack, services.background
    look = partial(look_at_channels, slack, settings.alert_channels, alerting.health)
    background.start("access", Looks(slack, look, every=tempo.look_every).run)
    access.on_lost = lambda failure: background.start(
        "lost access", partial(alerting.menders.tell_all, failure)
    )


def _begin(services: Services, store: AppStore) -> None:
    """Begin what can be done after the app listens."""
    background, accounts = services.background, services.accounts
    background.start("pictures", services.pairings.files.clear)
    background.start("first picture", _draw_one)
    linked, expected = (
        Records(store, topic, accounts.names, in_name) for topic in ("numbers", "expected_number")
    )
    background.start("numbers", partial(move_numbers, linked, expected, services.supervisor))
    services.pairings.left.show_ends()
    if services.registration.is_possible:
        background.start("webhooks", services.registration.run)


async def _draw_one() -> None:
    """Draw a QR that nobody sees: the first one takes long, and somebody would wait for it."""
    await render_png_async("wuts")
