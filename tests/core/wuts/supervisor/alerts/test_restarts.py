"""Whatever happens, and however often the process ends: every receiver knows all in the end."""

from random import Random

import pytest

from tests.core.wuts.supervisor.virtual import HOME, HOUR, MINUTE, World
from wuts.supervisor import AlertKind, MuteScope, News, Notification, Route, SupervisorSettings
from wuts.supervisor.events import utc

ROUTES = (
    Route(receivers=("ana", "rui"), escalate_after=3 * MINUTE, continues=True),
    Route(receivers=("log",)),
)
DEVICES = [f"d{number}" for number in range(14)]


class Household:
    """Devices that are unlinked and paired, people who act, a process that ends."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.world = World(SupervisorSettings(stable_after=0.0), seed=seed, routes=ROUTES)
        self.world.gateway.add(*DEVICES)
        self.world.start()
        self.world.run(HOUR)
        self.told: list[Notification] = []

    def stir(self) -> None:
        """Do one thing, or none."""
        world, rng = self.world, self.rng
        desk = world.controller.desk
        opened = world.controller.alerts.open_alerts()
        match rng.randrange(8):
            case 0 | 1:
                for device_id in rng.sample(DEVICES, rng.choice([1, 2, 9])):
                    self.toggle(device_id)
            case 2 if opened:
                alert = rng.choice(opened)
                desk.acknowledge(HOME, alert.id, "Ana", "", world.now)
            case 3 if opened:
                scope = MuteScope(HOME, rng.choice(opened).device_id)
                until = rng.choice([None, utc(world.now + rng.uniform(1, 600))])
                desk.mute(scope, until, "Ana", "noise", world.now)
            case 4:
                world.restart()
            case 5:
                world.deaf = set(rng.sample(["ana", "rui", "log"], rng.randrange(3)))
            case 6 if world.deaf:
                desk.failing(rng.choice(sorted(world.deaf)), world.now, is_failing=True)
        world.dispatch()

    def toggle(self, device_id: str) -> None:
        phone = self.world.gateway.phones[device_id]
        phone.linked = phone.connected = not phone.linked

    def open_for(self, receiver: str) -> set[str]:
        """Return the alerts that a receiver believes to be open."""
        newest: dict[str, Notification] = {}
        for one in self.world.notified:
            if one.receiver == receiver and one.sequence >= getattr(
                newest.get(one.id), "sequence", 0
            ):
                newest[one.id] = one
        return {alert.id for one in newest.values() for alert in one.open_alerts}


@pytest.mark.parametrize("seed", range(25))
def test_every_receiver_knows_all_in_the_end(seed: int) -> None:
    household = Household(seed)
    world, rng = household.world, household.rng
    for _ in range(60):
        household.stir()
        world.run(rng.choice([0.0, 1.0, 5.0, 40.0, 300.0]))
    world.deaf.clear()
    world.restart()
    for mute in world.controller.desk.mutes.of_account(HOME):
        world.controller.desk.unmute(mute.scope, "Rui", world.now)
    world.run(2 * HOUR)

    opened = {one.id: one for one in world.controller.alerts.open_alerts()}
    about = {one.device_id for one in opened.values() if one.kind is AlertKind.NEEDS_PAIRING}
    assert about == {one.id for one in world.gateway.phones.values() if not one.linked}
    waiting = {id_ for id_, one in opened.items() if one.acknowledged_by is None}
    for receiver in ("ana", "rui", "log"):
        assert waiting <= household.open_for(receiver) <= opened.keys()
    _check_numbers(world)

    for device_id in DEVICES:
        if not world.gateway.phones[device_id].linked:
            household.toggle(device_id)
    world.run(2 * HOUR)
    assert all(not household.open_for(receiver) for receiver in ("ana", "rui", "log"))
    assert world._sent == {}, "and nothing is kept"
    assert not any(world.controller.desk.notifier._threads.values())


def _check_numbers(world: World) -> None:
    """What is sent again is the same under the same number."""
    found: dict[tuple[str, int], Notification] = {}
    for one in world.notified:
        assert found.setdefault((one.id, one.sequence), one) == one
        assert one.alerts
        assert (one.news is News.RESOLVED) == one.is_over
