"""Carries out one supervision: opens the store, and shows what happens until it is stopped."""

import gc
import logging
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, override

from wuts import WutsClient
from wuts.supervisor import Supervisor, SupervisorSettings
from wuts.supervisor.store import StoreError, StoreOwnedError
from wuts_cli.alerting import NOBODY, Alerting
from wuts_cli.logs import is_logging
from wuts_cli.output import Output, complain
from wuts_cli.service.supervision import Supervision
from wuts_cli.store import ACCOUNT, open_store

from .beside import NOTHING, Beside, service_beside
from .display import Display, JsonDisplay, LinesDisplay
from .screen import ScreenDisplay
from .writer import Writer

if TYPE_CHECKING:
    from wuts.supervisor.store.sql import SqlStore

DELIVERY_LOGGER = "wuts.supervisor.delivery.receivers"
"""Says which receivers can't be reached; there is no event for that."""

FORGETFUL = "Without --store, nothing is remembered: the next start repeats the alerts."


async def watch_account(  # noqa: PLR0913 - what the command was told
    client: WutsClient,
    settings: SupervisorSettings,
    address: str | None,
    output: Output,
    *,
    lease: float | None = None,
    waits: bool = True,
    wanted: Beside = NOTHING,
    alerting: Alerting = NOBODY,
) -> None:
    """Supervise all devices of the account until the command is stopped.

    Args:
        client: Makes the calls.
        settings: Intervals and limits.
        address: The store's address, or None to remember nothing.
        output: Where to show what happens.
        lease: The store's; its default unless given.
        waits: Whether to wait while another process watches the account with the same store.
        wanted: What runs beside it.
        alerting: Who gets alerts besides.

    Raises:
        UsageError: There is no such store, or the address to listen at cannot be bound.
        StoreOwnedError: Another process watches the account, and this one does not wait.
        StoreOtherAccountError: The store holds another account than the token opens.
        OutputLostError: Nobody can read what is shown.
    """
    store = open_store(address, lease=lease) if address is not None else None
    note = "" if address else FORGETFUL
    writer = Writer()
    display: Display
    if output.is_screen and not is_logging():
        title = f"Watching {client.base_url}"
        display = ScreenDisplay(writer, output, title=title, note=note, clock=time.time)
    else:
        display = (JsonDisplay if output.json else LinesDisplay)(writer)
        if note:
            complain(note)
    supervisor = Supervisor(
        settings, store=store, routes=alerting.routes, receivers=alerting.receivers
    )
    supervisor.subscribe(display.take)
    # What exists by now is never garbage: looking through it again would stall the loop.
    gc.freeze()
    supervision = Supervision(
        supervisor=supervisor, clients={ACCOUNT: client}, store=store, address=address
    )
    async with service_beside(supervision, wanted, output) as working:
        if store is not None and not waits:
            await claim_at_once(store, [ACCOUNT])
        with reporting_errors(display.note):
            async with supervisor:
                supervisor.add_account(ACCOUNT, client)
                async with working:
                    await display.run(supervisor)


async def claim_at_once(store: "SqlStore", accounts: Collection[str]) -> None:
    """Become the owner at once; of a store that does not work, the supervisor tells.

    Raises:
        StoreOwnedError: Another process is.
    """
    try:
        await store.claim(accounts)
    except StoreOwnedError:
        await store.close()
        raise
    except StoreError:
        return


class _ErrorHandler(logging.Handler):
    def __init__(self, report: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._report = report

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self._report(f"This should not have happened: {record.getMessage()}. Please report it.")


class _ReceiverHandler(logging.Handler):
    def __init__(self, report: Callable[[str], None]) -> None:
        super().__init__(logging.INFO)
        self._report = report

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self._report(f"{record.getMessage()}.")


@contextmanager
def reporting_errors(report: Callable[[str], None]) -> Iterator[None]:
    """Report logged errors, in a line each, and receivers that can't be reached, or can be again.

    Other warnings are left out, for events say the same. A log says more, so nothing is
    reported beside one.
    """
    if is_logging():
        yield
        return
    handlers = {
        logging.getLogger(): _ErrorHandler(report),
        logging.getLogger(DELIVERY_LOGGER): _ReceiverHandler(report),
    }
    for logger, handler in handlers.items():
        logger.addHandler(handler)
    logging.getLogger(DELIVERY_LOGGER).setLevel(logging.INFO)
    try:
        yield
    finally:
        for logger, handler in handlers.items():
            logger.removeHandler(handler)
