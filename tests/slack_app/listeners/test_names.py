"""A name is said as it is, and refused where no device could have it."""

import json

import pytest

from slack_app.app import running_app
from slack_app.messages import EN
from slack_app.settings import Settings
from tests.slack_app.block_rules import flaws, texts_of
from tests.slack_app.listeners.entrances import ENTRANCES
from tests.slack_app.strict_files import Sent
from tests.slack_app.strict_slack import ANA, StrictSlack
from tests.slack_app.test_app import TEMPO
from wuts_simulator import Simulator

LONG = [150, 2_500]

FOREIGN = "<!channel> @here #ops www.evil.example a@b.example *b* `c` ~d~ <@U1> & co"
"""A device's name with all that Slack would read in it."""

SHOWING = ("chat.", "views.")

FORBIDDEN = ("<!channel>", "<@U1>", "*b*", "`c`", "~d~", "& co")
"""What must be in no text with mark-up."""


@pytest.mark.parametrize("length", LONG)
async def test_a_name_that_is_too_long_is_refused_before_anything_is_sent(
    length: int, strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    async with running_app(settings, tempo=TEMPO):
        await strict.command(ANA, f"pair {'x' * length}")
        await strict.says(EN.modal_bad_name)
        await strict.command(ANA, f"pair {'x' * length} code +55 11 91234-4321")
        await strict.until(lambda: len(strict.private) == 2)
        await strict.command(ANA, f"pair {'x' * length} link")
        await strict.until(lambda: len(strict.private) == 3)
    assert strict.refusals == []
    assert not gateway.world.registry.devices
    assert all(len(json.dumps(one)) < 1_000 for one in strict.private)


@pytest.mark.parametrize("length", LONG)
async def test_a_button_or_a_modal_with_a_name_that_is_too_long_creates_nothing(
    length: int, strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    name = "x" * length
    button = {"type": "button", "action_id": "create_and_pair_home", "value": f"home  {name}"}
    async with running_app(settings, tempo=TEMPO):
        await strict.click(ANA, button)
        await strict.says(EN.modal_bad_name)
        answer = await strict.submit(ANA, "pair_window", new_name=name, method="qr")
    assert answer == {"response_action": "errors", "errors": {"new_name": EN.modal_bad_name}}
    assert not gateway.world.registry.devices


@pytest.mark.parametrize("length", LONG)
async def test_a_device_that_has_such_a_name_is_found_by_it(
    length: int, strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    gateway.world.add_device(name="x" * length)
    async with running_app(settings, tempo=TEMPO) as app:
        while not app.services.accounts.lines():
            await strict.client.auth_test()
        await strict.command(ANA, f"pair {'x' * length}")
        await strict.says("slack_file")
    assert strict.refusals == []


@pytest.mark.slow
async def test_slack_reads_nothing_in_a_name_wherever_it_is_said(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    """Through every way in, and in what the app says unasked."""
    device = gateway.world.add_device(name=FOREIGN)
    linked = gateway.world.add_device(name=FOREIGN, state="connected", phone="5511912344321")
    strict.facts[ANA] = {"real_name": FOREIGN}
    said: list[Sent] = []
    async with running_app(settings, tempo=TEMPO) as app:
        while len(app.services.accounts.lines()) < 2:
            await strict.client.auth_test()
        gateway.world.unlink(linked.id)
        await strict.says("was unlinked by its phone")
        for entrance in ENTRANCES:
            had = shown(strict)
            await entrance.enter(strict, ANA, device)
            await more_is_shown(strict, had)
        for text in (f"status {FOREIGN}", f"pair {FOREIGN}", f"pause {FOREIGN}", f"x{FOREIGN}"):
            had = shown(strict)
            await strict.command(ANA, text)
            await more_is_shown(strict, had)
        said += [sent for _, sent in strict.calls] + strict.private
    assert not [flaw for sent in said for flaw in flaws(sent)]
    texts = [one for sent in said for one in texts_of(sent)]
    assert sum("evil.example" in one["text"] for one in texts) > 10
    marked = [one["text"] for one in texts if one["type"] == "mrkdwn"]
    notices = [sent["text"] for sent in said if isinstance(sent.get("text"), str)]
    for text in [*marked, *notices]:
        assert not [one for one in FORBIDDEN if one in text], text
    assert any("evil.example" in text for text in notices)
    assert not [one for one in strict.refusals if one[0].startswith(SHOWING)]


async def more_is_shown(strict: StrictSlack, had: int) -> None:
    await strict.until(lambda: shown(strict) > had)


def shown(strict: StrictSlack) -> int:
    """Return how often something was shown."""
    return len(strict.private) + sum(method.startswith(SHOWING) for method, _ in strict.calls)
