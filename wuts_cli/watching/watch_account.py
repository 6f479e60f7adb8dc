"""Carries out one supervision: opens the store, shows what happens, until it is stopped."""

import gc
from dataclasses import dataclass

from wuts import WutsClient
from wuts.supervisor import Supervisor, SupervisorSettings
from wuts.supervisor.store import MemoryStore, Store, StoreAddressError
from wuts.supervisor.supervisor import steady_clock
from wuts_cli.errors import UsageError
from wuts_cli.output import Output, complain

from .error_log import telling_errors
from .line_views import JsonView, LinesView
from .screen_view import ScreenView
from .subject import ACCOUNT, Subject
from .view import View
from .writer import Writer

FORGETFUL = "Without --store nothing is remembered: the next start tells the alerts anew."


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a person asked for.

    Attributes:
        settings: Intervals and limits.
        store: The store's address, or None to remember nothing.
    """

    settings: SupervisorSettings
    store: str | None


async def watch_account(client: WutsClient, request: Request, output: Output) -> None:
    """Supervise all devices of the account until the command is stopped.

    Raises:
        UsageError: There is no such store.
        OutputLostError: Nobody can read what is told.
    """
    store = _open_store(request.store)
    clock = steady_clock()
    note = "" if request.store else FORGETFUL
    view = _choose_view(output, Subject(gateway=client.base_url, note=note, clock=clock))
    supervisor = Supervisor(request.settings, store=store, clock=clock)
    supervisor.subscribe(view.take)
    # What is there before the work is never garbage: looking through it again would stall the loop.
    gc.freeze()
    with telling_errors(view.note):
        async with supervisor:
            supervisor.add_account(ACCOUNT, client)
            await view.run(supervisor)


def _open_store(address: str | None) -> Store:
    if address is None:
        return MemoryStore()
    try:
        from wuts.supervisor.store.sql import SqlStore  # noqa: PLC0415 - others need no SQLAlchemy

        return SqlStore(address)
    except ModuleNotFoundError as error:
        raise UsageError(f"--store needs the package {error.name}. Install wuts[store].") from None
    except StoreAddressError as error:
        raise UsageError(error.message) from None


def _choose_view(output: Output, subject: Subject) -> View:
    writer = Writer()
    if output.is_screen:
        return ScreenView(writer, output.console, subject)
    if subject.note:
        complain(subject.note)
    return JsonView(writer) if output.json else LinesView(writer)
