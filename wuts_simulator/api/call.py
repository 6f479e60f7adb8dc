"""One request of the contract, and what a handler needs to answer it."""

import asyncio
import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from aiohttp import web

from wuts_simulator.contract import EndpointName
from wuts_simulator.device import Device, User
from wuts_simulator.errors import ApiError
from wuts_simulator.settings import Dialect, Settings
from wuts_simulator.world import World

_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"0", "false", "no", "off"})
_SCHEME = "bearer"
_MOST = 4 * 1024 * 1024
"""Bytes of a body without a file."""


@dataclass(slots=True)
class Call:
    """One request.

    Attributes:
        request: As aiohttp read it.
        endpoint: Which call of the contract it is.
        world: The gateway's state.
    """

    request: web.Request = field(repr=False)
    endpoint: EndpointName
    world: World = field(repr=False)

    @property
    def settings(self) -> Settings:
        """What the simulator was started with."""
        return self.world.settings

    @property
    def dialect(self) -> Dialect:
        """The spelling of the contract."""
        return self.world.settings.spelling

    @property
    def now(self) -> float:
        """The interval timer, in seconds."""
        return self.world.clock.monotonic()

    def sender(self) -> User | None:
        """Return the user of the token in the header, with or without its scheme."""
        header = self.request.headers.get("Authorization", "").strip()
        scheme, _, token = header.partition(" ")
        if scheme.lower() != _SCHEME:
            token = header
        return self.world.registry.user_of(token.strip())

    def user(self) -> User:
        """Return the user of the request's token.

        Raises:
            ApiError: There is no token, or nobody knows it.
        """
        user = self.sender()
        if user is None:
            raise ApiError(HTTPStatus.UNAUTHORIZED, self.dialect.refusal, "UNAUTHORIZED")
        return user

    def flag(self, *names: str) -> bool:
        """Return whether one of these query parameters is set."""
        return any(self.request.query.get(name, "").lower() in _YES for name in names)

    def denied(self, *names: str) -> bool:
        """Return whether one of these query parameters is set to no."""
        return any(self.request.query.get(name, "").lower() in _NO for name in names)

    def device_id(self) -> str | None:
        """Return the id in the path or the query, if it is heeded; an empty one is none."""
        if not self.settings.heeds_device_id(self.endpoint):
            return None
        return self.request.match_info.get("id") or self.request.query.get("device_id") or None

    async def named_device_id(self) -> str | None:
        """Return the id in the path, the query or the body."""
        named = self.device_id()
        if named is not None or self.endpoint is not EndpointName.PAIR_CODE:
            return named
        body = await self._parsed_body()
        inner = body.get("device_id") if isinstance(body, dict) else None
        return inner if isinstance(inner, str) and inner else None

    async def meant_device_id(self) -> str | None:
        """Return the id that is named, else that of the device which the token stands for."""
        named = await self.named_device_id()
        user = self.sender()
        if named is not None or user is None:
            return named
        device = user.tenant.first_device_of(user)
        return device.id if device else None

    async def device(self, otherwise: str = "device not found") -> Device:
        """Return the device that is meant.

        Args:
            otherwise: The ``error`` when there is none.

        Raises:
            ApiError: The token is refused, sees no such device, or may not use it.
        """
        user = self.user()
        device = self.world.registry.visible_device(user, await self.named_device_id())
        if device is None:
            raise ApiError(HTTPStatus.NOT_FOUND, otherwise, "DEVICE_NOT_FOUND")
        if not user.sees(device):
            raise ApiError(HTTPStatus.FORBIDDEN, "not your device", "FORBIDDEN")
        return device

    async def json_object(self) -> dict[str, Any]:
        """Return the body.

        Raises:
            ApiError: It is not a JSON object.
        """
        body = await self._parsed_body()
        if not isinstance(body, dict):
            raise ApiError(HTTPStatus.BAD_REQUEST, "invalid request body", "INVALID_REQUEST")
        return body

    async def take(self, seconds: float) -> None:
        """Wait as long as the settings ask."""
        if seconds > 0:
            await asyncio.sleep(seconds)
            self.world.sessions.settle()

    async def _parsed_body(self) -> object:
        body = await self.request.read()
        if len(body) > _MOST and not self.endpoint.takes_files:
            raise web.HTTPRequestEntityTooLarge(max_size=_MOST, actual_size=len(body))
        try:
            return json.loads(body)
        except ValueError:
            return None
