"""What every request goes through: our middleware of bolt's, then `serve`.

Bolt answers Slack behind its middleware, and Slack waits for three seconds only. So the middleware
drops repetitions and holds the look-ups of a person's language and permission ready; `serve` makes
them behind the acknowledgement, and beside the opening of a modal.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from wuts.errors import WutsError
from wuts.pairing import PairingInProgressError

from ..blocks.errors import error_text
from ..blocks.modals import loading_view
from ..devices.device import DeviceRef
from ..messages import EN, Strings
from ..operations.audit import (
    AuditAction,
    AuditEvent,
    AuditOutcome,
    Effect,
    Recording,
    effect_of,
    recording,
)
from ..people.permissions import Verdict
from ..slack.answers import text_at
from ..slack.errors import (
    SLACK_ERRORS,
    NotOwnerError,
    SlackFailure,
    slack_code,
    slack_error_of,
)
from ..slack.words import slack_text
from .context import CommandContext, Services, channel_of, rails

_LOGGER = logging.getLogger(__name__)

REMEMBERED = 10_000
"""How many interactions are remembered."""

type Handler = Callable[[CommandContext], Awaitable[None]]

type Next = Callable[[], Awaitable[BoltResponse]]


class Deduplication:
    """Its `let_through` is a bolt middleware that lets each interaction through once.

    Slack repeats what it thinks was lost, and so may others. Two are the same when they have the
    same ``trigger_id``, or as events the same ``event_id``.
    """

    def __init__(self) -> None:
        self._seen: dict[str, None] = {}

    async def let_through(self, body: dict[str, Any], next_: Next) -> BoltResponse | None:
        """Pass on what is new; acknowledge a repetition, and drop it."""
        key = body.get("trigger_id") or body.get("event_id")
        if not key:
            return await next_()
        if key in self._seen:
            return BoltResponse(status=200, body="")
        self._seen[key] = None
        if len(self._seen) > REMEMBERED:
            del self._seen[next(iter(self._seen))]
        return await next_()


def provide(services: Services) -> Callable[..., Awaitable[BoltResponse]]:
    """Return a bolt middleware that puts our parts, what Slack sent, and from where into context.

    The channel is the audit log's, and that of what a command subscribes.
    """

    async def middleware(
        context: AsyncBoltContext, body: dict[str, Any], next_: Next
    ) -> BoltResponse:
        context["services"], context["body"] = services, body
        context["channel"] = channel_of(body)
        return await next_()

    return middleware


def identify(services: Services) -> Callable[..., Awaitable[BoltResponse]]:
    """Return a bolt middleware that puts the person's language and permission into context.

    Both are look-ups that `serve` awaits once Slack has its acknowledgement.
    """

    async def middleware(context: AsyncBoltContext, next_: Next) -> BoltResponse:
        user_id = str(context.user_id)
        context["person"] = partial(services.users.person, user_id)
        context["authorise"] = partial(services.permissions.decide, user_id)
        return await next_()

    return middleware


async def serve(
    bolt: AsyncBoltContext,
    handle: Handler,
    action: AuditAction = AuditAction.USE,
    ref: DeviceRef | None = None,
    *,
    opens: bool = False,
) -> None:
    """Let a person in and handle what they ask for, or tell them why not.

    A refusal is audited, and so is a change that failed.

    Args:
        bolt: The request.
        handle: Does what they ask for.
        action: The same, for the audit log.
        ref: The device it is about, if known.
        opens: Whether it opens a modal: that is open before anything is looked up.
    """
    services = rails(bolt)["services"]
    strings = services.users.language(str(bolt.user_id)) or EN
    context = CommandContext(bolt, strings, None)
    with recording(rails(bolt)["channel"]) as lines:
        try:
            context, refusal = await _identify(context, action, opens=opens)
            event = _event(context, action, ref)
            if refusal is None:
                await _handle(context, handle, event, lines)
            else:
                event.log(AuditOutcome.REFUSED)
                await context.say(refusal)
        except Exception as error:  # noqa: BLE001 - a bug must not leave the person without an answer
            services.background.report("requests", error)
            await context.say(context.strings.problem_app)


async def _identify(
    context: CommandContext, action: AuditAction, *, opens: bool
) -> tuple[CommandContext, str | None]:
    """Return the request with the person's language and modal, and why it is refused, or None."""
    bolt, services = context.bolt, context.services
    is_unknown = services.permissions.known(context.user_id) is None
    view_id, person, verdict = await asyncio.gather(
        _open_at_once(context, opens=opens and is_unknown),
        rails(bolt)["person"](),
        _verdict(bolt, fresh=effect_of(action) is Effect.DESTROYS),
    )
    found = CommandContext(bolt, person.strings, person.country, view_id)
    return found, _refusal(verdict, context.user_id, person.strings)


async def _open_at_once(context: CommandContext, *, opens: bool) -> str:
    """Open a modal to be filled, and return its id, or an empty text."""
    if not opens:
        return ""
    slack, users = context.services.slack, context.services.users
    view = loading_view(users.language(context.user_id))
    try:
        answer = await slack.views_open(trigger_id=context.body["trigger_id"], view=view)
        return text_at(answer, "view", "id")
    except SLACK_ERRORS as error:
        _LOGGER.warning("Slack did not open a modal: %s", slack_code(error))
        return ""


async def _verdict(bolt: AsyncBoltContext, *, fresh: bool) -> Verdict | SlackFailure:
    """Return whether the person may use the app, or why Slack does not say."""
    try:
        return await rails(bolt)["authorise"](fresh=fresh)
    except SLACK_ERRORS as error:
        failure = slack_error_of(error)
        _LOGGER.error("A permission could not be looked up: %s", failure.code)  # noqa: TRY400
        return failure


def _refusal(verdict: Verdict | SlackFailure, user_id: str, strings: Strings) -> str | None:
    """Return why somebody may not, and what to do about it; None for somebody who may."""
    match verdict:
        case SlackFailure():
            return f"{strings.cannot_check_permission} {slack_text(verdict, strings)}"
        case Verdict.MAY:
            return None
        case Verdict.NEEDS_OWN_ID:
            return f"{strings.refused} {strings.refused_needs_id.format(user=user_id)}"
    return strings.refused


def _event(context: CommandContext, action: AuditAction, ref: DeviceRef | None) -> AuditEvent:
    about = ("", "") if ref is None else (ref.account, ref.device_id)
    return AuditEvent(context.user_id, action, *about)


async def _handle(
    context: CommandContext, handle: Handler, event: AuditEvent, lines: Recording
) -> None:
    strings = context.strings
    try:
        await handle(context)
    except WutsError as error:
        if isinstance(error, PairingInProgressError):
            event.log(AuditOutcome.IN_PROGRESS)
        _failed(event, lines)
        await context.say(error_text(error, strings))
    except NotOwnerError:
        _failed(event, lines)
        await context.say(strings.problem_store)
    except SLACK_ERRORS as error:
        failure = slack_error_of(error)
        _LOGGER.error("Slack refused a call: %s", failure.code)  # noqa: TRY400 - no traceback
        _failed(event, lines)
        await context.say(slack_text(failure, strings))
    except Exception:
        _failed(event, lines)
        raise


def _failed(event: AuditEvent, lines: Recording) -> None:
    """Write that a change failed, unless a line says how it ended."""
    if not lines.lines and effect_of(event.action) is not Effect.READS:
        event.log(AuditOutcome.FAILED)
