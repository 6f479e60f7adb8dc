"""Somebody looks at the app's home."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from slack_app.blocks.parts import Content
from slack_app.listeners.middleware import Visit, receive
from slack_app.services import Services

HOME = "home"


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the event; bolt acknowledges it."""

    @app.event("app_home_opened")
    async def on_open(event: dict[str, Any]) -> None:
        if event.get("tab", HOME) != HOME:
            return
        user_id = str(event["user"])

        async def answer(content: Content) -> None:
            await services.homes.shut(user_id, content.text)

        async def work(visit: Visit) -> None:
            await services.homes.open(visit.user_id)

        await receive(services, user_id, answer, work)
