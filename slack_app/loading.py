"""Reads the settings, and says of each that is wrong in one line what to do about it."""

import difflib
import os
import re
import tomllib
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableError

from .settings import PREFIX, TOML_FILE, Settings

FILE_VARIABLE = f"{PREFIX}CONFIG"
"""Names another file than ``wuts-slack.toml`` in the working directory."""

_PLACE = re.compile(r"line \d+, column \d+")

_WHAT_TO_DO = {
    "bot_token": "Copy the bot token (xoxb-…) from the app's page in Slack, OAuth & Permissions.",
    "app_token": "Create an app-level token (xapp-…) in Slack, Basic Information of the app.",
    "accounts": (
        f"Name an account of the gateway: [accounts.home] with a token in {TOML_FILE}, or "
        f"{PREFIX}ACCOUNTS__HOME__TOKEN. Names have small letters, digits, - and _."
    ),
    "token": "Write the account's token of the gateway.",
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
    names = [part for part in place if part.isidentifier() and part in _known_parts()]
    setting = place[0]
    if setting not in Settings.model_fields:
        return f"{setting}: there is no such setting.{_did_you_mean(setting)}"
    advice = _WHAT_TO_DO.get(names[-1], "")
    shown = f"{setting} ({PREFIX}{setting.upper()})"
    if error["type"] == "missing":
        problem = "it is missing" if len(place) == 1 else f"{'.'.join(place[1:])} is missing"
    elif error["type"] == "extra_forbidden":
        problem = f"there is no {place[-1]} in it"
    return f"{shown}: {problem}. {advice}".rstrip()


def _known_parts() -> set[str]:
    return {*Settings.model_fields, "token", "url"}
