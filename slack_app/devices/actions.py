"""What people ask of a device, by a command or by a button."""

from wuts.errors import WutsError
from wuts.supervisor import DeviceState

from ..blocks.parts import Content, section, shown_name
from ..blocks.status import Line, fix
from ..listeners.middleware import Visit
from ..operations.audit import AuditOutcome, Deed, audit
from ..services import Services


async def reconnect(services: Services, visit: Visit, line: Line) -> None:
    """Look at a device now, so that it is reconnected without waiting for its next try.

    One that no reconnect can help is answered with the button that does.
    """
    words = visit.words
    helpless = {
        DeviceState.PAUSED: words.reconnect_left_alone,
        DeviceState.NEEDS_PAIRING: words.reconnect_must_pair,
        DeviceState.NEVER_PAIRED: words.reconnect_must_pair,
    }
    services.supervisor.wake(line.account, line.device.id)
    _audit(visit, Deed.RECONNECT, line)
    state = line.device.state
    if state not in helpless:
        await visit.say(words.reconnecting_now.format(device=_name(line)))
        return
    text = helpless[state].format(device=_name(line))
    await visit.answer(Content(text, [section(text, fix(line, words))]))


async def disconnect(services: Services, visit: Visit, line: Line) -> None:
    """End a device's session, and leave it alone until somebody resumes it.

    Raises:
        WutsError: The gateway could not do it; the device is left alone all the same.
    """
    try:
        await services.supervisor.disconnect(line.account, line.device.id)
    except WutsError:
        _audit(visit, Deed.DISCONNECT, line, AuditOutcome.FAILED)
        raise
    _audit(visit, Deed.DISCONNECT, line)
    await visit.say(visit.words.disconnected.format(device=_name(line)))


async def pause(services: Services, visit: Visit, line: Line) -> None:
    """Leave a device alone until somebody resumes it."""
    await services.supervisor.pause(line.account, line.device.id)
    _audit(visit, Deed.PAUSE, line)
    await visit.say(visit.words.paused.format(device=_name(line)))


async def resume(services: Services, visit: Visit, line: Line) -> None:
    """Take care of a device again, beginning now."""
    await services.supervisor.resume(line.account, line.device.id)
    _audit(visit, Deed.RESUME, line)
    await visit.say(visit.words.resumed.format(device=_name(line)))


def _audit(visit: Visit, deed: Deed, line: Line, outcome: AuditOutcome = AuditOutcome.DONE) -> None:
    audit(visit.user_id, deed, outcome, account=line.account, device_id=line.device.id)


def _name(line: Line) -> str:
    return shown_name(line.device.name, line.device.id)
