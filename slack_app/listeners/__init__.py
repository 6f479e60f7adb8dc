"""What Slack tells the app: commands, clicks, windows, menus, events; one file a callback.

Each has a ``register(app, services)``; `register_all` calls them all.
"""

from slack_bolt.async_app import AsyncApp

from slack_app.services import Services

from .actions import register_actions
from .commands import register_commands
from .events import register_events
from .options import register_options
from .views import register_views


def register_all(app: AsyncApp, services: Services) -> None:
    """Make the app listen."""
    for register in (
        register_commands,
        register_actions,
        register_options,
        register_views,
        register_events,
    ):
        register(app, services)
