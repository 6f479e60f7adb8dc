"""A stand-in for Home Assistant Cloud: the component's functions, without a cloud.

The component itself needs a dozen packages, a compiler and an account at Nabu Casa. A test compares
the signatures with those of the installed one.
"""

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import homeassistant.components
import pytest
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

NAME = "homeassistant.components.cloud"


class CloudNotAvailable(HomeAssistantError):  # noqa: N818 - its name
    """There is no cloud."""


class CloudNotConnected(CloudNotAvailable):
    """It is away."""


class Cloud:
    """What the cloud knows, and who hears what of it.

    Attributes:
        base: Where its hooks begin.
        is_subscribed: Whether there is an active subscription.
        is_connected: Whether it is connected.
        is_broken: Whether it makes no hooks.
        hooks: The addresses by the webhooks' ids.
        deleted: The webhooks' ids whose hooks were deleted.
    """

    def __init__(self, base: str) -> None:
        self.base = base
        self.is_subscribed = self.is_connected = True
        self.is_broken = False
        self.hooks: dict[str, str] = {}
        self.deleted: list[str] = []
        self._heard: list[tuple[str | None, Callable[..., None]]] = []

    def install(self, hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
        """Be the component of a Home Assistant."""
        module = ModuleType(NAME)
        for name in STOOD_IN_FOR:
            setattr(module, name, getattr(self, name))
        module.CloudNotConnected = CloudNotConnected  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, NAME, module)
        monkeypatch.setattr(homeassistant.components, "cloud", module, raising=False)
        hass.config.components.add("cloud")

    def connect(self, *, connected: bool) -> None:
        """Be connected or not, and say so."""
        self.is_connected = connected
        for webhook_id, target in [*self._heard]:
            if webhook_id is None:
                target("connected" if connected else "disconnected")

    def forget(self, webhook_id: str) -> None:
        """Lose a hook, as when somebody deletes it or logs out."""
        del self.hooks[webhook_id]
        for heard, target in [*self._heard]:
            if heard == webhook_id:
                target(None)

    # The component's functions

    def async_active_subscription(self, _hass: HomeAssistant) -> bool:
        return self.is_subscribed

    async def async_get_or_create_cloudhook(self, _hass: HomeAssistant, webhook_id: str) -> str:
        if not self.is_connected:
            raise CloudNotConnected
        if self.is_broken:
            raise ValueError("no hook")
        return self.hooks.setdefault(webhook_id, f"{self.base}/{len(self.hooks)}-hook")

    async def async_delete_cloudhook(self, _hass: HomeAssistant, webhook_id: str) -> None:
        if webhook_id not in self.hooks:
            raise ValueError("Hook is not enabled for the cloud.")
        del self.hooks[webhook_id]
        self.deleted.append(webhook_id)

    def async_listen_connection_change(
        self, _hass: HomeAssistant, target: Callable[..., Any]
    ) -> Callable[[], None]:
        return self._hear(None, target)

    def async_listen_cloudhook_change(
        self, _hass: HomeAssistant, webhook_id: str, on_change: Callable[..., None]
    ) -> Callable[[], None]:
        return self._hear(webhook_id, on_change)

    def _hear(self, webhook_id: str | None, target: Callable[..., None]) -> Callable[[], None]:
        heard = (webhook_id, target)
        self._heard.append(heard)
        return lambda: self._heard.remove(heard)

    @property
    def listeners(self) -> int:
        """How many listen to what happens."""
        return len(self._heard)


STOOD_IN_FOR = (
    "async_active_subscription",
    "async_get_or_create_cloudhook",
    "async_delete_cloudhook",
    "async_listen_connection_change",
    "async_listen_cloudhook_change",
)
