"""How the app is set up: by the environment, a ``.env`` file, or ``wuts-slack.toml``.

`load_settings` reads all three, and says in one line what to do about each setting that is wrong.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, ClassVar
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    StringConstraints,
    model_validator,
)
from pydantic_settings import NoDecode, SettingsConfigDict

from wuts.check_budget import DEFAULT_LIMIT
from wuts.errors import InvalidInputError
from wuts.languages import ENGLISH
from wuts.operations.logs import LogFormat
from wuts.phone_numbers import known_country
from wuts.settings_file import (
    AccountName,
    AccountSettings,
    FileSettings,
    LongSecret,
    SettingsError,
    did_you_mean,
    read_settings,
)
from wuts.supervisor import SupervisorSettings
from wuts.supervisor.store.ownership import DEFAULT_LEASE, LONGEST_LEASE

from .messages import LANGUAGES
from .tables import ChannelId, RouteSettings, Supervision

__all__ = [
    "AccountSettings",
    "LogFormat",
    "Mode",
    "RouteSettings",
    "Settings",
    "SettingsError",
    "load_settings",
]

PREFIX = "WUTS_SLACK_"
TOML_FILE = "wuts-slack.toml"
FILE_VARIABLE = f"{PREFIX}CONFIG"
"""Names another file than ``wuts-slack.toml`` in the working directory."""

MONITOR_PORT = 9464
"""Where metrics are by default: the port that Prometheus exporters of OpenTelemetry use."""

_OURSELVES = {"localhost", "127.0.0.1", "::1"}
"""Hosts that nothing travels to."""


class Mode(StrEnum):
    """How Slack reaches the app."""

    SOCKET = "socket"
    HTTP = "http"


def _split(value: object) -> object:
    """Read a list from a variable: by commas, or as JSON."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if not text.startswith("["):
        return text.replace(",", " ").split()
    try:
        return json.loads(text)
    except ValueError:
        raise ValueError("it must be a list") from None


def _begins_with(prefix: str, what: str, *, or_empty: bool = False) -> AfterValidator:
    def check(value: SecretStr) -> SecretStr:
        is_good = value.get_secret_value().startswith(prefix) or (or_empty and not value)
        if not is_good:
            raise ValueError(f"{what} starts with {prefix}")
        return value

    return AfterValidator(check)


def _is_public(value: str) -> str:
    """Whoever sees a link may use it, so it must not travel in the open."""
    if not value:
        return value
    parts = urlsplit(value)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _OURSELVES)
    if not is_safe or not parts.hostname or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("it must be an https address")
    return value.rstrip("/")


def _is_language(value: str) -> str:
    if value not in LANGUAGES:
        raise ValueError("it is none of the app's languages")
    return value


def _is_country(value: str | None) -> str | None:
    country = known_country(value)
    if value is not None and country is None:
        raise ValueError("there is no such country")
    return country


# No `type` statements: pydantic-settings does not look for NoDecode behind them.
_UserId = Annotated[str, StringConstraints(pattern=r"^[UW][A-Z0-9]+$")]
_GroupId = Annotated[str, StringConstraints(pattern=r"^S[A-Z0-9]+$")]
_UserIds = Annotated[frozenset[_UserId], NoDecode, BeforeValidator(_split)]
_GroupIds = Annotated[frozenset[_GroupId], NoDecode, BeforeValidator(_split)]
_ChannelIds = Annotated[frozenset[ChannelId], NoDecode, BeforeValidator(_split)]
_Country = Annotated[
    str | None, BeforeValidator(lambda value: value or None), AfterValidator(_is_country)
]


