"""One person asking one thing: let in or refused, answered or told what is wrong."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt.context.respond.async_respond import AsyncRespond

from wuts.errors import WutsError
from wuts.pairing import PairingInProgressError

from ..blocks.parts import Content, section
from ..messages import Words
from ..operations.audit import AuditOutcome, Deed, Errand
from ..services import Services
from ..slack.errors import SLACK_TROUBLES, problem, slack_code, slack_problem

_LOGGER = logging.getLogger(__name__)

_JUST_USE = Errand(Deed.USE)

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
    services: Services,
    user_id: str,
    answer: Answer,
    work: Work,
    errand: Errand = _JUST_USE,
) -> None:
    """Let a person in and do their work, or tell them why not. A refusal is audited.

    Args:
        services: The parts of the app.
        user_id: Who asks.
        answer: How to tell them something.
        work: What they ask for.
        errand: The same, for the audit log.
    """
    words = await services.people.words(user_id)
    visit = Visit(user_id, words, answer)
    try:
        allowed = await services.permissions.allow(user_id)
    except SLACK_TROUBLES as error:
        _LOGGER.error("A permission could not be looked up: %s", slack_code(error))  # noqa: TRY400
        await visit.say(words.cannot_check_permission)
        return
    if not allowed:
        errand.audit(user_id, AuditOutcome.REFUSED)
        await visit.say(words.refused)
        return
    try:
        await work(visit)
    except PairingInProgressError as error:
        errand.audit(user_id, AuditOutcome.IN_PROGRESS)
        await visit.say(problem(error, words))
    except WutsError as error:
        await visit.say(problem(error, words))
    except SLACK_TROUBLES as error:
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


def beside(services: Services, body: dict[str, Any], respond: AsyncRespond) -> Answer:
    """Return a private answer to a click: beside it, or by direct message where there is no beside.

    The app's home has no place for answers.
    """
    if body.get("response_url"):
        return privately(respond)
    return ByDirectMessage(services, user_of(body))


@dataclass(frozen=True, slots=True)
class ByDirectMessage:
    """An answer in the person's direct messages, for windows and homes, which have no channel."""

    services: Services
    user_id: str

    async def __call__(self, content: Content) -> None:
        """Post it."""
        slack = self.services.slack
        opened = await slack.conversations_open(users=self.user_id)
        channel = str(opened["channel"]["id"])
        await slack.chat_postMessage(channel=channel, text=content.text, blocks=content.blocks)


def user_of(body: dict[str, Any]) -> str:
    """Return who sent a click or a window."""
    return str(body["user"]["id"])
