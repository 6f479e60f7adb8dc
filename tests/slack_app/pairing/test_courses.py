"""The courses of a pairing, as a person sees them in their direct messages."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import ClientSession
from pydantic import SecretStr

from slack_app.app import RunningApp, Tempo, running_app
from slack_app.blocks.errors import WAITING, failure_text
from slack_app.devices.device import DeviceRef
from slack_app.devices.webhooks import HEADER
from slack_app.messages import EN
from slack_app.settings import Mode, Settings
from tests.pairing_courses.course import FIRST_DELAY, PHONE, Course, Need, Pairing, Seen
from tests.pairing_courses.table import COURSES
from tests.slack_app.conftest import GATEWAY_TOKEN
from tests.slack_app.strict_files import Sent
from tests.slack_app.strict_slack import ANA, StrictSlack
from tests.slack_app.team import read_qr
from wuts.clock import steady_time
from wuts.errors import ErrorCode
from wuts.models import Device
from wuts.pairing import FailureReason, PairingSettings, StallReason, error_policy
from wuts.supervisor import SupervisorSettings
from wuts.supervisor.store.pairing_claims import StoreClaims
from wuts.supervisor.store.sql import SqlStore
from wuts_simulator import World
from wuts_simulator.pytest_plugin import StartGateway

pytestmark = pytest.mark.slow

WEBHOOK_SECRET = "webhook-secret-9999"
BY_HTTP = {
    "mode": Mode.HTTP,
    "port": 0,
    "signing_secret": SecretStr("signing"),
    "webhook_secret": SecretStr(WEBHOOK_SECRET),
}
OVER = {"paired", "wrong_account", "unchecked", "failed"}
ABSENT = {Need.ACCOUNT}
"""Accounts are taken out of the settings, and tokens replaced, by a restart of the app."""


def _stages() -> Mapping[str, Seen]:
    """What a person can tell from the words of a message."""
    told = {
        EN.pairing_preparing: Seen("preparing"),
        EN.pairing_waiting: Seen("waiting"),
        EN.pairing_scanned: Seen("scanned"),
        EN.paired.partition(" {")[0]: Seen("paired"),
        EN.paired_already.partition(" {")[0]: Seen("paired"),
        EN.paired_reconnected.partition(" {")[0]: Seen("paired"),
        EN.wrong_account.partition(" {")[0]: Seen("wrong_account"),
        EN.unchecked.partition(" {")[0]: Seen("unchecked"),
        EN.in_progress_since.partition("{owner} ")[2].partition("{")[0]: Seen(
            "failed", reason=ErrorCode.PAIRING_IN_PROGRESS
        ),
    }
    for code, name in WAITING.items():
        stage = "stalled" if code.value in {*StallReason} else "waiting"
        told.setdefault(getattr(EN, name), Seen(stage, reason=code))
    for reason in FailureReason:
        told.setdefault(failure_text(ErrorCode(reason), EN), Seen("failed", reason=reason))
    return told


STAGES = _stages()


class Frontend:
    """A person who looks at Slack."""

    def __init__(self, slack: StrictSlack, app: RunningApp, ref: DeviceRef, world: World) -> None:
        self._slack = slack
        self._app = app
        self._ref = ref
        self._world = world
        self._read: dict[str, str] = {}

    async def look(self) -> Seen:
        """Return what the newest direct message shows, or what only Ana was told in a channel."""
        direct = [sent for sent in self._slack.messages.values() if sent["channel"] == f"D{ANA}"]
        shown = [*self._slack.private, *direct]
        return self._seen_in(shown[-1]) if shown else Seen("preparing")

    def _seen_in(self, message: Sent) -> Seen:
        blocks = {block["type"]: block for block in message["blocks"]}
        if "image" in blocks:
            payload = self._payload(blocks["image"]["slack_file"]["id"])
            return Seen("qr", qr_is_up=payload is not None, payload=payload)
        if "header" in blocks:
            code = blocks["header"]["text"]["text"]
            return Seen("code", code_is_up=True, payload=code)
        text = json.dumps(message, ensure_ascii=False)
        for words, seen in STAGES.items():
            if words in text:
                return seen
        raise AssertionError(f"What does this mean? {text}")

    def _payload(self, file_id: str) -> str | None:
        """Read the QR in a picture, as a phone does; None if it is deleted."""
        if file_id not in self._slack.files.names:
            return None
        if file_id not in self._read:
            self._read[file_id] = read_qr(self._slack.files.contents[file_id])
        return self._read[file_id]

    async def hear(self, event: str) -> None:
        url = f"http://127.0.0.1:{self._app.port}/wuts/webhook/{self._ref.account}"
        body = {"event": event, "device_id": self._ref.device_id}
        headers = {HEADER: WEBHOOK_SECRET}
        async with ClientSession() as http, http.post(url, json=body, headers=headers) as answer:
            assert answer.status == 204

    async def sleep(self, seconds: float) -> None:
        """Let only the app's machine sleep, and the gateway's time pass."""
        CLOCK.ahead += seconds
        self._world.advance(seconds)

    async def remove_account(self) -> None:
        raise NotImplementedError

    async def replace_token(self) -> None:
        raise NotImplementedError


class Clock:
    """The machine's, which may have slept."""

    ahead = 0.0

    def __call__(self) -> float:
        return steady_time() + self.ahead


