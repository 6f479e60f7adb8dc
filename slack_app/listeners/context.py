"""What a handler is given: one person asking for one thing, and the parts of the app."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from wuts.operations.background import Background
from wuts.supervisor import MuteScope, Supervisor

from ..alerts.routing import Configured
from ..alerts.subscriptions import Subscriptions
from ..blocks.parts import Block, Content, section
from ..devices.accounts import Accounts
from ..devices.device import DeviceRef
from ..home.app_home import AppHome
from ..messages import Strings
from ..operations.audit import AuditAction, AuditEvent, AuditOutcome
from ..pairing.pairings import Pairings
from ..pairing.typed_numbers import TypedNumbers
from ..people.check_budgets import CheckBudgets
from ..people.direct_messages import DirectMessages
from ..people.permissions import Permissions
from ..people.users import Users
from ..slack.errors import SLACK_ERRORS, slack_code
from ..slack.owners_only import answering

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The parts of the running app."""

    slack: AsyncWebClient
    direct: DirectMessages
    accounts: Accounts
    supervisor: Supervisor
    users: Users
    permissions: Permissions
    typed_numbers: TypedNumbers
    check_budgets: CheckBudgets
    app_home: AppHome
    pairings: Pairings
    subscriptions: Subscriptions
    routes: Sequence[Configured]
    background: Background


@dataclass(frozen=True, slots=True)
class CommandContext:
    """A command, a click, a modal or a look at the home, from a person who may use the app.

    Attributes:
        bolt: What bolt knows about it, and what our middleware added.
        strings: The person's language.
        country: Where numbers that they type without a country code are from, or None.
    """

    bolt: AsyncBoltContext
    strings: Strings
    country: str | None

    @property
    def services(self) -> Services:
        """The parts of the app."""
        services: Services = self.bolt["services"]
        return services

    @property
    def body(self) -> dict[str, Any]:
        """What Slack sent."""
        body: dict[str, Any] = self.bolt["body"]
        return body

    @property
    def user_id(self) -> str:
        """Who asks."""
        return str(self.bolt.user_id)

    @property
    def channel_id(self) -> str:
        """Where they ask, or empty."""
        channel = self.body.get("channel_id") or (self.body.get("channel") or {}).get("id")
        return str(channel or "")

    @property
    def value(self) -> str:
        """What the clicked button stands for."""
        return value_of(self.bolt)

    @property
    def is_at_home(self) -> bool:
        """Whether the clicked button is in the App Home."""
        return (self.body.get("view") or {}).get("type") == "home"

    @property
    def is_answered_directly(self) -> bool:
        """Whether answers go to the direct messages: modals and homes have no channel."""
        return not self.body.get("response_url")

    async def answer(self, content: Content) -> None:
        """Show the person something that nobody else sees."""
        if "event" in self.body:
            with answering():
                await self.services.app_home.show_closed(self.user_id, content.text)
        elif self.is_answered_directly:
            await self._send_directly(content)
        else:
            await self._respond(content, response_type="ephemeral", replace_original=False)

    async def say(self, text: str) -> None:
        """Answer with one paragraph."""
        await self.answer(Content(text, [section(text)]))

    async def share(self, content: Content) -> None:
        """Show the whole channel the answer to a command."""
        await self._respond(content, response_type="in_channel", replace_original=False)

    async def replace(self, content: Content) -> None:
        """Show ``content`` in place of the message that the button is in."""
        await self._respond(content, replace_original=True)

    async def open_modal(self, view: Block) -> None:
        """Open a modal; Slack allows it for three seconds."""
        await self.services.slack.views_open(trigger_id=self.body["trigger_id"], view=view)

    def audit(
        self, action: AuditAction, ref: DeviceRef, outcome: AuditOutcome = AuditOutcome.DONE
    ) -> None:
        """Write a line of the audit log."""
        AuditEvent(self.user_id, action, ref.account, ref.device_id).log(outcome)

    def audit_alerts(self, action: AuditAction, scope: MuteScope, **more: str | None) -> None:
        """Write a line of the audit log about alerts: whose, and of which kind."""
        event = AuditEvent(self.user_id, action, scope.account, scope.device_id or "")
        event.log(AuditOutcome.DONE, kind=scope.kind, channel=self.channel_id or None, **more)

    async def _respond(self, content: Content, **how: Any) -> None:  # noqa: ANN401 - bolt's own
        """Answer at the ``response_url``; where Slack takes nothing there, in a direct message."""
        assert self.bolt.respond is not None  # noqa: S101 - bolt always has one
        try:
            answer = await self.bolt.respond(text=content.text, blocks=content.blocks, **how)
        except SLACK_ERRORS as error:
            problem = slack_code(error)
        else:
            if answer.status_code < HTTPStatus.BAD_REQUEST:
                return
            problem = str(answer.status_code)
        _LOGGER.warning("Slack takes no answer at a response_url (%s)", problem)
        await self._send_directly(content)

    async def _send_directly(self, content: Content) -> None:
        slack = self.services.slack
        with answering():
            channel = await self.services.direct.channel(self.user_id)
            await slack.chat_postMessage(channel=channel, text=content.text, blocks=content.blocks)


def provide(services: Services) -> Callable[..., Awaitable[BoltResponse]]:
    """Return a bolt middleware that puts our parts and the request's body into bolt's context."""

    async def middleware(
        context: AsyncBoltContext,
        body: dict[str, Any],
        next_: Callable[[], Awaitable[BoltResponse]],
    ) -> BoltResponse:
        context["services"], context["body"] = services, body
        return await next_()

    return middleware


def value_of(bolt: AsyncBoltContext) -> str:
    """Return what the clicked button stands for."""
    return str(bolt["body"]["actions"][0].get("value", ""))


def device_of(bolt: AsyncBoltContext) -> DeviceRef:
    """Return the device that the clicked button is about; more may stand behind it."""
    account, device_id, *_ = value_of(bolt).split(" ")
    return DeviceRef(account, device_id)
