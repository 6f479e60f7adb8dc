"""Tenants, their users, and the tokens that belong to one user of one tenant."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .device import Device

DEFAULT_USER = "owner"


@dataclass(slots=True, eq=False)
class User:
    """One user of a tenant.

    Attributes:
        id: The ``user_id`` of the contract.
        name: How the simulator calls the user.
        tenant: Where the user belongs.
        tokens: The tokens that stand for the user; secrets.
    """

    id: str
    name: str
    tenant: Tenant = field(repr=False)
    tokens: set[str] = field(default_factory=set, repr=False)


@dataclass(slots=True, eq=False)
class Tenant:
    """One tenant: it sees its own devices and no others.

    Attributes:
        name: How the simulator calls it.
        users: Its users by name.
        devices: Its devices by id, oldest first.
    """

    name: str
    users: dict[str, User] = field(default_factory=dict, repr=False)
    devices: dict[str, Device] = field(default_factory=dict, repr=False)

    def first_device_of(self, user: User) -> Device | None:
        """Return the user's oldest device."""
        return next((device for device in self.devices.values() if device.user is user), None)


def split_user(name: str) -> tuple[str, str]:
    """Return tenant and user of ``tenant`` or ``tenant/user``."""
    tenant, _, user = name.partition("/")
    return tenant, user or DEFAULT_USER
