"""Pair a device against a simulator, as a person would; with ``--auto`` nobody need do anything."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn

from wuts_simulator import Device, Simulator, SimulatorError

NAME = "Front desk"
PHONE = "+5511999999999"

LOOK = 3.0
"""Seconds for which a person may look at the QR before it is scanned."""

SETTLE = 5
"""Seconds for which the link must hold: enough for a demonstration."""

PATIENCE = 5.0
"""Seconds for the pairing to end before it is made to."""


def main() -> int:
    """Run the demonstration and return the exit code of the pairing."""
    auto = "--auto" in sys.argv[1:]
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    with Simulator() as gateway:
        device = gateway.world.add_device("home", NAME)
        hint = f"Be the phone at {gateway.url}/phone. A real phone cannot scan this gateway's QR."
        tell(f"A local gateway runs at {gateway.url}, and “{NAME}” is a new device on it.")
        tell(hint)
        tell(f'Running: wuts pair "{NAME}"')
        note = "The demo scans it in a few seconds." if auto else hint
        environment = os.environ | {"WUTS_BASE_URL": gateway.url, "WUTS_TOKEN": gateway.token}
        command = (sys.executable, "-m", "wuts_cli", "pair", NAME, "--note", note)
        with running((*command, "--settle", str(SETTLE)), environment) as pairing:
            if auto:
                scan_when_shown(gateway, device, pairing)
            return pairing.wait()


@contextmanager
def running(
    command: tuple[str, ...], environment: dict[str, str]
) -> Iterator[subprocess.Popen[str]]:
    """Run a command on this terminal, and leave no process behind, whatever happens."""
    process = subprocess.Popen(command, env=environment, text=True)
    try:
        yield process
    except KeyboardInterrupt:
        # The terminal has interrupted the command as well: it tidies up on its own.
        with suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE)
        raise
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def scan_when_shown(gateway: Simulator, device: Device, pairing: subprocess.Popen[str]) -> None:
    """Wait for a QR, leave it on the screen for a while, and be the phone that scans it."""
    while pairing.poll() is None:
        time.sleep(0.1)
        if device.qr is not None:
            time.sleep(LOOK)
            # A QR that has expired meanwhile is refused, and the next one will do.
            with suppress(SimulatorError):
                gateway.world.scan_device(device.id, PHONE)
                return


def tell(text: str) -> None:
    """Say what is going on."""
    print(f"==> {text}", flush=True)


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
