"""The token and the gateway, from the environment.

There is no option for the token: everybody on the machine can read a command line.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from wuts import DEFAULT_BASE_URL
from wuts.errors import WutsConfigError

LONGEST_TOKEN_FILE = 10_000
"""Characters read from a token's file, at most: a wrong file may be large."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The account's token, the gateway's address, and authorities to trust besides the usual."""

    token: str = field(repr=False)
    base_url: str
    ca_file: Path | None = None


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Return what the environment says; an empty variable counts as none.

    Raises:
        WutsConfigError: There is no token, or its file cannot be used.
    """
    token = environment.get("WUTS_TOKEN", "").strip()
    path = environment.get("WUTS_TOKEN_FILE", "")
    token = token or credential(environment, "wuts-token")
    if not token and not path:
        raise WutsConfigError(
            "There is no token. Set WUTS_TOKEN to it, or WUTS_TOKEN_FILE to a file that holds it."
        )
    return Settings(
        token=token or _read_secret(Path(path), "The file of WUTS_TOKEN_FILE"),
        base_url=environment.get("WUTS_BASE_URL", "").strip() or DEFAULT_BASE_URL,
        ca_file=Path(ca_file) if (ca_file := environment.get("WUTS_CA_FILE", "")) else None,
    )


def credential(environment: Mapping[str, str], name: str) -> str:
    """Return a secret that systemd hands over (``LoadCredential=``), or an empty text.

    Raises:
        WutsConfigError: It is there, but cannot be read.
    """
    folder = environment.get("CREDENTIALS_DIRECTORY", "")
    path = Path(folder) / name
    return _read_secret(path, f"The credential {name}") if folder and path.exists() else ""


def _read_secret(path: Path, what: str) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            secret = file.read(LONGEST_TOKEN_FILE).strip()
    except OSError as error:
        raise WutsConfigError(f"{what} cannot be read: {path}: {error.strerror}.") from None
    except ValueError:
        raise WutsConfigError(f"{what} is not text: {path}.") from None
    if not secret:
        raise WutsConfigError(f"{what} is empty: {path}.")
    return secret
