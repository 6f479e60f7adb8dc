"""Who somebody is to Home Assistant, as the tables of docs/security.md tell roles apart."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from homeassistant.auth.const import GROUP_ID_ADMIN, GROUP_ID_READ_ONLY, GROUP_ID_USER
from homeassistant.auth.models import User
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import Unauthorized
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import CLIENT_ID, MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from tests.custom_components.wuts.helpers import AddEntry, Until, our_tasks, state_of
from wuts_simulator import Device, Simulator

ROLES = ("in charge", "member", "guest", "program", "outsider")
GROUPS = {"in charge": GROUP_ID_ADMIN, "member": GROUP_ID_USER, "guest": GROUP_ID_READ_ONLY}


@dataclass
class Person:
    """Somebody in a role: a user who is logged in, a program, or nobody.

    Attributes:
        http: Home Assistant's pages, as this one may use them.
        context: What this one's actions come with.
    """

    hass: HomeAssistant
    role: str
    http: TestClient[Any, Any]
    context: Context
    entry: MockConfigEntry
    device: Device
    sim: Simulator
    until: Until

    async def act(self, domain: str, action: str, returns: bool = False, **data: Any) -> Any:  # noqa: ANN401 - as an action's
        """Call an action; None where that is not allowed."""
        if self.role == "outsider":
            answer = await self.http.post(f"/api/services/{domain}/{action}", json=data)
            assert answer.status == HTTPStatus.UNAUTHORIZED
            return None
        try:
            return await self.hass.services.async_call(
                domain, action, data, blocking=True, context=self.context, return_response=returns
            )
        except Unauthorized:
            return None

    async def post(self, path: str, body: dict[str, Any]) -> Any:  # noqa: ANN401 - it is JSON
        """Post to a page; None where that is not allowed. A program has no login."""
        answer = await self.http.post(path, json=body)
        if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            return None
        assert answer.status == HTTPStatus.OK, await answer.text()
        return await answer.json()


@pytest.fixture
async def person(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    until: Until,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    role: str,
) -> AsyncIterator[Person]:
    for component in ("api", "config", "diagnostics", "image", "repairs"):
        assert await async_setup_component(hass, component, {})
    entry = await add_entry(device)
    sim.world.unlink(device.id)
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "needs_pairing")
    context, http = Context(), await hass_client_no_auth()
    if role in GROUPS:
        user = await a_user(hass, GROUPS[role])
        refresh = await hass.auth.async_create_refresh_token(user, CLIENT_ID)
        http = await hass_client(hass.auth.async_create_access_token(refresh))
        context = Context(user_id=user.id)
    yield Person(hass, role, http, context, entry, device, sim, until)
    await hass.async_stop()
    await until(lambda: our_tasks() == set())


async def a_user(hass: HomeAssistant, group_id: str) -> User:
    group = await hass.auth.async_get_group(group_id)
    assert group is not None
    user: User = MockUser(groups=[group], name=group_id)
    user.add_to_hass(hass)  # type: ignore[attr-defined]
    return user
