"""A click on a button, and how every one is taken in: acknowledged, let in or refused, handled."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from re import Pattern
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from slack_app.blocks.parts import Content
from slack_app.devices.device_ref import DeviceRef
from slack_app.listeners.middleware import Visit, beside, receive, user_of
from slack_app.operations.audit import Deed, Errand
from slack_app.services import Services


@dataclass(frozen=True, slots=True)
class Click:
    """One click.

    Attributes:
        body: What Slack sent.
        respond: Answers at the message that the button is in.
    """

    body: dict[str, Any]
    respond: AsyncRespond

    @property
    def value(self) -> str:
        """What the button stands for."""
        return str(self.body["actions"][0].get("value", ""))

    @property
    def ref(self) -> DeviceRef:
        """The device that the button is about."""
        account, device_id, *_ = self.value.split(" ")
        return DeviceRef(account, device_id)

    @property
    def trigger_id(self) -> str:
        """Opens a window, for three seconds."""
        return str(self.body["trigger_id"])

    @property
    def is_at_home(self) -> bool:
        """Whether the button is in the app's home."""
        return (self.body.get("view") or {}).get("type") == "home"

    async def replace(self, content: Content) -> None:
        """Show ``content`` in place of the message that the button is in."""
        await self.respond(text=content.text, blocks=content.blocks, replace_original=True)


type Handler = Callable[[Services, Visit, Click], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A kind of button.

    Attributes:
        action: Its id, or the pattern of its ids.
        deed: What it is for, in the audit log.
        handle: What a click on it does, for a person who may.
        names_device: Whether its value names a device, for the audit log.
    """

    action: str | Pattern[str]
    deed: Deed
    handle: Handler
    names_device: bool = False

    def register(self, app: AsyncApp, services: Services) -> None:
        """Listen to it."""

        @app.action(self.action)
        async def on_click(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
            await ack()
            click = Click(body, respond)

            async def work(visit: Visit) -> None:
                await self.handle(services, visit, click)

            errand = Errand(self.deed, click.ref if self.names_device else None)
            answer = beside(services, body, respond)
            await receive(services, user_of(body), answer, work, errand)
