"""The service beside a supervision, where somebody wants one."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Collection
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from wuts_cli.output import Output, complain
from wuts_cli.service.supervision import Supervision

if TYPE_CHECKING:
    from wuts.http.observer import OnCall
    from wuts.metrics import Metrics
    from wuts_cli.service.listen import Listen


@dataclass(frozen=True, slots=True)
class Beside:
    """What runs beside a supervision.

    Attributes:
        listen: Where to answer, or None.
        metrics: What counts there and what systemd hears of; None if nobody wants either.
    """

    listen: Listen | None = None
    metrics: Metrics | None = None

    @property
    def on_call(self) -> OnCall | None:
        """What each client tells its calls."""
        return self.metrics.on_call if self.metrics else None


NOTHING = Beside()


def beside(listen: Listen | None, accounts: Collection[str]) -> Beside:
    """Return what is wanted beside a supervision of some accounts.

    Args:
        listen: Where to answer, or None.
        accounts: Their names, also of those that other processes look after.
    """
    if listen is None and not os.environ.get("NOTIFY_SOCKET"):
        return NOTHING
    from wuts.metrics import Metrics  # noqa: PLC0415 - others start faster without

    return Beside(listen, Metrics(program="wuts watch", version=version("wuts"), accounts=accounts))


@asynccontextmanager
async def service_beside(
    supervision: Supervision, wanted: Beside, output: Output
) -> AsyncIterator[AbstractAsyncContextManager[None]]:
    """Answer at an address and tell systemd, or do nothing if nobody wants that.

    Enter it first, and what it yields once the supervisor has started; see `serving`.

    Args:
        supervision: What it is about.
        wanted: What is wanted.
        output: Shows where it listens.

    Raises:
        UsageError: The address cannot be bound.
    """
    if wanted.metrics is None:
        yield nullcontext()
        return
    from wuts_cli.service.service import serving  # noqa: PLC0415 - a web server takes time to load

    def tell(host: str, port: int) -> None:
        output.event("listening", host=host, port=port)
        if not output.json:
            complain(f"The service listens at {host}, port {port}.")

    async with serving(wanted.listen, supervision, wanted.metrics, on_listening=tell) as service:
        yield service.working()