class Settings(FileSettings):
    """The settings of the app; ``wuts-slack.example.toml`` explains each.

    Each is also a variable, such as ``WUTS_SLACK_BOT_TOKEN``.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        dotenv_filtering="match_prefix",
        toml_file=TOML_FILE,
    )

    advice: ClassVar[Mapping[str, str]] = {
        "bot_token": (
            "Copy the bot token (xoxb-…) from the app's page in Slack, OAuth & Permissions."
        ),
        "app_token": "Create an app-level token (xapp-…) in Slack, Basic Information of the app.",
        "check_budget": "Set how many numbers can be checked per hour, or 0 for no limit.",
        "country": "Use its two letters (ISO 3166), such as BR.",
        "allow_users": 'Use the ids of users (U…): "Copy member ID" in the menu of a profile.',
        "allow_user_groups": "Use the ids of user groups (S…).",
        "allow_channels": "Use the ids of channels (C…), shown at the end of a channel's details.",
        "alert_channel": (
            "Use the id of a channel (C…), shown at the end of the channel's details."
        ),
        "alert_language": f"Use {' or '.join(LANGUAGES)}.",
        "routes": (
            "Add a [[routes]] for each channel, as docs/slack.md shows: with a channel "
            "(C…), and as mention the id of a user group (S…) or of a user (U…), here or "
            "channel."
        ),
        "supervision": "Use numbers, as docs/slack.md shows. Times are in seconds.",
        "host": "Use the address to listen at, such as 127.0.0.1.",
        "monitor_host": "Use the address to listen at, such as 127.0.0.1.",
        "signing_secret": "Copy it from the app's page in Slack, Basic Information.",
        "store": "Use sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE.",
        "slack_url": "Remove it: only tests need it.",
        "lease": "Use a number of seconds above zero.",
        "mode": "Use socket or http.",
        "log_format": "Use text or json.",
        "port": "Use a number up to 65535.",
        "monitor_port": "Use a number up to 65535.",
        "public_url": "Use the address at which browsers reach the app. It starts with https://.",
        "public_proxies": "Set how many proxies are in front of the app's server.",
        "link_minutes": "Use a number from 1 to 1440.",
        "webhook_secret": "Create a long random one, such as `openssl rand -hex 32` prints.",
    }

    bot_token: Annotated[SecretStr, _begins_with("xoxb-", "a bot token")]
    app_token: Annotated[SecretStr, _begins_with("xapp-", "an app-level token", or_empty=True)] = (
        SecretStr("")
    )
    signing_secret: SecretStr = SecretStr("")
    mode: Mode = Mode.SOCKET
    host: str = "127.0.0.1"
    port: int = Field(default=3000, ge=0, le=65535)
    accounts: dict[AccountName, AccountSettings] = Field(min_length=1)
    allow_users: _UserIds = frozenset()
    allow_user_groups: _GroupIds = frozenset()
    allow_channels: _ChannelIds = frozenset()
    alert_channel: str = Field(default="", pattern=r"^([CG][A-Z0-9]+)?$")
    alert_language: Annotated[str, AfterValidator(_is_language)] = ENGLISH
    supervision: Supervision = Field(default_factory=Supervision)
    routes: tuple[RouteSettings, ...] = ()
    store: SecretStr = SecretStr("sqlite:///wuts-slack.db")
    lease: float = Field(default=DEFAULT_LEASE, gt=0, le=LONGEST_LEASE)
    check_budget: int = Field(default=DEFAULT_LIMIT, ge=0)
    country: _Country = None
    webhook_secret: LongSecret = SecretStr("")
    public_url: Annotated[str, AfterValidator(_is_public)] = ""
    public_proxies: int = Field(default=1, ge=0, le=10)
    link_minutes: int = Field(default=15, ge=1, le=24 * 60)
    monitor_host: str = "127.0.0.1"
    monitor_port: int = Field(default=MONITOR_PORT, ge=0, le=65535)
    log_format: LogFormat = LogFormat.TEXT
    slack_url: str = "https://slack.com/api/"

    needs_tokens: ClassVar[bool] = True
    """Whether the app is to run: it needs the tokens of its mode then."""

    @model_validator(mode="after")
    def _has_what_its_mode_needs(self) -> Settings:
        if not self.needs_tokens:
            return self
        if self.mode is Mode.SOCKET and not self.app_token:
            raise ValueError("app_token is needed in Socket Mode: create one in Slack (xapp-…)")
        if self.mode is Mode.HTTP and not self.signing_secret:
            raise ValueError("signing_secret is needed in HTTP mode: copy it from Slack")
        return self

    @model_validator(mode="after")
    def _supervision_makes_sense(self) -> Settings:
        try:
            self.supervisor_settings()
        except InvalidInputError as error:
            raise ValueError(f"supervision: {error.message}") from None
        return self

    @model_validator(mode="after")
    def _routes_name_its_accounts(self) -> Settings:
        for route in self.routes:
            if unknown := route.accounts - self.accounts.keys():
                raise ValueError(
                    f"routes: there is no account {min(unknown)}. Use the name of an account."
                )
        return self

    def supervisor_settings(self) -> SupervisorSettings:
        """Return how devices are watched.

        Raises:
            InvalidInputError: The values make no sense together.
        """
        return SupervisorSettings(**self.supervision.model_dump())

    @property
    def alert_channels(self) -> list[str]:
        """The channels that the settings send alerts to."""
        named = [one for route in self.routes for one in (route.channel, route.escalate_channel)]
        return list(dict.fromkeys(one for one in [*named, self.alert_channel] if one))

    def secrets(self) -> list[str]:
        """Return what must never be shown."""
        own = (self.bot_token, self.app_token, self.signing_secret, self.webhook_secret)
        tokens = [account.token for account in self.accounts.values()]
        return [secret.get_secret_value() for secret in (*own, *tokens) if secret]


def load_settings(file: Path | None = None) -> Settings:
    """Return the settings of this process.

    Args:
        file: The TOML file to read; unless given the one that ``WUTS_SLACK_CONFIG`` names, or
            else ``wuts-slack.toml`` if there is one.

    Raises:
        SettingsError: One is missing or wrong. The message repeats no value.
    """
    return load_settings_of(Settings, file)


def load_settings_of[S: Settings](kind: type[S], file: Path | None = None) -> S:
    """Do as `load_settings` for settings of which others must be set."""
    settings = read_settings(kind, file)
    _refuse_unknown_variables()
    return settings


def _refuse_unknown_variables() -> None:
    """A variable with a typing mistake would be ignored, and nobody would know."""
    for variable in os.environ:
        name = variable.upper()
        if not name.startswith(PREFIX) or name == FILE_VARIABLE:
            continue
        setting = name.removeprefix(PREFIX).partition("__")[0].lower()
        if setting not in Settings.model_fields:
            guess = did_you_mean(Settings, setting)
            raise SettingsError(f"{variable}: there is no such setting.{guess}")
