"""The gateway's records: tenants, users, tokens and devices, and who sees whom."""

from collections.abc import Iterable
from datetime import datetime
from random import Random

from .codes import make_uuid
from .device import Device, Tenant, User, parse_role, split_user
from .errors import InvalidError, UnknownError


class Registry:
    """Finds users by token, and devices by id."""

    def __init__(self, random: Random) -> None:
        self.tenants: dict[str, Tenant] = {}
        self.devices: dict[str, Device] = {}
        self._users: dict[str, User] = {}
        self._random = random

    def add_tenant(self, name: str, tokens: Iterable[str] = ()) -> User:
        """Make a tenant, or add tokens to one; ``home/eve:admin`` is the admin eve of home.

        Raises:
            InvalidError: There is no name or no such role, or a token belongs to someone else.
        """
        (tenant_name, user_name), role = split_user(name), parse_role(name)
        if not tenant_name:
            raise InvalidError("a tenant needs a name")
        new = tuple(tokens)
        tenant = self.tenants.get(tenant_name)
        user = tenant.users.get(user_name) if tenant else None
        if not all(token and self._users.get(token) in {None, user} for token in new):
            raise InvalidError("a token is empty or belongs to another user")
        tenant = tenant or self.tenants.setdefault(tenant_name, Tenant(tenant_name))
        user = user or self._add_user(tenant, user_name)
        user.role = role or user.role
        user.tokens.update(new)
        self._users.update(dict.fromkeys(new, user))
        return user

    def revoke_token(self, token: str) -> None:
        """Refuse a token from now on.

        Raises:
            UnknownError: There is no such token.
        """
        user = self._users.pop(token, None)
        if user is None:
            raise UnknownError("no such token")
        user.tokens.discard(token)

    def user_of(self, token: str) -> User | None:
        """Return the user that a token stands for."""
        return self._users.get(token)

    def user(self, name: str) -> User:
        """Return a user by ``tenant`` or ``tenant/user``.

        Raises:
            UnknownError: There is none.
        """
        tenant_name, user_name = split_user(name)
        tenant = self.tenants.get(tenant_name)
        if tenant is None or user_name not in tenant.users:
            raise UnknownError(f"no such tenant: {name}")
        return tenant.users[user_name]

    def add_device(self, user: User, name: str, at: datetime) -> Device:
        """Create a device."""
        device = Device(make_uuid(self._random), user, name, at, at)
        if user.webhook is not None:
            device.webhook = user.webhook.model_copy(update={"id": make_uuid(self._random)})
        self.devices[device.id] = device
        user.tenant.devices[device.id] = device
        return device

    def remove_device(self, device: Device) -> None:
        """Forget a device altogether."""
        del self.devices[device.id]
        del device.user.tenant.devices[device.id]

    def device(self, device_id: str) -> Device:
        """Return a device of any tenant.

        Raises:
            UnknownError: There is none of that id.
        """
        device = self.devices.get(device_id)
        if device is None:
            raise UnknownError("no such device")
        return device

    def visible_device(self, user: User, device_id: str | None) -> Device | None:
        """Return the device a user means: one of the tenant, or the user's first without an id."""
        if device_id is None:
            return user.tenant.first_device_of(user)
        return user.tenant.devices.get(device_id)

    def _add_user(self, tenant: Tenant, name: str) -> User:
        user = User(make_uuid(self._random), name, tenant)
        tenant.users[name] = user
        return user
