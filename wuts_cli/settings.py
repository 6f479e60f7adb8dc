"""The token and the gateway, from the environment.

There is no option for the token: everybody on the machine can read a command line.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from wuts import DEFAULT_BASE_URL
from wuts.errors import WutsConfigError

TOKEN = "WUTS_TOKEN"  # noqa: S105 - the name of a variable
TOKEN_FILE = "WUTS_TOKEN_FILE"  # noqa: S105 - the name of a variable
BASE_URL = "WUTS_BASE_URL"

LONGEST_TOKEN_FILE = 10_000
"""Characters read from a token's file, at most: a wrong file may be large."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Whom to talk to.

    Attributes:
        token: The account's token.
        base_url: The gateway's address.
    """

    token: str = field(repr=False)
    base_url: str


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Return what the environment says; an empty variable counts as none.

    Raises:
        WutsConfigError: There is no token, or its file cannot be used.
    """
    base_url = environment.get(BASE_URL, "").strip() or DEFAULT_BASE_URL
    return Settings(token=_read_token(environment), base_url=base_url)


def _read_token(environment: Mapping[str, str]) -> str:
    token = environment.get(TOKEN, "").strip()
    if token:
        return token
    path = environment.get(TOKEN_FILE, "")
    if not path:
        raise WutsConfigError(
            f"There is no token. Put it into the variable {TOKEN}, "
            f"or name a file that holds it in {TOKEN_FILE}."
        )
    return _read_token_file(Path(path))


def _read_token_file(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            token = file.read(LONGEST_TOKEN_FILE).strip()
    except OSError as error:
        raise WutsConfigError(
            f"The file of {TOKEN_FILE} cannot be read: {path}: {error.strerror}."
        ) from None
    except ValueError:
        raise WutsConfigError(f"The file of {TOKEN_FILE} is not a text: {path}.") from None
    if not token:
        raise WutsConfigError(f"The file of {TOKEN_FILE} is empty: {path}.")
    return token
