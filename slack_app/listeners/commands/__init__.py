"""The slash command ``/wuts``, and one file for what each of its words does."""

from slack_bolt.async_app import AsyncApp

from slack_app.services import Services

from . import wuts


def register_commands(app: AsyncApp, services: Services) -> None:
    """Listen to the slash command."""
    wuts.register(app, services)
