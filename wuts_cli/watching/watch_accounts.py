"""Watches all accounts of a configuration, or this process's share of them, until it is stopped."""

import gc
from collections.abc import Mapping
from contextlib import AsyncExitStack

from wuts import WutsClient
from wuts.http.aiohttp_transport import aiohttp_transport
from wuts.supervisor import Supervisor, SupervisorSettings
from wuts.supervisor.store import ShareKeeper, StoreError, StoreOwnedError
from wuts_cli.alerting import NOBODY, Alerting
from wuts_cli.config import WatchConfig
from wuts_cli.errors import UsageError
from wuts_cli.output import Output, complain
from wuts_cli.service.supervision import Supervision
from wuts_cli.store import open_store

from .beside import NOTHING, Beside, service_beside
from .calls import calls_of
from .display import Display, JsonDisplay, LinesDisplay
from .watch_account import FORGETFUL, claim_at_once, reporting_errors
from .writer import Writer

NEEDS_STORE = (
    "--share needs a store that all processes use. Set store in the configuration, or --store, to "
    "postgresql://USER:PASSWORD@HOST/DATABASE."
)


LONGEST_CALL = 4.0
"""Seconds that a call under way may take before another process gets its account."""


async def watch_accounts(  # noqa: PLR0913 - as `watch_account`, and what is shared out
    config: WatchConfig,
    settings: SupervisorSettings,
    address: str | None,
    output: Output,
    *,
    lease: float,
    share: bool,
    waits: bool,
    wanted: Beside = NOTHING,
    alerting: Alerting = NOBODY,
) -> None:
    """Supervise the devices of several accounts until the command is stopped.

    Args:
        config: Names the accounts.
        settings: Intervals and limits.
        address: The store's address, or None to remember nothing.
        output: Where to show what happens.
        lease: The store's.
        share: Whether to share the accounts out with other processes that use the store.
        waits: Whether to wait while another process watches an account with the same store.
        wanted: What runs beside it.
        alerting: Who gets alerts besides.

    Raises:
        UsageError: There is no such store, none that accounts can be shared out in, or the address
            to listen at cannot be bound.
        StoreOwnedError: Another process watches one of the accounts, and this one does not wait.
        OutputLostError: Nobody can read what is shown.
    """
    if share and address is None:
        raise UsageError(NEEDS_STORE)
    store = open_store(address, lease=lease, shares_out=share) if address else None
    # Whoever shares accounts out takes over some that others have told of already.
    repeated = () if share else tuple(config.accounts)
    kind = JsonDisplay if output.json else LinesDisplay
    display = kind(Writer(), repeated, names_accounts=True)
    if store is None:
        complain(FORGETFUL)
    supervisor = Supervisor(
        settings, store=store, routes=alerting.routes, receivers=alerting.receivers
    )
    supervisor.subscribe(display.take)
    async with AsyncExitStack() as stack:
        clients = {
            name: await stack.enter_async_context(
                account.client(aiohttp_transport, on_call=wanted.on_call)
            )
            for name, account in config.accounts.items()
        }
        gc.freeze()  # as in watch_account
        supervision = Supervision(
            supervisor=supervisor, clients=clients, store=store, address=address, shares=share
        )
        beside = service_beside(supervision, wanted, output)
        working = await stack.enter_async_context(beside)
        if store is not None and not share and not waits:
            await claim_at_once(store, config.accounts)
        stack.enter_context(reporting_errors(display.note))
        await stack.enter_async_context(supervisor)
        if share and store is not None:
            caretaker = _Caretaker(supervisor, clients, settings, display)
            keeper = ShareKeeper(store, clients, caretaker, lease=lease)
            await stack.enter_async_context(keeper)
        else:
            for name, client in clients.items():
                supervisor.add_account(name, client)
        await stack.enter_async_context(working)
        await display.run(supervisor)


class _Caretaker:
    """Lets a supervisor take care of this process's share."""

    def __init__(
        self,
        supervisor: Supervisor,
        clients: Mapping[str, WutsClient],
        settings: SupervisorSettings,
        display: Display,
    ) -> None:
        self._supervisor = supervisor
        self._clients = clients
        self._settings = settings
        self._display = display

    def adopt(self, account: str) -> None:
        self._supervisor.add_account(account, self._clients[account])

    async def release(self, account: str) -> None:
        await self._supervisor.release_account(account, patience=LONGEST_CALL)

    def divide(self, members: int) -> None:
        self._supervisor.limit_calls(calls_of(self._settings.concurrency, members))

    def report(self, error: StoreError | None) -> None:
        match error:
            case None:
                note = "This process watches its whole share again."
            case StoreOwnedError():
                note = f"{error.message} This process does not watch its whole share."
            case _:
                note = f"{error.message} This process keeps the accounts that it has."
        self._display.note(note)
