"""Start a fresh Home Assistant with an archive of the integration, and begin to add an account.

usage: python -m scripts.lib.try_archive ARCHIVE
"""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from .home_assistant import HomeAssistant
from .parts import PartError, free_port, running


async def begins(archive: Path) -> bool:
    """Return whether the integration asks for an account, as it does when it was loaded.

    Raises:
        PartError: Home Assistant does not start.
    """
    with TemporaryDirectory() as folder:
        home = HomeAssistant(Path(folder) / "config", free_port())
        home.install(archive)
        async with running(home.part(Path(folder) / "home-assistant.txt")):
            token = await home.onboard()
            if token is None:
                return False
            path = "config/config_entries/flow"
            begun = await home.ask(token, "POST", path, {"handler": "wuts"})
    return bool(begun["type"] == "form")


def main() -> int:
    """Say how it went; return 0 if it begins, else 1."""
    try:
        well = asyncio.run(begins(Path(sys.argv[1])))
    except PartError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print("Home Assistant loads the archive" if well else "error: the archive does not load")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
