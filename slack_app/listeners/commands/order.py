"""What a command's handler is given beside the visit."""

from dataclasses import dataclass

from slack_bolt.context.respond.async_respond import AsyncRespond

from slack_app.blocks.choices import no_such_device
from slack_app.blocks.parts import escape
from slack_app.blocks.status import Line
from slack_app.listeners.middleware import Visit
from slack_app.parser import Invocation
from slack_app.services import Services


@dataclass(frozen=True, slots=True)
class Order:
    """One command.

    Attributes:
        said: What was understood.
        trigger_id: Opens a window, for three seconds.
        respond: Answers where the command was given.
    """

    said: Invocation
    trigger_id: str
    respond: AsyncRespond


async def find_one(services: Services, visit: Visit, name: str) -> Line | None:
    """Return the device of a name or an id; else tell the person, and return None."""
    lines = await services.accounts.search(name)
    if len(lines) == 1:
        return lines[0]
    if not lines:
        await visit.say(no_such_device(name, visit.words))
        return None
    ids = ", ".join(f"`{line.device.id}`" for line in lines)
    text = visit.words.several_devices.format(name=escape(name))
    await visit.say(f"{text} {ids}")
    return None
