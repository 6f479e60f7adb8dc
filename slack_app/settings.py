"""How the app is set up: by the environment, a ``.env`` file, or ``wuts-slack.toml``.

`load_settings` reads all three, and says in one line what to do about each setting that is wrong.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import tomllib
from enum import StrEnum
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Literal, override

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings import SettingsError as UnreadableError

from wuts import DEFAULT_BASE_URL, WutsClient
from wuts.check_budget import DEFAULT_LIMIT
from wuts.errors import WutsConfigError
from wuts.http.aiohttp_transport import aiohttp_transport
from wuts.http.tls import tls_context
from wuts.phone_numbers import known_country

PREFIX = "WUTS_SLACK_"
TOML_FILE = "wuts-slack.toml"
FILE_VARIABLE = f"{PREFIX}CONFIG"
"""Names another file than ``wuts-slack.toml`` in the working directory."""

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


def _begins_with(prefix: str, what: str, *, or_empty: bool = False) -> AfterValidator:
    def check(value: SecretStr) -> SecretStr:
        is_good = value.get_secret_value().startswith(prefix) or (or_empty and not value)
        if not is_good:
            raise ValueError(f"{what} begins with {prefix}")
        return value

    return AfterValidator(check)


def _long_enough(value: SecretStr) -> SecretStr:
    if 0 < len(value) < SHORTEST_SECRET:
        raise ValueError(f"it needs {SHORTEST_SECRET} characters or more")
    return value


def _holds_certificates(path: Path | None) -> Path | None:
    try:
        tls_context(path)
    except WutsConfigError as error:
        raise ValueError(error.message) from None
    return path


def _is_country(value: str | None) -> str | None:
    country = known_country(value)
    if value is not None and country is None:
        raise ValueError("there is no such country")
    return country


# No `type` statements: pydantic-settings does not look for NoDecode behind them.
AccountName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
_UserId = Annotated[str, StringConstraints(pattern=r"^[UW][A-Z0-9]+$")]
_GroupId = Annotated[str, StringConstraints(pattern=r"^S[A-Z0-9]+$")]
_ChannelId = Annotated[str, StringConstraints(pattern=r"^[CG][A-Z0-9]+$")]
_UserIds = Annotated[frozenset[_UserId], NoDecode, BeforeValidator(_split)]
_GroupIds = Annotated[frozenset[_GroupId], NoDecode, BeforeValidator(_split)]
_ChannelIds = Annotated[frozenset[_ChannelId], NoDecode, BeforeValidator(_split)]
_CaFile = Annotated[
    Path | None,
    BeforeValidator(lambda value: value or None),
    AfterValidator(_holds_certificates),
]
_Country = Annotated[
    str | None, BeforeValidator(lambda value: value or None), AfterValidator(_is_country)
]


class AccountSettings(BaseModel):
    """One account of a gateway.

    Attributes:
        token: The account's token.
        url: The gateway's address.
        ca_file: Certificates in PEM form of authorities to trust besides the usual ones.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    token: SecretStr = Field(min_length=1)
    url: str = DEFAULT_BASE_URL
    ca_file: _CaFile = None

    def client(self) -> WutsClient:
        """Return a client for the account, to be opened.

        Raises:
            WutsConfigError: The token or the address is not usable.
        """
        token = self.token.get_secret_value()
        return WutsClient(
            token, base_url=self.url, ca_file=self.ca_file, http_transport=aiohttp_transport
        )


class _TomlSource(TomlConfigSettingsSource):
    """Reads a file that may begin with a byte-order mark, as editors on Windows write it."""

    @override
    def _read_file(self, file_path: Path | Traversable) -> dict[str, Any]:
        return tomllib.loads(file_path.read_text(encoding="utf-8-sig"))


