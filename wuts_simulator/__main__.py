"""Run the simulator until it is told to stop: ``wuts-simulator``, or run this package."""

import asyncio
import errno
import json
import logging
import signal
import sys

from .command_line import Command, parse
from .server import Simulator
from .settings import Settings


def main() -> None:
    """Run the command and exit: 0 when stopped, 1 if it cannot serve, 2 for a wrong flag."""
    command = parse(sys.argv[1:])
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        asyncio.run(_serve(command))
    except OSError as error:
        sys.exit(f"wuts-simulator: {_advice(error, command.settings)}")


async def _serve(command: Command) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with Simulator(command.settings) as simulator:
        print(_announcement(command, simulator), flush=True)  # noqa: T201 - a command's answer
        await stop.wait()


def _announcement(command: Command, simulator: Simulator) -> str:
    """Say where it is. A token is named only if it was made here: nobody else knows it."""
    settings = command.settings
    made = None if settings.tokens else simulator.token
    told = {"url": simulator.url, "phone_page": f"{simulator.url}/phone", "token": made}
    if command.json:
        return json.dumps({name: value for name, value in told.items() if value is not None})
    lines = [
        f"WUTS simulator ({settings.dialect}) at {told['url']}",
        f"Phone page: {told['phone_page']}",
    ]
    if made is not None:
        lines.append(f"Token: {made}")
    return "\n".join(lines)


def _advice(error: OSError, settings: Settings) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {settings.port} is in use; choose another with --port, or 0 for any"
    if error.errno == errno.EACCES:
        return f"port {settings.port} may not be bound; choose one above 1023 with --port"
    return f"cannot listen on {settings.host}: {error.strerror}"


if __name__ == "__main__":
    main()
