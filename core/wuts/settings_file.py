"""Settings of an application, from variables or a TOML file; one line for each that is wrong.

It needs the package ``pydantic-settings``, which an application that uses this names itself.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources.abc import Traversable
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, ClassVar, override

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
)
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings import SettingsError as UnreadableError

from .client import DEFAULT_BASE_URL, WutsClient
from .errors import WutsConfigError
from .http.observer import OnCall
from .http.pool import MakeTransport
from .http.tls import tls_context

SHORTEST_SECRET = 16
"""Characters: a shorter secret could be guessed."""


class SettingsError(WutsConfigError):
    """The settings cannot be used; the message has one line for each that is wrong."""

    advice = "The settings are invalid."


def _holds_certificates(path: Path | None) -> Path | None:
    try:
        tls_context(path)
    except WutsConfigError as error:
        raise ValueError(error.message) from None
    return path


def _long_enough(value: SecretStr) -> SecretStr:
    if 0 < len(value) < SHORTEST_SECRET:
        raise ValueError(f"it needs {SHORTEST_SECRET} characters or more")
    return value


# No `type` statements: pydantic-settings does not look behind them.
LongSecret = Annotated[SecretStr, AfterValidator(_long_enough)]
AccountName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
_CaFile = Annotated[
    Path | None,
    BeforeValidator(lambda value: value or None),
    AfterValidator(_holds_certificates),
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

    def client(
        self, http_transport: MakeTransport | None, *, on_call: OnCall | None = None
    ) -> WutsClient:
        """Return a client for the account, to be opened.

        Args:
            http_transport: See `WutsClient`.
            on_call: See `WutsClient`.

        Raises:
            WutsConfigError: The token or the address is not usable.
        """
        return WutsClient(
            self.token.get_secret_value(),
            base_url=self.url,
            ca_file=self.ca_file,
            http_transport=http_transport,
            on_call=on_call,
        )


class _TomlSource(TomlConfigSettingsSource):
    """Reads a file that may begin with a byte-order mark, as editors on Windows write it."""

    @override
    def _read_file(self, file_path: Path | Traversable) -> dict[str, Any]:
        return tomllib.loads(file_path.read_text(encoding="utf-8-sig"))


class FileSettings(BaseSettings):
    """Settings in variables, which go before ``.env``, and that before a TOML file.

    Attributes:
        advice: By the name of a setting, what to do where it is wrong.
    """

    model_config = SettingsConfigDict(
        env_nested_delimiter="__", extra="forbid", frozen=True, hide_input_in_errors=True
    )

    advice: ClassVar[Mapping[str, str]] = {}

    @classmethod
    @override
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


_PLACE = re.compile(r"line \d+, column \d+")
_FIELD = re.compile(r'field "(\w+)"')


def read_settings[S: FileSettings](kind: type[S], file: Path | None = None) -> S:
    """Return the settings of this process.

    Args:
        kind: Which there are.
        file: The TOML file to read; unless given the one that the variable ``…CONFIG`` names, or
            else the one of that kind if it is there.

    Raises:
        SettingsError: One is missing or wrong. The message repeats no value.
    """
    prefix = kind.model_config.get("env_prefix", "")
    named = str(file) if file else os.environ.get(f"{prefix}CONFIG")
    path = Path(named or str(kind.model_config.get("toml_file")))
    if named:
        _check_readable(path)

    class FromFile(kind):  # type: ignore[valid-type,misc]
        model_config = SettingsConfigDict(toml_file=path)

    try:
        settings: S = FromFile()
    except ValidationError as error:
        lines = [_line(kind, one) for one in error.errors(include_input=False)]
        raise SettingsError("\n".join(lines)) from None
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        where = f" ({place[0]})" if place else ""
        raise SettingsError(f"{path} is not TOML{where}. Correct it there.") from None
    except UnreadableError as error:
        raise SettingsError(_unreadable(kind, error)) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise SettingsError(f"The settings file cannot be read: {reason}.") from None
    return settings


def did_you_mean(kind: type[FileSettings], setting: str) -> str:
    """Return a question about the setting with the nearest name, or nothing."""
    near = difflib.get_close_matches(setting, kind.model_fields, n=1)
    return f" Did you mean {near[0]} ({_variable(kind, near[0])})?" if near else ""


def _check_readable(path: Path) -> None:
    try:
        with path.open("rb"):
            return
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from None


def _unreadable(kind: type[FileSettings], error: UnreadableError) -> str:
    found = _FIELD.search(str(error))
    setting = found[1] if found and found[1] in kind.model_fields else "accounts"
    variable = _variable(kind, setting)
    instead = f" Use {variable}__NAME__TOKEN instead." if setting == "accounts" else ""
    return f"A variable {variable} is not JSON.{instead}"


def _place(parts: Sequence[int | str]) -> list[str]:
    """Return where something is: the second of several tables is 2.

    The index of anything but a table, and pydantic's mark of a key, say nothing to a person.
    """
    place: list[str] = []
    for part, following in pairwise([*parts, 0]):
        if isinstance(part, int) and isinstance(following, str):
            place.append(str(part + 1))
        elif isinstance(part, str) and part != "[key]":
            place.append(part)
    return place


def _line(kind: type[FileSettings], error: ErrorDetails) -> str:
    place = _place(error["loc"])
    problem = _problem(error)
    if not place:
        return problem
    setting = place[0]
    if setting not in kind.model_fields:
        return f"{setting}: there is no such setting.{did_you_mean(kind, setting)}"
    known = {*kind.model_fields, *AccountSettings.model_fields}
    names = [part for part in place if part in known]
    inside = place[1:]
    if error["type"] == "missing":
        problem = f"{'.'.join(inside) or 'it'} is missing"
        inside = []
    elif error["type"] == "extra_forbidden":
        problem = f"there is no {inside.pop()} in it"
    where = f"{'.'.join(inside)}: " if inside else ""
    shown = f"{setting} ({_variable(kind, setting)}): {where}"
    advice = {**_advice(kind), **kind.advice}.get(names[-1], "")
    end = "" if problem.endswith((".", "?")) else "."
    return f"{shown}{problem}{end} {advice}".rstrip()


_PROBLEMS = {
    "int": "it must be a whole number",
    "float": "it must be a number",
    "finite": "it must be a number",
    "decimal": "it must be a number",
    "bool": "it is neither true nor false",
    "string": "it must be text",
    "bytes": "it must be text",
    "path": "it must be a path",
    "url": "it must be an address",
    "enum": "there is no such choice",
    "literal": "there is no such choice",
    "dict": "it must be a table",
    "model": "it must be a table",
    "mapping": "it must be a table",
    "list": "it must be a list",
    "tuple": "it must be a list",
    "set": "it must be a list",
    "frozen": "it must be a list",
}
"""What is wrong, by how pydantic's name of an error begins: its sentences are for developers."""

