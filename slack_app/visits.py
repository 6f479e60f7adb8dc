"""One person asking one thing: let in or refused, answered or told what is wrong."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.errors import SlackApiError

from core.errors import WutsError

from .audit import AuditOutcome, Deed, audit
from .blocks.parts import Content, section
from .messages import Words
from .problems import problem, slack_code, slack_problem
from .services import Services

_LOGGER = logging.getLogger(__name__)

type Answer = Callable[[Content], Awaitable[None]]
type Work = Callable[[Visit], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Visit:
    """A person who may, and a way to answer them.

    Attributes:
        user_id: Who.
        words: Their language.
        answer: Shows them something that nobody else sees.
    """

    user_id: str
    words: Words
    answer: Answer

    async def say(self, text: str) -> None:
        """Answer with one paragraph."""
        await self.answer(Content(text, [section(text)]))


async def receive(
    services: Services, user_id: str, answer: Answer, work: Work, deed: Deed = Deed.USE
) -> None:
    """Let a person in and do their work, or tell them why not. A refusal is audited."""
    words = await services.people.words(user_id)
    visit = Visit(user_id, words, answer)
    try:
        allowed = await services.permissions.allow(user_id)
    except SlackApiError as error:
        _LOGGER.error("A permission could not be looked up: %s", slack_code(error))  # noqa: TRY400
        await visit.say(words.cannot_check_permission)
        return
    if not allowed:
        audit(user_id, deed, AuditOutcome.REFUSED)
        await visit.say(words.refused)
        return
    try:
        await work(visit)
    except WutsError as error:
        await visit.say(problem(error, words))
    except SlackApiError as error:
        _LOGGER.error("Slack refused a call: %s", slack_code(error))  # noqa: TRY400 - no traceback
        await visit.say(slack_problem(error, words))


def privately(respond: AsyncRespond) -> Answer:
    """Return an answer that only the asker sees, beside what they clicked on."""

    async def answer(content: Content) -> None:
        await respond(
            text=content.text,
            blocks=content.blocks,
            response_type="ephemeral",
            replace_original=False,
        )

    return answer


def by_direct_message(services: Services, user_id: str) -> Answer:
    """Return an answer in the person's direct messages, for windows, which have no channel."""

    async def answer(content: Content) -> None:
        opened = await services.slack.conversations_open(users=user_id)
        channel = str(opened["channel"]["id"])
        await services.slack.chat_postMessage(
            channel=channel, text=content.text, blocks=content.blocks
        )

    return answer


def user_of(body: dict[str, Any]) -> str:
    """Return who sent a click or a window."""
    return str(body["user"]["id"])


def value_of(body: dict[str, Any]) -> str:
    """Return the value of the button that was clicked."""
    return str(body["actions"][0].get("value", ""))