CLOCK = Clock()


def tempo_of(course: Course) -> Tempo:
    chosen = {name: value for name, value in course.settings.items() if name != "phone"}
    chosen.pop("expected_number", None)
    return Tempo(
        # Nobody but the pairing asks about the device.
        supervision=SupervisorSettings(interval=3_600, debounce=3_600),
        pairing=PairingSettings(**chosen),
        interval=0.0,
        first_retry=0.1,
        clock=CLOCK,
    )


@asynccontextmanager
async def opened(
    course: Course, settings: Settings, slack: StrictSlack, world: World, address: str
) -> AsyncIterator[Pairing]:
    """Run the app, and let Ana pair the course's device."""
    if Need.WEBHOOK in course.needs:
        settings = settings.model_copy(update=BY_HTTP)
    store = SqlStore(address)
    async with running_app(settings, store=store, tempo=tempo_of(course)) as app:
        device = course.add_device(world)
        frontend = Frontend(slack, app, DeviceRef("home", device.id), world)
        async with AsyncExitStack() as stack:
            if course.occupied:
                claims = StoreClaims(address)
                url = str(settings.accounts["home"].url)
                await stack.enter_async_context(claims.hold(url, device.id, "Somebody"))
                await slack.command(ANA, "pair Front desk")
            else:
                await start(app, device.id, course)
            yield Pairing(world, device.id, frontend)
    await store.close()


async def start(app: RunningApp, device_id: str, course: Course) -> None:
    """Do what the command does that begins a pairing, whatever the gateway says of its devices."""
    accounts, pairings = app.services.accounts, app.services.pairings
    line = accounts.add("home", Device(id=device_id, name="Front desk", connected=False))
    if course.expected is not None:
        supervisor = app.services.supervisor
        supervisor.wake("home")
        # A listing that was asked for before the device was made does not show it.
        while device_id not in supervisor.devices("home"):
            await app.services.slack.auth_test()
        await supervisor.expect_number("home", device_id, course.expected)
    await pairings.start(line, ANA, EN, PHONE if course.by_code else None)


@pytest.mark.parametrize(
    "course", [one for one in COURSES if not one.needs & ABSENT], ids=lambda course: course.name
)
async def test_what_is_seen_in_a_course(  # noqa: PLR0913, PLR0917 - all that it needs
    course: Course,
    strict: StrictSlack,
    settings: Settings,
    start_wuts_gateway: StartGateway,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(error_policy, "FIRST_DELAY", FIRST_DELAY)
    gateway = start_wuts_gateway(replace(course.gateway, tokens=(("home", GATEWAY_TOKEN),)))
    home = settings.accounts["home"].model_copy(update={"url": gateway.url})
    settings = settings.model_copy(update={"accounts": {"home": home}})
    address = f"sqlite:///{tmp_path}/store.db"
    async with opened(course, settings, strict, gateway.world, address) as pairing:
        await course.play(pairing)
        # No picture of a QR outlives its pairing, whatever becomes of it.
        if pairing.seen[-1].stage in OVER:
            await strict.until(lambda: not strict.files.names)
