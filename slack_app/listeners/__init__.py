"""What Slack tells the app: commands, buttons, modals, menus, events.

`register` makes a bolt app listen. Handlers are given a `CommandContext`; `serve` lets a person in.
"""

from slack_bolt.async_app import AsyncApp

from .actions import register_actions
from .commands import register_commands
from .context import Services
from .events import register_events
from .failures import register_failures
from .middleware import Deduplication, identify, provide
from .shortcuts import register_shortcuts
from .views import register_views

__all__ = ["Services", "register"]


def register(app: AsyncApp, services: Services) -> None:
    """Make the app listen."""
    register_failures(app, services)
    app.use(Deduplication().let_through)
    app.use(provide(services))
    app.use(identify(services))
    register_commands(app)
    register_actions(app)
    register_views(app)
    register_events(app)
    register_shortcuts(app)
