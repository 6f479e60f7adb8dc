"""How the app is set up: by the environment, a ``.env`` file, or ``wuts-slack.toml``."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from wuts import DEFAULT_BASE_URL

PREFIX = "WUTS_SLACK_"
TOML_FILE = "wuts-slack.toml"
MONITOR_PORT = 9464
"""Where metrics are by default: the port that Prometheus exporters of OpenTelemetry use."""

SHORTEST_SECRET = 16
"""Characters: a shorter secret could be guessed."""


class Mode(StrEnum):
    """How Slack reaches the app."""

    SOCKET = "socket"
    HTTP = "http"


class LogFormat(StrEnum):
    """How a line of the log looks."""

    TEXT = "text"
    JSON = "json"


def _split(value: object) -> object:
    """Read a list from a variable: by commas, or as JSON."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    return json.loads(text) if text.startswith("[") else text.replace(",", " ").split()


def _bot_token(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().startswith("xoxb-"):
        raise ValueError("a bot token begins with xoxb-")
    return value


def _app_token(value: SecretStr) -> SecretStr:
    if value and not value.get_secret_value().startswith("xapp-"):
        raise ValueError("an app-level token begins with xapp-")
    return value


def _long_enough(value: SecretStr) -> SecretStr:
    if 0 < len(value) < SHORTEST_SECRET:
        raise ValueError(f"it needs {SHORTEST_SECRET} characters or more")
    return value


# No `type` statements: pydantic-settings does not look for NoDecode behind them.
AccountName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
_UserId = Annotated[str, StringConstraints(pattern=r"^[UW][A-Z0-9]+$")]
_GroupId = Annotated[str, StringConstraints(pattern=r"^S[A-Z0-9]+$")]
_ChannelId = Annotated[str, StringConstraints(pattern=r"^[CG][A-Z0-9]+$")]
_UserIds = Annotated[frozenset[_UserId], NoDecode, BeforeValidator(_split)]
_GroupIds = Annotated[frozenset[_GroupId], NoDecode, BeforeValidator(_split)]
_ChannelIds = Annotated[frozenset[_ChannelId], NoDecode, BeforeValidator(_split)]


class AccountSettings(BaseModel):
    """One account of a gateway.

    Attributes:
        token: The account's token.
        url: The gateway's address.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    token: SecretStr = Field(min_length=1)
    url: str = DEFAULT_BASE_URL


class Settings(BaseSettings):
    """The settings of the app. Each is also a variable, such as ``WUTS_SLACK_BOT_TOKEN``.

    Attributes:
        bot_token: Slack's bot token (``xoxb-…``).
        app_token: Slack's app-level token (``xapp-…``), for Socket Mode.
        signing_secret: Slack's signing secret, for HTTP mode.
        mode: How Slack reaches the app.
        host: Where HTTP mode listens.
        port: The same.
        accounts: The gateways' accounts, by the name that people use for them.
        allow_users: Ids of the users who may use the app.
        allow_user_groups: Ids of user groups whose members may.
        allow_channels: Ids of channels whose members may.
        alert_channel: The id of the channel that alerts go to, or empty for none.
        alert_language: The alerts' language, ``en`` or ``pt-BR``.
        store: Where to keep what must survive a restart: SQLite's or PostgreSQL's address.
        webhook_secret: What the gateway's webhooks must send in the header ``X-WUTS-Secret``;
            empty to take none.
        monitor_host: Where ``/healthz`` and ``/metrics`` are.
        monitor_port: The same; 0 for any port that is free.
        log_format: Lines for people, or JSON for programs.
        slack_url: Slack's own address; another one is for tests.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_file=".env",
        dotenv_filtering="match_prefix",
        toml_file=TOML_FILE,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    bot_token: Annotated[SecretStr, AfterValidator(_bot_token)]
    app_token: Annotated[SecretStr, AfterValidator(_app_token)] = SecretStr("")
    signing_secret: SecretStr = SecretStr("")
    mode: Mode = Mode.SOCKET
    host: str = "127.0.0.1"
    port: int = Field(default=3000, ge=0, le=65535)
    accounts: dict[AccountName, AccountSettings] = Field(min_length=1)
    allow_users: _UserIds = frozenset()
    allow_user_groups: _GroupIds = frozenset()
    allow_channels: _ChannelIds = frozenset()
    alert_channel: str = Field(default="", pattern=r"^([CG][A-Z0-9]+)?$")
    alert_language: Literal["en", "pt-BR"] = "en"
    store: SecretStr = SecretStr("sqlite:///wuts-slack.db")
    webhook_secret: Annotated[SecretStr, AfterValidator(_long_enough)] = SecretStr("")
    monitor_host: str = "127.0.0.1"
    monitor_port: int = Field(default=MONITOR_PORT, ge=0, le=65535)
    log_format: LogFormat = LogFormat.TEXT
    slack_url: str = "https://slack.com/api/"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment go before ``.env``, and that before the TOML file."""
        toml = TomlConfigSettingsSource(settings_cls)
        return init_settings, env_settings, dotenv_settings, file_secret_settings, toml

    @model_validator(mode="after")
    def _has_what_its_mode_needs(self) -> Settings:
        if self.mode is Mode.SOCKET and not self.app_token:
            raise ValueError("app_token is needed in Socket Mode: create one in Slack (xapp-…)")
        if self.mode is Mode.HTTP and not self.signing_secret:
            raise ValueError("signing_secret is needed in HTTP mode: copy it from Slack")
        return self

    def secrets(self) -> list[str]:
        """Return what must never be shown."""
        own = (self.bot_token, self.app_token, self.signing_secret, self.webhook_secret)
        tokens = [account.token for account in self.accounts.values()]
        return [secret.get_secret_value() for secret in (*own, *tokens) if secret]
