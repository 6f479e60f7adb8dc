"""Slack waits for three seconds; looking a person up may take longer."""

import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest

from slack_app.app import running_app
from slack_app.blocks.names import Action, chosen_by
from slack_app.listeners.actions import OPEN_MODALS
from slack_app.messages import EN
from slack_app.messages.parser import Command
from slack_app.people import users
from slack_app.settings import Settings
from tests.slack_app.blocks.limits import check as check_blocks
from tests.slack_app.blocks.limits import check_window
from tests.slack_app.strict_files import Sent
from tests.slack_app.strict_slack import ANA, BOB, OPS, StrictSlack
from tests.slack_app.test_app import TEMPO
from wuts_simulator import Simulator

NUMBER = "+55 11 91234-4321"

type Opener = Callable[[StrictSlack, str, str], Awaitable[object]]


def clicking(action: str, value: str) -> Opener:
    return lambda slack, user, device: slack.click(
        user, {"type": "button", "action_id": str(action), "value": value.format(device=device)}
    )


OPENERS: dict[str, tuple[Opener, str]] = {
    "command": (lambda slack, user, _: slack.command(user, "pair"), "pair_window"),
    Action.OPEN_PAIR_MODAL: (clicking(Action.OPEN_PAIR_MODAL, "pair"), "pair_window"),
    Action.USE_CODE: (clicking(Action.USE_CODE, "0123"), "phone_window"),
    Action.MUTE: (clicking(Action.MUTE, "home needs_pairing "), "mute_window"),
    "shortcut": (lambda slack, user, _: slack.shortcut(user, "pair_a_number"), "pair_window"),
    chosen_by(Command.MUTE): (clicking(chosen_by(Command.MUTE), "home {device}"), "mute_window"),
    "mute": (lambda slack, user, _: slack.command(user, "mute account home"), "mute_window"),
}


def test_every_button_that_opens_a_modal_is_tried() -> None:
    assert set(OPENERS) >= OPEN_MODALS


