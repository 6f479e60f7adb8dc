"""A world in which receivers get alerts."""

from tests.core.wuts.supervisor.virtual import HOME, HOUR, MINUTE, World
from wuts.supervisor import Alert, AlertKind, SupervisorSettings
from wuts.supervisor.alerts.mutes import MuteScope
from wuts.supervisor.alerts.notifications import News
from wuts.supervisor.alerts.routes import Route
from wuts.supervisor.events import utc

ALL = Route(receivers=("ana",))
TWO = Route(receivers=("ana", "rui"), escalate_after=10 * MINUTE)
SETTINGS = SupervisorSettings(debounce=60.0)


def world(*routes: Route, devices: int = 3) -> World:
    """A gateway whose devices are connected, and were seen."""
    found = World(SETTINGS, routes=routes or (ALL,))
    found.gateway.add(*(f"d{number}" for number in range(devices)))
    found.start()
    found.run(HOUR)
    return found


def unlink(found: World, *ids: str) -> None:
    for device_id in ids:
        found.gateway.unlink(device_id)


def pair(found: World, *ids: str) -> None:
    for device_id in ids:
        phone = found.gateway.phones[device_id]
        phone.connected = phone.linked = True


def told(found: World, receiver: str = "ana") -> list[News]:
    return [one.news for one in found.notified if one.receiver == receiver]


def open_alert(found: World, kind: AlertKind = AlertKind.NEEDS_PAIRING) -> Alert:
    [alert] = [one for one in found.controller.alerts.open_alerts() if one.kind is kind]
    return alert


def acknowledge(found: World, by: str = "Ana", note: str = "") -> None:
    found.controller.desk.acknowledge(HOME, open_alert(found).id, by, note, found.now)
    found.dispatch()


def mute(found: World, scope: MuteScope, seconds: float | None) -> None:
    until = None if seconds is None else utc(found.now + seconds)
    found.controller.desk.mute(scope, until, "Ana", "moving house", found.now)
    found.dispatch()
