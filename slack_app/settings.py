"""How the app is set up: by the environment, a ``.env`` file, or ``wuts-slack.toml``."""

import re
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from core import DEFAULT_BASE_URL

PREFIX = "WUTS_SLACK_"
TOML_FILE = "wuts-slack.toml"

type AccountName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]


class SettingsError(Exception):
    """The settings cannot be used; the message has one line for each that is wrong."""


class Mode(StrEnum):
    """How Slack reaches the app."""

    SOCKET = "socket"
    HTTP = "http"


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
        slack_url: Slack's own address; another one is for tests.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_file=".env",
        toml_file=TOML_FILE,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    bot_token: SecretStr = Field(min_length=1)
    app_token: SecretStr = SecretStr("")
    signing_secret: SecretStr = SecretStr("")
    mode: Mode = Mode.SOCKET
    host: str = "127.0.0.1"
    port: int = Field(default=3000, ge=0, le=65535)
    accounts: dict[AccountName, AccountSettings] = Field(min_length=1)
    allow_users: frozenset[str] = frozenset()
    allow_user_groups: frozenset[str] = frozenset()
    allow_channels: frozenset[str] = frozenset()
    alert_channel: str = ""
    alert_language: str = "en"
    store: SecretStr = SecretStr("sqlite:///wuts-slack.db")
    webhook_secret: SecretStr = SecretStr("")
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
        if self.mode is Mode.SOCKET and not self.app_token.get_secret_value():
            raise ValueError("app_token is needed in Socket Mode: create one in Slack (xapp-…)")
        if self.mode is Mode.HTTP and not self.signing_secret.get_secret_value():
            raise ValueError("signing_secret is needed in HTTP mode: copy it from Slack")
        return self


def load_settings() -> Settings:
    """Return the settings of this process.

    Raises:
        SettingsError: One is missing or wrong.
    """
    try:
        return Settings()
    except ValidationError as error:
        lines = [_line(one["loc"], one["msg"]) for one in error.errors(include_input=False)]
        raise SettingsError("\n".join(lines)) from None
    except ValueError as error:
        # A TOML file that is none; its own words may hold a secret.
        reason = re.sub(r":.*", "", str(error), flags=re.DOTALL)[:80]
        raise SettingsError(f"The settings cannot be read ({reason}). Check {TOML_FILE}.") from None


def _line(place: tuple[int | str, ...], problem: str) -> str:
    problem = problem.removeprefix("Value error, ")
    if not place:
        return problem
    name = PREFIX + "__".join(str(part).upper() for part in place)
    return f"{name}: {problem}"
