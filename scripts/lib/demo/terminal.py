"""Pair a device against a simulator, as a person would, or with ``--auto`` all by itself.

Only the standard library is used here: what is shown is the commands themselves.
"""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, NoReturn
from urllib.request import ProxyHandler, Request, build_opener

NAME = "Front desk"
PHONE = "+5511999999999"

LOOK = 3.0
"""Seconds for which a person may look at the QR before it scans itself."""

SETTLE = 5
"""Seconds for which the link must hold: enough for a demonstration."""

PATIENCE = 5.0
"""Seconds for a process to end before it is made to."""

_PYTHON = (sys.executable, "-m")
# A gateway on this machine is not to be asked for through a proxy.
_OPENER = build_opener(ProxyHandler({}))


def main() -> int:
    """Run the demonstration and return the exit code of the pairing."""
    auto = "--auto" in sys.argv[1:]
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    environment = os.environ | {"WUTS_TOKEN": secrets.token_urlsafe(24)}
    with gateway(environment["WUTS_TOKEN"]) as url:
        environment["WUTS_BASE_URL"] = url
        device_id = create_device(environment)
        tell(f"A local gateway runs at {url}, and “{NAME}” is a new device on it.")
        hint = f"Be the phone at {url}/phone. A real phone cannot scan this gateway's QR."
        note = "The demo scans it by itself in a few seconds." if auto else hint
        tell(hint)
        tell(f'Running: wuts pair "{NAME}"')
        return pair(environment, note, url if auto else None, device_id)


@contextmanager
def gateway(token: str) -> Iterator[str]:
    """Run a simulator, and yield its address."""
    command = (*_PYTHON, "wuts_simulator", "--port", "0", "--json", "--control")
    environment = os.environ | {"WUTS_SIMULATOR_TOKEN": token}
    simulator = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True)
    with stopping(simulator):
        # Without a line it has ended, and has said why itself.
        line = simulator.stdout.readline() if simulator.stdout else ""
        if not line:
            sys.exit(1)
        yield json.loads(line)["url"]


@contextmanager
def stopping(process: subprocess.Popen[str]) -> Iterator[None]:
    """Leave no process behind, whatever happens."""
    try:
        yield
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def create_device(environment: dict[str, str]) -> str:
    """Make a device with the command, and return its id."""
    command = (*_PYTHON, "wuts_cli", "create", NAME, "--json")
    created = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=False)
    if created.returncode:
        sys.exit(created.returncode)
    return str(json.loads(created.stdout)["device_id"])


def pair(environment: dict[str, str], note: str, control: str | None, device_id: str) -> int:
    """Run the pairing on this terminal, and scan where a control API is given."""
    command = (*_PYTHON, "wuts_cli", "pair", NAME, "--settle", str(SETTLE), "--note", note)
    pairing = subprocess.Popen(command, env=environment, text=True)
    with stopping(pairing):
        try:
            if control:
                scan_when_shown(f"{control}/_sim/devices/{device_id}", pairing)
            return pairing.wait()
        except KeyboardInterrupt:
            # The terminal has told the command as well: it tidies up and ends by itself.
            with suppress(subprocess.TimeoutExpired):
                pairing.wait(PATIENCE)
            return 130


def scan_when_shown(device: str, pairing: subprocess.Popen[str]) -> None:
    """Wait for a QR, let it be seen, and be the phone that scans it."""
    while pairing.poll() is None:
        # A QR that has gone meanwhile is refused, and the next one will do.
        with suppress(OSError):
            if call(device)["qr"]:
                time.sleep(LOOK)
                call(f"{device}/scan", {"phone": PHONE})
                return
        time.sleep(0.1)


def call(url: str, body: dict[str, str] | None = None) -> Any:  # noqa: ANN401 - it is JSON
    """Ask the simulator's control API."""
    content = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    with _OPENER.open(Request(url, content, headers), timeout=10) as answer:  # noqa: S310
        return json.loads(answer.read())


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