@pytest.mark.parametrize("opener", OPENERS)
async def test_a_modal_is_open_before_anything_is_looked_up_and_is_filled_later(
    opener: str, strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    device = gateway.world.add_device(name="Front desk").id
    opens, modal = OPENERS[opener]
    released = strict.held["users.info"] = asyncio.Event()
    async with running_app(settings, tempo=TEMPO):
        await opens(strict, ANA, device)
        await strict.until(lambda: bool(strict.modals))
        [loading] = strict.modals
        check_closable(loading)
        assert EN.modal_loading in json.dumps(loading, ensure_ascii=False)
        released.set()
        await strict.until(lambda: strict.modals[0].get("callback_id") == modal)
        check_window(strict.modals[0])
        assert (strict.count("views.open"), strict.count("views.update")) == (1, 1)
        # Who is remembered gets the modal at once, and whole.
        await opens(strict, ANA, device)
        await strict.until(lambda: len(strict.modals) == 2)
        assert strict.modals[1]["callback_id"] == modal
        assert strict.count("views.update") == 1


@pytest.mark.parametrize("opener", OPENERS)
async def test_who_may_not_is_told_in_the_modal_that_is_open(
    opener: str, strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    device = gateway.world.add_device(name="Front desk").id
    opens, _ = OPENERS[opener]
    async with running_app(settings, tempo=TEMPO):
        await opens(strict, BOB, device)
        await strict.says(EN.refused)
        [refused] = strict.modals
        check_closable(refused)
        assert strict.private == []
        await opens(strict, BOB, device)
        # Remembered: no modal, as nothing is to be waited for.
        await strict.until(lambda: bool(strict.private))
        assert len(strict.modals) == 1


@pytest.mark.parametrize("opener", OPENERS)
async def test_where_slack_does_not_tell_the_modal_says_so(
    opener: str, strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    device = gateway.world.add_device(name="Front desk").id
    opens, _ = OPENERS[opener]
    strict.scopes.discard("users:read")
    async with running_app(settings, tempo=TEMPO):
        await opens(strict, ANA, device)
        await strict.says(EN.cannot_check_permission)
        [modal] = strict.modals
        assert "missing_scope" in json.dumps(modal)
        assert "submit" not in modal


async def test_an_allowed_channel_of_nine_thousand_is_read_page_by_page_behind_the_modal(
    strict: StrictSlack, settings: Settings
) -> None:
    strict.members |= {f"U8{n:05}" for n in range(9_000)}
    released = strict.held["conversations.members"] = asyncio.Event()
    listed = settings.model_copy(update={"allow_channels": frozenset({OPS})})
    async with running_app(listed, tempo=TEMPO):
        await strict.command(BOB, "pair")
        await strict.until(lambda: bool(strict.modals))
        released.set()
        await strict.until(lambda: strict.modals[0].get("callback_id") == "pair_window")
        assert strict.count("conversations.members") == 10


async def test_a_modal_that_slack_opens_too_late_is_answered_in_words(
    strict: StrictSlack, settings: Settings
) -> None:
    strict.page["views.open"] = [expired(), expired()]
    async with running_app(settings, tempo=TEMPO):
        await strict.command(ANA, "pair")
        await strict.until(lambda: bool(strict.private))
    assert EN.slack_too_late in strict.said()


async def test_a_modal_that_somebody_has_closed_is_no_failure(
    strict: StrictSlack, settings: Settings
) -> None:
    gone = 200, "application/json", '{"ok": false, "error": "not_found"}'
    strict.page["views.update"] = [gone]
    async with running_app(settings, tempo=TEMPO):
        await strict.command(ANA, "pair")
        await strict.until(lambda: strict.count("views.update") == 1)
        await strict.command(ANA, "help")
        await strict.says(EN.help_title)
    assert len(strict.private) == 1


@pytest.mark.parametrize(
    ("modal", "metadata", "values"),
    [
        ("pair_window", "", {"new_name": "Desk", "method": "code", "phone": "1"}),
        ("pair_window", "", {"method": "qr"}),
        ("phone_window", "0123", {"phone": "1"}),
    ],
    ids=["a wrong number", "no device", "a pair code for a wrong number"],
)
@pytest.mark.slow
async def test_a_modal_with_a_mistake_is_answered_while_nobody_tells_the_language(
    modal: str, metadata: str, values: dict[str, str], strict: StrictSlack, settings: Settings
) -> None:
    released = strict.held["users.info"] = asyncio.Event()
    async with running_app(settings, tempo=TEMPO):
        answer = await strict.submit(ANA, modal, metadata, **values)
        assert answer["response_action"] == "errors"
        released.set()


@pytest.mark.slow
async def test_the_menu_of_devices_is_empty_while_nobody_tells_who_asks(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    gateway.world.add_device(name="Front desk")
    released = strict.held["users.info"] = asyncio.Event()
    ask = {"type": "block_suggestion", "action_id": "choose_device", "block_id": "choose_device"}
    view = {"type": "modal", "id": "V1", "callback_id": "pair_window"}
    asked: Sent = {**ask, "value": "", "view": view, "user": {"id": ANA}, "team": {"id": "T1"}}
    async with running_app(settings, tempo=TEMPO) as app:
        while not app.services.accounts.lines():
            await strict.client.auth_test()
        name = await strict._tell("interactive", asked)
        await strict.until(lambda: name in strict.answers)
        assert strict.answers[name] == {"options": []}
        released.set()
        await app.services.users.person(ANA)
        name = await strict._tell("interactive", asked)
        await strict.until(lambda: name in strict.answers)
        assert [one["text"]["text"] for one in strict.answers[name]["options"]] == ["Front desk"]


def test_nobody_waits_for_a_language_for_as_long_as_slack_waits() -> None:
    assert 0 < users.PATIENCE < 2


def expired() -> tuple[int, str, str]:
    return 200, "application/json", '{"ok": false, "error": "expired_trigger_id"}'


def check_closable(view: Sent) -> None:
    """Assert that Slack would show this modal, that takes nothing."""
    assert set(view) == {"type", "title", "close", "blocks"}
    assert all(len(view[name]["text"]) <= 24 for name in ("title", "close"))
    check_blocks(view["blocks"], "modal")
