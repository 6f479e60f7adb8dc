"""What a handler is given: one person asking for one thing, and the parts of the app."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypedDict, cast

from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from wuts.operations.background import Background
from wuts.supervisor import MuteScope, Supervisor

from ..alerts.routing import Configured
from ..alerts.subscriptions import Subscriptions
from ..blocks.modals import message_view, read_metadata, with_channel
from ..blocks.parts import Block, Content, section
from ..devices.accounts import Accounts
from ..devices.device import DeviceRef
from ..devices.history import History
from ..devices.registration import Registration
from ..home.app_home import AppHome
from ..messages import Strings
from ..operations.audit import AuditAction, AuditEvent, AuditOutcome
from ..pairing.pairings import Pairings
from ..pairing.typed_numbers import TypedNumbers
from ..people.check_budgets import CheckBudgets
from ..people.confirmations import Confirmations
from ..people.direct_messages import DirectMessages
from ..people.permissions import Permissions, Verdict
from ..people.users import User, Users
from ..slack.errors import SLACK_ERRORS, slack_code
from ..slack.owners_only import answering
from ..slack.responding import Responder


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The parts of the running app."""

    slack: AsyncWebClient
    direct: DirectMessages
    responder: Responder
    accounts: Accounts
    supervisor: Supervisor
    users: Users
    permissions: Permissions
    typed_numbers: TypedNumbers
    confirmations: Confirmations
    check_budgets: CheckBudgets
    app_home: AppHome
    pairings: Pairings
    subscriptions: Subscriptions
    routes: Sequence[Configured]
    history: History
    registration: Registration
    background: Background


class Authorise(Protocol):
    """Says whether the person may use the app."""

    def __call__(self, *, fresh: bool = False) -> Awaitable[Verdict]:
        """Look it up; ``fresh`` looks past what is remembered."""


class Rails(TypedDict):
    """What our middleware puts into bolt's context.

    Looking a person up may take longer than Slack waits for an acknowledgement, so the middleware
    holds the look-ups ready, and `serve` makes them behind it.
    """

    services: Services
    body: dict[str, Any]
    channel: str
    person: Callable[[], Awaitable[User]]
    authorise: Authorise


def rails(bolt: AsyncBoltContext) -> Rails:
    """Return bolt's context as our middleware has filled it."""
    return cast("Rails", bolt)


@dataclass(frozen=True, slots=True)
class CommandContext:
    """A command, a click, a modal or a look at the home, from a person who may use the app.

    Attributes:
        bolt: What bolt knows about it, and what our middleware added.
        strings: The person's language.
        country: Where numbers that they type without a country code are from, or None.
        view_id: The modal that was opened at once, to be filled, or empty.
    """

    bolt: AsyncBoltContext
    strings: Strings
    country: str | None
    view_id: str = ""

    @property
    def services(self) -> Services:
        """The parts of the app."""
        return rails(self.bolt)["services"]

    @property
    def body(self) -> dict[str, Any]:
        """What Slack sent."""
        return rails(self.bolt)["body"]

    @property
    def user_id(self) -> str:
        """Who asks."""
        return str(self.bolt.user_id)

    @property
    def channel_id(self) -> str:
        """Where they ask, or empty."""
        return rails(self.bolt)["channel"]

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
        if self.view_id:
            await self._fill(message_view(content, self.strings))
        elif "event" in self.body:
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
        """Open a modal, or fill the one that was opened at once."""
        view = with_channel(view, self.channel_id)
        if self.view_id:
            await self._fill(view)
        else:
            await self.services.slack.views_open(trigger_id=self.body["trigger_id"], view=view)

    async def _fill(self, view: Block) -> None:
        try:
            await self.services.slack.views_update(view_id=self.view_id, view=view)
        except SLACK_ERRORS as error:
            # The person has closed it.
            if slack_code(error) != "not_found":
                raise

    def audit(
        self,
        action: AuditAction,
        ref: DeviceRef,
        outcome: AuditOutcome = AuditOutcome.DONE,
        **more: str | None,
    ) -> None:
        """Write a line of the audit log."""
        AuditEvent(self.user_id, action, ref.account, ref.device_id).log(outcome, **more)

    def audit_alerts(self, action: AuditAction, scope: MuteScope, **more: str | None) -> None:
        """Write a line of the audit log about alerts: whose, and of which kind."""
        ref = DeviceRef(scope.account, scope.device_id or "")
        self.audit(action, ref, AuditOutcome.DONE, kind=scope.kind, **more)

    async def _respond(self, content: Content, **how: str | bool) -> None:
        """Answer at the ``response_url``; if Slack takes nothing there, in a direct message."""
        payload = {"text": content.text, "blocks": content.blocks, **how}
        if await self.services.responder.respond(self.body["response_url"], payload) is not None:
            await self._send_directly(content)

    async def _send_directly(self, content: Content) -> None:
        with answering():
            await self.services.direct.send(self.user_id, content)


def channel_of(body: dict[str, Any]) -> str:
    """Return the channel where somebody asks, or empty; a modal knows where it was asked for."""
    channel = body.get("channel_id") or (body.get("channel") or {}).get("id")
    metadata = (body.get("view") or {}).get("private_metadata") or ""
    return str(channel or read_metadata(metadata).channel)


def value_of(bolt: AsyncBoltContext) -> str:
    """Return what the clicked button stands for."""
    return str(rails(bolt)["body"]["actions"][0].get("value", ""))


def device_of(bolt: AsyncBoltContext) -> DeviceRef:
    """Return the device that the clicked button is about; more may stand behind it."""
    account, device_id, *_ = value_of(bolt).split(" ")
    return DeviceRef(account, device_id)
