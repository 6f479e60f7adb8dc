"""Where the service listens: ``--listen``, and ``[listen]`` of ``wuts.toml`` or its variables."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, ClassVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import SettingsConfigDict

from wuts.page import is_page_address
from wuts.settings_file import FileSettings, LongSecret, read_settings
from wuts_cli.addresses import bracketed, is_any, is_loopback
from wuts_cli.errors import UsageError
from wuts_cli.settings import credential

PREFIX = "WUTS_"

ADVICE = (
    'Set address = "127.0.0.1:8080" under [listen]. token and webhook_secret are long '
    "random texts, such as `openssl rand -hex 32` prints. public_url starts with https://."
)

_ADDRESS = "Write it as HOST:PORT, such as 127.0.0.1:8080 or [::]:8080."
_HIGHEST_PORT = 65535


def _is_address(value: str) -> str:
    if value and _parts(value) is None:
        raise ValueError("it is not HOST:PORT")
    return value


def _is_public(value: str) -> str:
    if value and not is_page_address(value):
        raise ValueError("it must be an http or https address")
    return value.rstrip("/")


class ListenSettings(BaseModel):
    """What ``[listen]`` says.

    Attributes:
        address: ``HOST:PORT``; empty if only ``--listen`` says it.
        token: What people and programs must know to read, or empty: then only this machine may.
        public_url: How browsers reach the service, if a proxy is in front.
        public_proxies: How many proxies append to ``X-Forwarded-For``.
        webhook_secret: What the gateway must send in ``X-WUTS-Secret``; empty for no webhooks.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    address: Annotated[str, AfterValidator(_is_address)] = ""
    token: LongSecret = SecretStr("")
    public_url: Annotated[str, AfterValidator(_is_public)] = ""
    public_proxies: int = Field(default=0, ge=0, le=10)
    webhook_secret: LongSecret = SecretStr("")


class _Variables(FileSettings):
    """The same, where there is no file: ``WUTS_LISTEN__TOKEN`` and so on."""

    model_config = SettingsConfigDict(env_prefix=PREFIX)
    advice: ClassVar[Mapping[str, str]] = {"listen": ADVICE}

    listen: ListenSettings | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listen:
    """Where and for whom to listen.

    Attributes:
        host: The address.
        port: The same; 0 for any that is free.
        token: See `ListenSettings`; the other attributes as well.
        public_url: Where browsers reach the service, or empty.
        public_proxies: How many proxies to believe.
        webhook_secret: What the gateway sends.
    """

    host: str
    port: int
    token: str = field(default="", repr=False)
    public_url: str = ""
    public_proxies: int = 0
    webhook_secret: str = field(default="", repr=False)

    @property
    def is_private(self) -> bool:
        """Whether only programs of this machine can connect."""
        return is_loopback(self.host)

    @property
    def secrets(self) -> list[str]:
        """What must never be logged."""
        return [self.token, self.webhook_secret]

    def base_url(self, port: int) -> str | None:
        """Return how browsers reach the service; None if nobody said it.

        Args:
            port: The one that was free.
        """
        if self.public_url or not is_any(self.host):
            return self.public_url or f"http://{bracketed(self.host)}:{port}"
        return None


def read_listen(
    option: str | None, settings: ListenSettings | None, environment: Mapping[str, str] = os.environ
) -> Listen | None:
    """Return where to listen, or None if nobody wants that.

    Args:
        option: What ``--listen`` says; it goes before the settings.
        settings: What the configuration says. Without one, variables may say the same.
        environment: Holds them.

    Raises:
        UsageError: There is no address, or it is none.
        SettingsError: A variable is wrong.
    """
    if settings is None and any(name.startswith(f"{PREFIX}LISTEN__") for name in environment):
        settings = read_settings(_Variables, Path(os.devnull)).listen
    if settings is None and option is None:
        return None
    settings = settings or ListenSettings()
    address = _parts(option or settings.address)
    if address is None:
        where = "--listen" if option else "The address of [listen]"
        raise UsageError(f"{where} is not an address to listen at. {_ADDRESS}")
    host, port = address
    return Listen(
        host=host,
        port=port,
        token=settings.token.get_secret_value() or credential(environment, "wuts-listen-token"),
        public_url=settings.public_url,
        public_proxies=settings.public_proxies,
        webhook_secret=settings.webhook_secret.get_secret_value(),
    )


def _parts(text: str) -> tuple[str, int] | None:
    """Return an address's host and port, or None if it is none."""
    try:
        parts = urlsplit(f"//{text}")
        port = parts.port
    except ValueError:
        return None
    is_plain = parts.netloc == text and text.isprintable() and not set(text) & set(" @")
    if not is_plain or not parts.hostname or port is None or port > _HIGHEST_PORT:
        return None
    return parts.hostname, port
