"""What happens to a request whose listener or middleware broke: logged, counted, answered."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from .context import CommandContext, Services


def register_failures(app: AsyncApp, services: Services) -> None:
    """Take what nobody else has caught, for every request.

    Bolt's own handler logs the error's text, which may hold what a person typed, and leaves the
    person without an answer.
    """

    @app.error
    async def on_error(
        error: Exception, context: AsyncBoltContext, body: dict[str, Any]
    ) -> BoltResponse:
        services.background.report("requests", error)
        await _answer(services, context, body)
        # Slack would send an event again that was not acknowledged, and break it again.
        return BoltResponse(status=200, body="")


async def _answer(services: Services, context: AsyncBoltContext, body: dict[str, Any]) -> None:
    """Tell the person as well as can be; what fails here was reported already."""
    try:
        if not context.user_id:
            return
        context["services"], context["body"] = services, body
        strings = await services.users.strings(context.user_id)
        await CommandContext(context, strings, None).say(strings.problem_app)
    except Exception as error:  # noqa: BLE001 - there is nobody left to tell but the log
        services.background.report("answers", error)