class Settings(BaseSettings):
    """The settings of the app; ``wuts-slack.example.toml`` explains each.

    Each is also a variable, such as ``WUTS_SLACK_BOT_TOKEN``.
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
    alert_language: Literal["en", "pt-BR"] = "en"
    store: SecretStr = SecretStr("sqlite:///wuts-slack.db")
    check_budget: int = Field(default=DEFAULT_LIMIT, ge=0)
    country: _Country = None
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
        toml = _TomlSource(settings_cls)
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


_PLACE = re.compile(r"line \d+, column \d+")

_WHAT_TO_DO = {
    "bot_token": "Copy the bot token (xoxb-…) from the app's page in Slack, OAuth & Permissions.",
    "app_token": "Create an app-level token (xapp-…) in Slack, Basic Information of the app.",
    "accounts": (
        f"Name an account of the gateway: [accounts.home] with a token in {TOML_FILE}, or "
        f"{PREFIX}ACCOUNTS__HOME__TOKEN. Names have small letters, digits, - and _."
    ),
    "token": "Write the account's token of the gateway.",
    "ca_file": "",
    "check_budget": "Write how many numbers may be checked in an hour, or 0 for no limit.",
    "country": "Write its two letters (ISO 3166), such as BR.",
    "allow_users": 'Write ids of users (U…): "Copy member ID" in the menu of a profile.',
    "allow_user_groups": "Write ids of user groups (S…).",
    "allow_channels": "Write ids of channels (C…), as the end of a channel's details shows.",
    "alert_channel": "Write the id of a channel (C…), as the end of the channel's details shows.",
    "alert_language": "Write en or pt-BR.",
    "mode": "Write socket or http.",
    "log_format": "Write text or json.",
    "port": "Write a number up to 65535.",
    "monitor_port": "Write a number up to 65535.",
    "webhook_secret": "Make a long random one, such as `openssl rand -hex 32` prints.",
}


class SettingsError(Exception):
    """The settings cannot be used; the message has one line for each that is wrong."""


def load_settings(file: Path | None = None) -> Settings:
    """Return the settings of this process.

    Args:
        file: The TOML file to read; unless given the one that ``WUTS_SLACK_CONFIG`` names, or
            else ``wuts-slack.toml`` if there is one.

    Raises:
        SettingsError: One is missing or wrong. The message repeats no value.
    """
    named = str(file) if file else os.environ.get(FILE_VARIABLE)
    path = Path(named or TOML_FILE)
    if named:
        _check_readable(path)

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=path)

    try:
        settings = FromFile()
    except ValidationError as error:
        lines = [_line(one) for one in error.errors(include_input=False)]
        raise SettingsError("\n".join(lines)) from None
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        where = f" ({place[0]})" if place else ""
        raise SettingsError(f"{path} is not TOML{where}. Correct it there.") from None
    except UnreadableError:
        raise SettingsError(
            f"A variable {PREFIX}ACCOUNTS is not JSON. Write {PREFIX}ACCOUNTS__NAME__TOKEN instead."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise SettingsError(f"The settings' file cannot be read: {reason}.") from None
    _refuse_unknown_variables()
    return settings


def _check_readable(path: Path) -> None:
    try:
        with path.open("rb"):
            return
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from None


def _refuse_unknown_variables() -> None:
    """A variable with a typing mistake would be ignored, and nobody would know."""
    for variable in os.environ:
        name = variable.upper()
        if not name.startswith(PREFIX) or name == FILE_VARIABLE:
            continue
        setting = name.removeprefix(PREFIX).partition("__")[0].lower()
        if setting not in Settings.model_fields:
            raise SettingsError(f"{variable}: there is no such setting.{_did_you_mean(setting)}")


def _did_you_mean(setting: str) -> str:
    near = difflib.get_close_matches(setting, Settings.model_fields, n=1)
    return f" Did you mean {near[0]} ({PREFIX}{near[0].upper()})?" if near else ""


def _line(error: ErrorDetails) -> str:
    place = [str(part) for part in error["loc"]]
    problem = error["msg"].removeprefix("Value error, ")
    if not place:
        return problem
    known = {*Settings.model_fields, *AccountSettings.model_fields}
    names = [part for part in place if part in known]
    setting = place[0]
    if setting not in Settings.model_fields:
        return f"{setting}: there is no such setting.{_did_you_mean(setting)}"
    advice = _WHAT_TO_DO.get(names[-1], "")
    shown = f"{setting} ({PREFIX}{setting.upper()})"
    if error["type"] == "missing":
        problem = "it is missing" if len(place) == 1 else f"{'.'.join(place[1:])} is missing"
    elif error["type"] == "extra_forbidden":
        problem = f"there is no {place[-1]} in it"
    return f"{shown}: {problem.removesuffix('.')}. {advice}".rstrip()
