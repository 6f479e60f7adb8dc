"""The manifest that creates the app in Slack, for one's own settings."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field, SecretStr

from wuts.settings_file import AccountName

from .blocks.names import Shortcut
from .messages.parser import SLASH
from .settings import AccountSettings, Mode, Settings, SettingsError
from .slack.connection import EVENTS_PATH
from .slack.scopes import needed_scopes

type Manifest = dict[str, Any]


class ManifestSettings(Settings):
    """The settings of an app that is yet to be created: it has no tokens, and needs no account."""

    bot_token: SecretStr = SecretStr("")
    accounts: dict[AccountName, AccountSettings] = Field(default_factory=dict)

    needs_tokens: ClassVar[bool] = False


def manifest_of(settings: Settings) -> Manifest:
    """Return the manifest (Slack reference, app manifests).

    Raises:
        SettingsError: In HTTP mode, Slack must know the app's address.
    """
    is_http = settings.mode is Mode.HTTP
    if is_http and not settings.public_url:
        raise SettingsError(
            "public_url (WUTS_SLACK_PUBLIC_URL): it is missing, and Slack must reach the "
            "app in HTTP mode. Set it to the address of the app's server, starting with "
            "https://."
        )
    url = f"{settings.public_url}{EVENTS_PATH}"
    own = {"url": url} if is_http else {}
    asked = {"request_url": url} if is_http else {}
    menus = {"message_menu_options_url": url} if is_http else {}
    return {
        "display_information": {
            "name": "WUTS",
            "description": "Pair and watch WhatsApp devices",
            "background_color": "#075e54",
        },
        "features": {
            "bot_user": {"display_name": "WUTS", "always_online": True},
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "shortcuts": [
                {
                    "name": "Pair a number",
                    "type": "global",
                    "callback_id": Shortcut.PAIR.value,
                    "description": "Link a phone to a device",
                },
                {
                    "name": "Check this number",
                    "type": "message",
                    "callback_id": Shortcut.CHECK.value,
                    "description": "Find out whether a number is on WhatsApp",
                },
            ],
            "slash_commands": [
                {
                    "command": SLASH,
                    **own,
                    "description": "Pair and watch WhatsApp devices",
                    "usage_hint": "pair | status | help",
                    "should_escape": False,
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": sorted(needed_scopes(settings))}},
        "settings": {
            "event_subscriptions": {**asked, "bot_events": ["app_home_opened"]},
            "interactivity": {"is_enabled": True, **asked, **menus},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not is_http,
            "token_rotation_enabled": False,
        },
    }
