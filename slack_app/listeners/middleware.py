"""What every request goes through: `Deduplication`, as bolt's middleware, then `serve`.

Bolt answers Slack behind its middleware, and Slack waits for three seconds only. So what has to
ask Slack first, a person's language and permission, comes after the acknowledgement.
"""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from wuts.errors import WutsError
from wuts.pairing import PairingInProgressError

from ..blocks.errors import error_text
from ..devices.device import DeviceRef
from ..messages import EN
from ..operations.audit import AuditAction, AuditEvent, AuditOutcome
from ..slack.errors import SLACK_ERRORS, NotOwnerError, slack_code, slack_error_of
from ..slack.words import slack_text
from .context import CommandContext, Services

_LOGGER = logging.getLogger(__name__)

REMEMBERED = 10_000
"""How many interactions are remembered."""

type Handler = Callable[[CommandContext], Awaitable[None]]


class Deduplication:
    """Its `let_through` is a bolt middleware that lets each interaction through once.

    Slack repeats what it thinks was lost, and so may others. Two are the same when they have the
    same ``trigger_id``, or as events the same ``event_id``.
    """

    def __init__(self) -> None:
        self._seen: dict[str, None] = {}

    async def let_through(
        self, body: dict[str, Any], next_: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse | None:
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


async def serve(
    bolt: AsyncBoltContext,
    handle: Handler,
    action: AuditAction = AuditAction.USE,
    ref: DeviceRef | None = None,
) -> None:
    """Let a person in and handle what they ask for, or tell them why not. A refusal is audited.

    Args:
        bolt: The request.
        handle: Does what they ask for.
        action: The same, for the audit log.
        ref: The device it is about, as far as it is known.
    """
    services: Services = bolt["services"]
    context = CommandContext(bolt, EN, None)
    try:
        person = await services.users.person(context.user_id)
        context = CommandContext(bolt, person.strings, person.country)
        await _serve(context, handle, action, ref)
    except Exception as error:  # noqa: BLE001 - a bug must not leave the person without an answer
        services.background.report("requests", error)
        await context.say(context.strings.problem_app)


async def _serve(
    context: CommandContext, handle: Handler, action: AuditAction, ref: DeviceRef | None
) -> None:
    services, strings = context.services, context.strings
    event = AuditEvent(context.user_id, action)
    if ref is not None:
        event = AuditEvent(context.user_id, action, ref.account, ref.device_id)
    try:
        allowed = await services.permissions.allow(context.user_id)
    except SLACK_ERRORS as error:
        _LOGGER.error("A permission could not be looked up: %s", slack_code(error))  # noqa: TRY400
        await context.say(strings.cannot_check_permission)
        return
    if not allowed:
        event.log(AuditOutcome.REFUSED)
        await context.say(strings.refused)
        return
    try:
        await handle(context)
    except WutsError as error:
        if isinstance(error, PairingInProgressError):
            event.log(AuditOutcome.IN_PROGRESS)
        await context.say(error_text(error, strings))
    except NotOwnerError:
        await context.say(strings.problem_store)
    except SLACK_ERRORS as error:
        failure = slack_error_of(error)
        _LOGGER.error("Slack refused a call: %s", failure.code)  # noqa: TRY400 - no traceback
        await context.say(slack_text(failure, strings))
