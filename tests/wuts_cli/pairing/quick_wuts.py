"""The command itself, but with a course's times: ``quick_wuts.py TIMES pair …``, as JSON."""

import json
import sys
from typing import Any

import httpx2


def run(times: dict[str, float]) -> None:
    """Run the command, whose pairing has other times than its own."""
    httpx2.alias_httpx()  # as the command does, before anything imports the other one

    from tests.pairing_courses.course import FIRST_DELAY  # noqa: PLC0415
    from wuts.pairing import PairingSettings, error_policy  # noqa: PLC0415
    from wuts_cli.__main__ import main  # noqa: PLC0415
    from wuts_cli.commands import pair  # noqa: PLC0415

    def settings(**chosen: Any) -> PairingSettings:  # noqa: ANN401 - as the command says
        return PairingSettings(**chosen | times)

    error_policy.FIRST_DELAY = FIRST_DELAY
    vars(pair)["PairingSettings"] = settings
    main()


if __name__ == "__main__":
    run(json.loads(sys.argv.pop(1)))
