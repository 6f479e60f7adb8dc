"""Many pairings, and many devices, within what Slack takes: by its own tiers, not by ours."""

from dataclasses import replace

import pytest

from slack_app.app import running_app
from slack_app.settings import Settings
from tests.slack_app.alerts.people import WAITING, an_office
from tests.slack_app.conftest import GATEWAY_TOKEN
from tests.slack_app.slack_server import picture_id
from tests.slack_app.strict_slack import ANA, StrictSlack
from tests.slack_app.test_app import TEMPO
from wuts.pairing import PairingSettings
from wuts_simulator import Settings as GatewaySettings
from wuts_simulator import Simulator
from wuts_simulator.pytest_plugin import StartGateway

PAIRINGS = 20
MINUTE = 15.0
"""Seconds: everything is four times as fast as it is."""

FAST = replace(
    TEMPO, minute=MINUTE, pairing=PairingSettings(poll_interval=0.5, qr_status_interval=1.0)
)


@pytest.mark.slow
async def test_pairings_need_more_updates_than_slack_takes_and_all_go_on(
    strict: StrictSlack, settings: Settings, start_wuts_gateway: StartGateway
) -> None:
    """Twenty pairings whose codes live a third of a minute need 60 updates in one; it takes 50."""
    life = MINUTE / 3
    gateway = start_wuts_gateway(
        GatewaySettings(
            tokens=(("home", GATEWAY_TOKEN),),
            connecting_for=0.0,
            qr_first_life=life,
            qr_life=life,
        )
    )
    home = settings.accounts["home"].model_copy(update={"url": gateway.url})
    settings = settings.model_copy(update={"accounts": {"home": home}})
    strict.tiers.minute = MINUTE
    people = [f"U{n}" for n in range(PAIRINGS)]
    strict.admins |= dict.fromkeys(people, True)
    for person in people:
        gateway.world.add_device(name=f"Desk of {person}")
    async with running_app(settings, tempo=FAST):
        for person in people:
            await strict.command(person, f"pair Desk of {person}")
        # Until no update has been possible soon for a while.
        await strict.until(lambda: strict.count("chat.delete") > PAIRINGS)
        shown = [sent for (where, _), sent in strict.messages.items() if where.startswith("D")]
        assert strict.tiers.refused == []
        assert all("pairing_cancel" in str(one) for one in shown), "a limit ended a pairing"
        # A message is left behind no longer than until it is deleted.
        await strict.until(lambda: len(direct(strict)) == PAIRINGS)
    assert strict.refusals == []


def direct(strict: StrictSlack) -> list[str]:
    """Return where there are direct messages of the app, once for each message."""
    return [where for where, _ in strict.messages if where.startswith("D")]


@pytest.mark.slow
async def test_three_hundred_devices_are_within_the_limits(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    people = [ANA, *(f"U9{n}" for n in range(30))]
    strict.admins |= dict.fromkeys(people, True)
    async with an_office(strict, gateway, settings, tempo=WAITING) as office:
        ids = await office.connected(300)
        for person in people:
            await strict.open_home(person)
        await strict.until(lambda: len(strict.homes) == len(people))
        await office.unlinked(*ids)
        for person in people:
            await strict.command(person, "status")
        await office.shows("300")
        await strict.until(lambda: len(strict.private) >= len(people))
    assert strict.tiers.refused == []
    assert len(office.messages()) <= 3
    assert not any(picture_id(one) for one in office.messages())
