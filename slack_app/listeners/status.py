"""What devices there are: ``/wuts status`` and ``list``, their pages, and the choices at home."""

from dataclasses import replace

from wuts.errors import AmbiguousDeviceError, UnknownDeviceError

from ..blocks.device_list import list_message
from ..blocks.status import detail_message, read_page, status_message
from ..devices.device import Line
from ..devices.filters import LONGEST, Filter
from ..messages.parser import Invocation
from .context import CommandContext


async def show_status(asked: CommandContext, said: Invocation) -> None:
    """Look now, and show all devices, some, or one in detail.

    It is shown to the person, or with ``--share`` to the channel.
    """
    accounts = asked.services.accounts
    overview = await accounts.fresh_overview()
    line = _one(asked, said.argument)
    if line is not None:
        content = detail_message(line, overview, asked.strings)
    else:
        chosen = Filter.parse(said.argument, accounts.names)
        content = status_message(overview, 0, asked.strings, chosen)
    await (asked.share(content) if said.share else asked.answer(content))


async def show_list(asked: CommandContext, said: Invocation) -> None:
    """Look now, and name all devices or some, with their ids."""
    accounts = asked.services.accounts
    overview = await accounts.fresh_overview()
    chosen = Filter.parse(said.argument, accounts.names)
    await asked.answer(list_message(overview, 0, asked.strings, chosen))


async def turn_page(asked: CommandContext) -> None:
    """Show another page of the status in its place: *Previous*, *Next* and *Show all*."""
    page, chosen = read_page(asked.value)
    if asked.is_at_home:
        await asked.services.app_home.open(asked.user_id, page, chosen)
        return
    overview = await asked.services.accounts.fresh_overview()
    await asked.replace(status_message(overview, page, asked.strings, chosen))


async def turn_list(asked: CommandContext) -> None:
    """Show another page of the list in its place."""
    page, chosen = read_page(asked.value)
    overview = await asked.services.accounts.fresh_overview()
    await asked.replace(list_message(overview, page, asked.strings, chosen))


async def choose_at_home(asked: CommandContext) -> None:
    """Show at home what somebody chose in the menu there."""
    [action] = asked.body["actions"]
    chosen = Filter.of(action["selected_option"]["value"])
    await asked.services.app_home.open(asked.user_id, 0, chosen)


async def search_at_home(asked: CommandContext) -> None:
    """Show at home what has the text that somebody typed there."""
    [action] = asked.body["actions"]
    home = asked.services.app_home
    text = " ".join(str(action.get("value") or "").split())[:LONGEST]
    await home.open(asked.user_id, 0, replace(home.chosen(asked.user_id), text=text))


def _one(asked: CommandContext, text: str) -> Line | None:
    """Return the device of an id or a name, if there is one; several are shown as a choice."""
    try:
        return asked.services.accounts.find(text)
    except (UnknownDeviceError, AmbiguousDeviceError):
        return None
