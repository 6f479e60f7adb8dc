"""Before something is taken away somebody is asked, and only they can answer."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from slack_app.app import RunningApp, running_app
from slack_app.messages import EN, PT_BR
from slack_app.operations.audit import AUDIT_LOGGER
from slack_app.people.confirmations import KEPT_FOR
from slack_app.settings import Settings
from tests.slack_app.blocks.limits import check as check_blocks
from tests.slack_app.strict_files import Sent
from tests.slack_app.strict_slack import ANA, BOB, OPS, StrictSlack
from tests.slack_app.test_app import TEMPO
from wuts_simulator import Device, Simulator

PHONE = "5511912344321"
NAME = "Front desk"

VERBS = {
    "disconnect": ("disconnect_anyway", "POST /disconnect", "is disconnected until you resume it"),
    "unlink": ("unlink_only", "POST /logout", "is unlinked. Pair the device to use it again"),
    "delete": ("delete_anyway", "DELETE /devices/{id}", "is deleted, and I no longer watch it"),
}
"""The button that does it, what is asked of the gateway then, and what is said."""


class Clock:
    """Seconds that a test lets pass."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Desk:
    """The app, and the one device that it looks after."""

    slack: StrictSlack
    sim: Simulator
    app: RunningApp
    device: Device
    verb: str

    async def question(self, user: str = ANA) -> Sent:
        """Type the verb, and return the question's button."""
        self.slack.private.clear()
        await self.slack.command(user, f"{self.verb} {NAME}")
        await self.slack.until(lambda: VERBS[self.verb][0] in self.slack.buttons(NAME))
        return self.slack.buttons(NAME)[VERBS[self.verb][0]]

    @property
    def calls(self) -> int:
        """How often the gateway was asked to do it."""
        return self.sim.world.requests.by_endpoint.get(VERBS[self.verb][1], 0)

    @property
    def is_untouched(self) -> bool:
        return self.calls == 0 and self.sim.world.device(self.device.id).is_connected


