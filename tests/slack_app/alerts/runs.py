"""Runs of the app's alerts against a Slack that answers what a test tells it to."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from slack_app.alerts.alert_messages import AlertMessages
from slack_app.alerts.channel_health import ChannelHealth
from slack_app.alerts.left_messages import LeftMessages
from slack_app.alerts.rendering import Rendering
from slack_app.alerts.target import Target
from slack_app.messages import EN
from slack_app.operations.records import Records
from slack_app.slack.limits import limits_with
from slack_app.slack.live_message import LiveMessage
from slack_app.slack.rate_limiter import RateLimiter
from tests.slack_app.fake_slack import FakeSlack, fake_slack
from wuts.operations.background import Background
from wuts.supervisor import Alert, AlertKind, AlertStatus, News, Notification, Supervisor
from wuts.supervisor.store import MemoryStore

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
OPEN = Alert(
    id="a1",
    kind=AlertKind.GATEWAY_DOWN,
    status=AlertStatus.RAISED,
    account="home",
    device_id=None,
    device_name=None,
    since=NOON,
    at=NOON,
)
OVER = replace(OPEN, status=AlertStatus.RESOLVED, at=NOON + timedelta(days=2))
RAISED = Notification(
    id="n1",
    sequence=1,
    news=News.RAISED,
    receiver="C1",
    account="home",
    kind=AlertKind.GATEWAY_DOWN,
    alerts=(OPEN,),
    first_told={"a1": NOON},
    at=NOON,
)
REMINDED = replace(RAISED, sequence=2, news=News.REMINDED, at=NOON + timedelta(days=1))
RESOLVED = replace(
    RAISED, sequence=3, news=News.RESOLVED, alerts=(OVER,), at=NOON + timedelta(days=2)
)
AGAIN = replace(
    RESOLVED,
    sequence=4,
    news=News.RAISED,
    alerts=(OPEN,),
    first_told={"a1": NOON + timedelta(days=3)},
    at=NOON + timedelta(days=3),
)
UNLINKED = tuple(
    replace(
        OPEN, id=f"d{n}", kind=AlertKind.NEEDS_PAIRING, device_id=f"d{n}", device_name=f"Desk{n}"
    )
    for n in range(8)
)
STORM = Notification(
    id="n2",
    sequence=1,
    news=News.RAISED,
    receiver="C1",
    account="home",
    kind=AlertKind.NEEDS_PAIRING,
    alerts=UNLINKED[:6],
    first_told={one.id: NOON for one in UNLINKED[:6]},
    is_group=True,
    at=NOON,
)
LATER = NOON + timedelta(minutes=5)
GROWN = replace(
    STORM,
    sequence=2,
    alerts=UNLINKED,
    first_told={**STORM.first_told, "d6": LATER, "d7": LATER},
    at=LATER,
)


EARLIER = (
    '{"channel": "C1", "ts": "0.9", "kind": "gateway_down", "status": "raised", "account": "home",'
    ' "device_id": "", "device_name": "", "since": "2026-11-23T12:00:00+00:00",'
    ' "at": "2026-11-23T12:00:00+00:00"}'
)


@dataclass
class Run:
    """One run of the app's alerts.

    Attributes:
        complaints: The channels that people were told of, and why.
        is_known: Whether the supervisor knows still what it told.
    """

    slack: FakeSlack
    messages: AlertMessages
    health: ChannelHealth
    complaints: list[tuple[str, str]]
    is_known: bool = True

    async def tell(self, notification: Notification) -> None:
        if self.is_known:
            notifier = self.messages.supervisor._accounts.controller.desk.notifier
            notifier.restore(notification, is_delivered=False, now=0.0)
        target = Target.parse(notification.receiver)
        await self.messages.receiver(target)(notification)

    async def until(self, is_so: Callable[[], bool]) -> None:
        while not is_so():
            await self.slack.client.api_call("auth.test")


@asynccontextmanager
async def a_slack() -> AsyncIterator[FakeSlack]:
    async with fake_slack(
        chat__postMessage=[{"ts": "1.1"}], chat__update=[{}], auth__test=[{}]
    ) as slack:
        yield slack


@asynccontextmanager
async def a_run(
    slack: FakeSlack | None = None, store: MemoryStore | None = None
) -> AsyncIterator[Run]:
    if slack is None:
        async with a_slack() as own, a_run(own, store) as run:
            yield run
        return
    client, limiter = slack.client, RateLimiter(limits_with(posts_each=0.0))
    background, supervisor, store = Background(), Supervisor(), store or MemoryStore()
    complaints: list[tuple[str, str]] = []

    async def complain(channel: str, code: str) -> bool:
        complaints.append((channel, code))
        return True

    health = ChannelHealth(complain, background)
    left = LeftMessages(
        Records(store, "alert", ["home"]),
        lambda channel, ts: LiveMessage(client, channel, limiter, ts=ts),
        EN,
        background,
    )
    messages = AlertMessages(
        slack=client,
        supervisor=supervisor,
        rendering=Rendering(
            supervisor=supervisor,
            strings=EN,
            pairing_by=lambda _ref: None,
            mention=lambda _target, _alert: "",
        ),
        rate_limiter=limiter,
        records=Records(store, "notification", ["home"]),
        left=left,
        health=health,
        background=background,
        first_retry=0.01,
    )
    await messages.restore()
    yield Run(slack, messages, health, complaints)
    await messages.close()
    await background.close()
