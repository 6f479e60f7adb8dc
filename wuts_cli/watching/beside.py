"""The service beside a supervision, where somebody wants one."""

import os
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import TYPE_CHECKING

from wuts_cli.output import Output, complain
from wuts_cli.service.supervision import Supervision

if TYPE_CHECKING:
    from wuts_cli.service.listen import Listen


def service_beside(
    supervision: Supervision, listen: "Listen | None", output: Output
) -> AbstractAsyncContextManager[AbstractAsyncContextManager[None]]:
    """Return what answers at an address and tells systemd, or does nothing if nobody wants that.

    Enter it first, and what it yields once the supervisor has started; see `serving`.

    Args:
        supervision: What it is about.
        listen: Where, or None.
        output: Is told where it listens.

    Raises:
        UsageError: The address cannot be bound.
    """
    if listen is None and not os.environ.get("NOTIFY_SOCKET"):
        return nullcontext(nullcontext())
    from wuts_cli.service.service import serving  # noqa: PLC0415 - a web server takes time to load

    def tell(host: str, port: int) -> None:
        output.event("listening", host=host, port=port)
        if not output.json:
            complain(f"The service listens at {host}, port {port}.")

    return serving(listen, supervision, on_listening=tell)