_BOUNDS = {
    "greater_than": ("gt", "it must be above {}"),
    "greater_than_equal": ("ge", "it must be {} or more"),
    "less_than": ("lt", "it must be below {}"),
    "less_than_equal": ("le", "it must be {} at most"),
}


def _problem(error: ErrorDetails) -> str:
    """Return what is wrong in our words, whatever pydantic says; it repeats no value."""
    kind, about = error["type"], error.get("ctx", {})
    if kind == "value_error":
        return error["msg"].removeprefix("Value error, ")
    if kind in _BOUNDS:
        name, text = _BOUNDS[kind]
        return text.format(about.get(name))
    if kind in {"string_too_short", "too_short"}:
        return "it is empty"
    if kind == "string_pattern_mismatch":
        return "it has the wrong form"
    return _PROBLEMS.get(kind.partition("_")[0], "it is invalid")


def _advice(kind: type[FileSettings]) -> dict[str, str]:
    """Return what to do about the settings that all applications have."""
    return {
        "accounts": (
            "Add an account: [accounts.home] with a token in "
            f"{kind.model_config.get('toml_file')}, or "
            f"{_variable(kind, 'accounts')}__HOME__TOKEN. Names consist of lowercase "
            "letters, digits, - and _."
        ),
        "token": "Set the account's token.",
    }


def _variable(kind: type[FileSettings], setting: str) -> str:
    return f"{kind.model_config.get('env_prefix', '')}{setting.upper()}"
