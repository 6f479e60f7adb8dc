"""What happens in Slack without a click: somebody opens the App Home."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext

from .context import CommandContext
from .middleware import serve

_HOME = "home"


def register_events(app: AsyncApp) -> None:
    """Listen to the event; bolt acknowledges it."""

    @app.event("app_home_opened")
    async def on_open(context: AsyncBoltContext, event: dict[str, Any]) -> None:
        if event.get("tab", _HOME) == _HOME:
            await serve(context, _open_home)


async def _open_home(asked: CommandContext) -> None:
    await asked.services.app_home.open(asked.user_id)
