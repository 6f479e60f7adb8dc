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
    if not token and not path:
        raise WutsConfigError(
            "There is no token. Put it into the variable WUTS_TOKEN, "
            "or name a file that holds it in WUTS_TOKEN_FILE."
        )
    return Settings(
        token=token or _read_token_file(Path(path)),
        base_url=environment.get("WUTS_BASE_URL", "").strip() or DEFAULT_BASE_URL,
        ca_file=Path(ca_file) if (ca_file := environment.get("WUTS_CA_FILE", "")) else None,
    )


def _read_token_file(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            token = file.read(LONGEST_TOKEN_FILE).strip()
    except OSError as error:
        raise WutsConfigError(
            f"The file of WUTS_TOKEN_FILE cannot be read: {path}: {error.strerror}."
        ) from None
    except ValueError:
        raise WutsConfigError(f"The file of WUTS_TOKEN_FILE is not a text: {path}.") from None
    if not token:
        raise WutsConfigError(f"The file of WUTS_TOKEN_FILE is empty: {path}.")
    return token