@pytest.fixture(params=VERBS)
def verb(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@asynccontextmanager
async def a_desk(
    slack: StrictSlack, sim: Simulator, settings: Settings, verb: str, clock: Clock
) -> AsyncIterator[Desk]:
    device = next(iter(sim.world.registry.devices.values()), None) or sim.world.add_device(
        name=NAME, state="connected", phone=PHONE
    )
    async with running_app(settings, tempo=replace(TEMPO, clock=clock)) as app:
        while not any(line.number for line in app.services.accounts.lines()):
            await slack.client.auth_test()
        yield Desk(slack, sim, app, device, verb)


@pytest.fixture
async def desk(
    strict: StrictSlack, gateway: Simulator, settings: Settings, verb: str, clock: Clock
) -> AsyncIterator[Desk]:
    strict.user_groups["S1"] = [ANA, BOB]
    listed = settings.model_copy(update={"allow_user_groups": frozenset({"S1"})})
    async with a_desk(strict, gateway, listed, verb, clock) as found:
        yield found


@pytest.fixture
def audit(caplog: pytest.LogCaptureFixture) -> Callable[[], list[dict[str, str]]]:
    """The fields of the audit log's lines."""
    caplog.set_level(logging.INFO, AUDIT_LOGGER)
    return lambda: [vars(one)["audit"] for one in caplog.records if one.name == AUDIT_LOGGER]


async def test_the_question_names_the_device_and_its_phone_and_nothing_is_done_before_the_answer(
    desk: Desk, audit: Callable[[], list[dict[str, str]]]
) -> None:
    button = await desk.question()
    [asked] = desk.slack.private
    check_blocks(asked["blocks"])
    assert asked["response_type"] == "ephemeral"
    assert f"*{NAME}* (number +55 11 … 4321)" in asked["text"]
    assert PHONE not in str(asked)
    assert (desk.is_untouched, audit()) == (True, [])
    await desk.slack.click(ANA, button)
    await desk.slack.says(VERBS[desk.verb][2])
    assert desk.calls == 1
    assert audit() == [
        {
            "user": ANA,
            "deed": desk.verb,
            "outcome": "done",
            "account": "home",
            "device": desk.device.id,
            "channel": OPS,
        }
    ]


async def test_somebody_else_who_may_cannot_answer(desk: Desk) -> None:
    button = await desk.question()
    await desk.slack.click(BOB, button)
    await desk.slack.says(EN.confirm_over)
    assert desk.is_untouched
    await desk.slack.click(ANA, button)
    await desk.slack.says(VERBS[desk.verb][2])


async def test_a_question_is_answered_once(desk: Desk) -> None:
    button = await desk.question()
    await desk.slack.click(ANA, button)
    await desk.slack.says(VERBS[desk.verb][2])
    await desk.slack.click(ANA, button)
    await desk.slack.says(EN.confirm_over)
    assert desk.calls == 1


async def test_a_question_that_is_too_old_is_over(desk: Desk, clock: Clock) -> None:
    button = await desk.question()
    clock.now += KEPT_FOR
    await desk.slack.click(ANA, button)
    await desk.slack.says(EN.confirm_over)
    assert desk.is_untouched


async def test_who_may_no_more_when_they_answer_is_refused(
    desk: Desk, audit: Callable[[], list[dict[str, str]]]
) -> None:
    button = await desk.question()
    desk.slack.user_groups["S1"] = [BOB]
    await desk.slack.click(ANA, button)
    await desk.slack.says(EN.refused)
    assert desk.is_untouched
    assert [(one["deed"], one["outcome"]) for one in audit()] == [(desk.verb, "refused")]


async def test_who_was_made_a_guest_since_is_refused(desk: Desk) -> None:
    button = await desk.question()
    desk.slack.facts[ANA] = {"is_restricted": True}
    await desk.slack.click(ANA, button)
    await desk.slack.says("Yours is `U1ANA`.")
    assert desk.is_untouched


async def test_another_phone_by_now_is_another_question(desk: Desk) -> None:
    button = await desk.question()
    other = "5511987659999"
    desk.sim.world.sessions.store_credentials(desk.sim.world.device(desk.device.id), other)
    await desk.app.services.accounts.refresh("home")
    while desk.app.services.accounts.lines()[0].number != other:
        await desk.slack.client.auth_test()
    await desk.slack.click(ANA, button)
    await desk.slack.says(EN.confirm_other_phone.format(device=NAME))
    assert desk.is_untouched


async def test_cancel_changes_nothing_and_ends_the_question(desk: Desk) -> None:
    button = await desk.question()
    await desk.slack.click(ANA, desk.slack.buttons(NAME)["dismiss"])
    await desk.slack.says(EN.confirm_dismissed)
    await desk.slack.click(ANA, button)
    await desk.slack.says(EN.confirm_over)
    assert desk.is_untouched


async def test_a_button_of_an_earlier_version_asks_for_the_question(desk: Desk) -> None:
    button = await desk.question()
    await desk.slack.click(ANA, {**button, "value": f"home {desk.device.id}"})
    await desk.slack.says(EN.confirm_over)
    assert desk.is_untouched


async def test_a_restart_ends_a_question(
    strict: StrictSlack, gateway: Simulator, settings: Settings, verb: str, clock: Clock
) -> None:
    async with a_desk(strict, gateway, settings, verb, clock) as desk:
        button = await desk.question()
    async with a_desk(strict, gateway, settings, verb, clock) as desk:
        await strict.click(ANA, button)
        await strict.says(EN.confirm_over)
        assert desk.is_untouched


async def test_it_is_asked_in_the_persons_language(
    strict: StrictSlack, gateway: Simulator, settings: Settings, verb: str, clock: Clock
) -> None:
    strict.locale = "pt-BR"
    async with a_desk(strict, gateway, settings, verb, clock) as desk:
        await desk.question()
        minutes = round(KEPT_FOR / 60)
        assert PT_BR.confirm_until.format(minutes=minutes) in strict.said()
