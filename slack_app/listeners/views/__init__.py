"""Windows that were filled in, one file for each."""

from slack_bolt.async_app import AsyncApp

from slack_app.services import Services

from . import pair_window, phone_window


def register_views(app: AsyncApp, services: Services) -> None:
    """Listen to all windows."""
    pair_window.register(app, services)
    phone_window.register(app, services)
