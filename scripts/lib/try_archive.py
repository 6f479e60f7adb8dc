"""Start a fresh Home Assistant with an archive of the integration, and begin to add an account.

usage: python -m scripts.lib.try_archive ARCHIVE
"""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from .home_assistant import HomeAssistant
from .parts import PartError, free_port, running

ROOT = Path(__file__).parents[2]
HASS = ROOT / ".venv-hass/bin/hass"
HEADERS = ROOT / ".cache/python3.14/usr/include"


async def begins(archive: Path) -> bool:
    """Tell whether the integration asks for an account, as it does when it was loaded.

    Raises:
        PartError: Home Assistant does not start.
    """
    with TemporaryDirectory() as folder:
        home = HomeAssistant(HASS, Path(folder) / "config", free_port())
        home.install(archive)
        headers = HEADERS if HEADERS.is_dir() else None
        async with running(home.part(Path(folder) / "home-assistant.txt", headers)):
            token = await home.onboard()
            async with httpx.AsyncClient(base_url=home.url, trust_env=False, timeout=120) as http:
                answer = await http.post(
                    "/api/config/config_entries/flow",
                    headers={"Authorization": f"Bearer {token}"},
                    json={"handler": "wuts"},
                )
    return answer.is_success and answer.json()["type"] == "form"


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
