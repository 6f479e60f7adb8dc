"""What happens in Slack without a click, one file for each."""

from slack_bolt.async_app import AsyncApp

from slack_app.services import Services

from . import home_opened


def register_events(app: AsyncApp, services: Services) -> None:
    """Listen to all events."""
    home_opened.register(app, services)
