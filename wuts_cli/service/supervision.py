"""What a service is about."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from wuts import WutsClient
from wuts.supervisor import Supervisor


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervision:
    """What the service is about; none of it has begun.

    Attributes:
        supervisor: Looks after the devices.
        clients: By account; with ``shares`` also those of the accounts of others.
        store: What survives a restart, or None.
        address: The store's.
        shares: Whether other processes take their share of the accounts.
    """

    supervisor: Supervisor
    clients: Mapping[str, WutsClient]
    store: object = None
    address: str | None = field(default=None, repr=False)
    shares: bool = False
