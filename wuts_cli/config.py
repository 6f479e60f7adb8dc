"""The settings of ``wuts watch --config``: a TOML file and variables; its example explains each."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode, SettingsConfigDict

from wuts.errors import InvalidInputError, WutsConfigError
from wuts.operations.logs import LogFormat
from wuts.receivers import words_of
from wuts.settings_file import (
    AccountName,
    AccountSettings,
    FileSettings,
    SettingsError,
    read_settings,
)
from wuts.supervisor.store.ownership import DEFAULT_LEASE, LONGEST_LEASE

from .alerting import LANGUAGE, Alerting, each_of, told_of_all
from .route_settings import ReceiverSettings, RouteSettings, guess
from .service.listen import ADVICE as LISTEN_ADVICE
from .service.listen import ListenSettings

PREFIX = "WUTS_"
TOML_FILE = "wuts.toml"

# Addresses hold no blanks, but commas.
_Addresses = Annotated[
    tuple[SecretStr, ...],
    NoDecode,
    BeforeValidator(lambda value: value.split() if isinstance(value, str) else value),
]


class WatchConfig(FileSettings):
    """Which accounts to watch, whom to tell, and where to remember what must survive a restart.

    ``wuts.example.toml`` explains each. Each is also a variable, such as ``WUTS_STORE``.

    Attributes:
        store: The store's address, or None to remember nothing.
        lease: Seconds after which another process takes over from one that the store does not hear.
        accounts: The accounts by their names.
        listen: Where to answer, or None.
        log_format: How the log's lines look, or None for the usual log.
        notify: Addresses of receivers that get every alert.
        receivers: Further ones, by their names.
        routes: Which alerts those get; all of them get all alerts if there is no route.
        language: Of what receivers get.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, toml_file=TOML_FILE)

    advice: ClassVar[Mapping[str, str]] = {
        "store": "Use sqlite:///FILE, or postgresql://USER:PASSWORD@HOST/DATABASE.",
        "lease": "Use a number of seconds above zero.",
        "listen": LISTEN_ADVICE,
        "log_format": "Use text or json.",
        "notify": "Use addresses of receivers, such as mailto://….",
        "receivers": "Name them in [receivers.NAME], each with a url.",
        "language": "Use en or pt-BR.",
    }

    store: SecretStr | None = None
    lease: float = Field(default=DEFAULT_LEASE, gt=0, le=LONGEST_LEASE)
    accounts: dict[AccountName, AccountSettings] = Field(min_length=1)
    listen: ListenSettings | None = None
    log_format: LogFormat | None = None
    notify: _Addresses = ()
    receivers: dict[AccountName, ReceiverSettings] = Field(default_factory=dict)
    routes: tuple[RouteSettings, ...] = ()
    language: Literal["en", "pt-BR"] = LANGUAGE

    def secrets(self) -> list[str]:
        """Return what must never be shown, except the store's."""
        receivers = self.receivers.values()
        secrets = [
            *(account.token for account in self.accounts.values()),
            *self.notify,
            *(one.url for one in receivers),
            *(one.secret for one in receivers if one.secret),
        ]
        return [one.get_secret_value() for one in secrets]

    @property
    def address(self) -> str | None:
        """The store's address; it may hold a password."""
        return self.store.get_secret_value() or None if self.store else None

    def alerting(self, notify: Sequence[str] = (), *, dashboard_url: str | None = None) -> Alerting:
        """Return who gets what.

        Args:
            notify: Addresses that stand for those of ``notify``, if there are any.
            dashboard_url: Where receivers can see more.

        Raises:
            InvalidInputError: There can be no receiver at an address.
        """
        words = words_of(self.language)
        receivers = {
            name: one.receiver(words, dashboard_url) for name, one in self.receivers.items()
        }
        routes = [one.route() for one in self.routes] or each_of(receivers)
        addresses = notify or [one.get_secret_value() for one in self.notify]
        return told_of_all(
            addresses,
            Alerting(routes, receivers),
            language=self.language,
            dashboard_url=dashboard_url,
        )


def read_config(file: Path) -> WatchConfig:
    """Return what a file and the environment say.

    Raises:
        SettingsError: Something is missing or wrong. The message has a line for each, and no value.
    """
    config = read_settings(WatchConfig, file)
    lines = [*_account_problems(config), *_receiver_problems(config), *_route_problems(config)]
    if lines:
        raise SettingsError("\n".join(lines))
    return config


def _account_problems(config: WatchConfig) -> Iterator[str]:
    """Say what is wrong with a token or an address, before anything is watched."""
    for name, account in config.accounts.items():
        try:
            account.client(None)
        except WutsConfigError as error:
            yield f"accounts ({PREFIX}ACCOUNTS): {name}: {error.message}"


def _receiver_problems(config: WatchConfig) -> Iterator[str]:
    words = words_of(config.language)
    for name, receiver in config.receivers.items():
        try:
            receiver.receiver(words, None)
        except InvalidInputError as error:
            yield f"receivers ({PREFIX}RECEIVERS): {name}: {error.message}"
    try:
        told_of_all(one.get_secret_value() for one in config.notify)
    except InvalidInputError as error:
        yield f"notify ({PREFIX}NOTIFY): {error.message}"


def _route_problems(config: WatchConfig) -> Iterator[str]:
    for number, route in enumerate(config.routes, start=1):
        for setting, names, known in (
            ("receivers", route.receivers, list(config.receivers)),
            ("accounts", sorted(route.accounts), list(config.accounts)),
        ):
            # A name could be an address in the wrong place, so it is not repeated.
            for name in (one for one in names if one not in known):
                yield (
                    f"routes ({PREFIX}ROUTES): {number}.{setting}: there is none with that "
                    f"name.{guess(name, known)}"
                )
