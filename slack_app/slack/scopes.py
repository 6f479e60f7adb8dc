"""Which bot scopes the app needs, as it is set up."""

from ..settings import Settings
from .methods import SCOPES

SCOPES_HEADER = "x-oauth-scopes"
"""Where Slack tells a token's scopes (Slack reference, OAuth scopes)."""

_OF_CHANNELS = frozenset({"channels:read", "groups:read"})
_OF_GROUPS = frozenset({"usergroups:read"})


def needed_scopes(settings: Settings) -> frozenset[str]:
    """Return them: of channels and user groups nothing is read unless the settings name some."""
    mentioned = [
        one for route in settings.routes for one in (route.mention, route.escalate_mention)
    ]
    unneeded: frozenset[str] = frozenset()
    if not (settings.allow_channels or settings.alert_channels):
        unneeded |= _OF_CHANNELS
    if not (settings.allow_user_groups or any(one.startswith("S") for one in mentioned)):
        unneeded |= _OF_GROUPS
    return SCOPES - unneeded


def scopes_in(header: str) -> frozenset[str]:
    """Return the scopes that a header of Slack's names."""
    return frozenset(one for one in header.replace(" ", "").split(",") if one)
