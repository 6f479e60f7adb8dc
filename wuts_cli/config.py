"""The settings of ``wuts watch --config``: a TOML file and variables; its example explains each."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from wuts.errors import WutsConfigError
from wuts.operations.logs import LogFormat
from wuts.settings_file import (
    AccountName,
    AccountSettings,
    FileSettings,
    SettingsError,
    read_settings,
)
from wuts.supervisor.store.ownership import DEFAULT_LEASE, LONGEST_LEASE

from .service.listen import ADVICE as LISTEN_ADVICE
from .service.listen import ListenSettings

PREFIX = "WUTS_"
TOML_FILE = "wuts.toml"


class WatchConfig(FileSettings):
    """Which accounts to watch, and where to remember what must survive a restart.

    ``wuts.example.toml`` explains each. Each is also a variable, such as ``WUTS_STORE``.

    Attributes:
        store: The store's address, or None to remember nothing.
        lease: Seconds after which another process takes over from one that the store does not hear.
        accounts: The accounts by their names.
        listen: Where to answer, or None.
        log_format: How the log's lines look, or None for the usual log.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, toml_file=TOML_FILE)

    advice: ClassVar[Mapping[str, str]] = {
        "store": "Write sqlite:///FILE, or postgresql://USER:PASSWORD@HOST/DATABASE.",
        "lease": "Write a number of seconds above zero.",
        "listen": LISTEN_ADVICE,
        "log_format": "Write text or json.",
    }

    store: SecretStr | None = None
    lease: float = Field(default=DEFAULT_LEASE, gt=0, le=LONGEST_LEASE)
    accounts: dict[AccountName, AccountSettings] = Field(min_length=1)
    listen: ListenSettings | None = None
    log_format: LogFormat | None = None

    def secrets(self) -> list[str]:
        """Return what must never be shown, but for the store's."""
        return [account.token.get_secret_value() for account in self.accounts.values()]

    @property
    def address(self) -> str | None:
        """The store's address; it may hold a password."""
        return self.store.get_secret_value() or None if self.store else None


def read_config(file: Path) -> WatchConfig:
    """Return what a file and the environment say.

    Raises:
        SettingsError: Something is missing or wrong. The message has a line for each, and no value.
    """
    config = read_settings(WatchConfig, file)
    lines = [
        f"accounts ({PREFIX}ACCOUNTS): {name}: {problem}"
        for name, account in config.accounts.items()
        if (problem := _problem(account)) is not None
    ]
    if lines:
        raise SettingsError("\n".join(lines))
    return config


def _problem(account: AccountSettings) -> str | None:
    """Say what is wrong with a token or an address, before anything is watched."""
    try:
        account.client(None)
    except WutsConfigError as error:
        return error.message
    return None
