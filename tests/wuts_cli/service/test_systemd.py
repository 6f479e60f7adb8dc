"""What systemd hears, over a real datagram socket."""

import asyncio
import os
import signal
import socket
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.wuts_cli.command import Wuts, next_event
from wuts_cli.service.systemd import Notifier
from wuts_simulator import Simulator

from .conftest import Run

PATIENCE = 120
"""Seconds to wait for a word: a busy machine is slow."""


class Systemd:
    """The other end of the socket.

    Attributes:
        address: Where it listens.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(f"\0{address[1:]}" if address.startswith("@") else address)
        self._socket.setblocking(False)

    async def hears(self, begin: str) -> str:
        """Wait for a word that begins so; return all of it."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(PATIENCE):
            while True:
                words = (await loop.sock_recv(self._socket, 4096)).decode()
                for word in words.splitlines():
                    if word.startswith(begin):
                        return word

    def drain(self) -> list[str]:
        """Return all that it was told and has not read yet."""
        words: list[str] = []
        try:
            while True:
                words += self._socket.recv(4096).decode().splitlines()
        except BlockingIOError:
            return words

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[Systemd]:
    listener = Systemd(str(tmp_path / "notify"))
    yield listener
    listener.close()


@asynccontextmanager
async def told(
    run: Run, systemd: Systemd, monkeypatch: pytest.MonkeyPatch, **environment: str
) -> AsyncIterator[None]:
    for name, value in {"NOTIFY_SOCKET": systemd.address, **environment}.items():
        monkeypatch.setenv(name, value)
    async with run():
        yield


async def test_it_is_ready_then_alive_then_stopping(
    run: Run, systemd: Systemd, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with told(run, systemd, monkeypatch, WATCHDOG_USEC="300000"):
        await systemd.hears("READY=1")
        assert await systemd.hears("STATUS=") == (
            "STATUS=Accounts: 1. Devices: 0, 0 of them connected. Open alerts: 0."
        )
        await systemd.hears("WATCHDOG=1")
        await systemd.hears("WATCHDOG=1")
    assert "STOPPING=1" in systemd.drain()


async def test_a_supervision_that_hangs_gives_no_sign_of_life(
    run: Run, systemd: Systemd, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"NOTIFY_SOCKET": systemd.address, "WATCHDOG_USEC": "30000"}.items():
        monkeypatch.setenv(name, value)
    async with run() as service:
        await systemd.hears("WATCHDOG=1")
        await service.supervisor._dispatcher.job.stop()
        assert service.supervisor.lateness() > 0
        systemd.drain()
        # The loop turns: many signs of life are due now, and none comes.
        for _ in range(20):
            await service.get("/healthz")
            await asyncio.sleep(0.01)
        assert "WATCHDOG=1" not in systemd.drain()


async def test_before_the_supervisor_has_begun_nothing_is_told(
    run: Run, systemd: Systemd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", systemd.address)
    async with run(begins=False):
        assert systemd.drain() == []


def test_an_abstract_socket_is_one_too() -> None:
    listener = Systemd(f"@wuts-test-{os.getpid()}")
    Notifier({"NOTIFY_SOCKET": listener.address}).tell(READY=1, STATUS="Well")
    assert listener.drain() == ["READY=1", "STATUS=Well"]
    listener.close()


def test_a_systemd_that_does_not_listen_harms_nobody_and_is_told_of_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    notifier = Notifier({"NOTIFY_SOCKET": str(tmp_path / "gone")})
    notifier.tell(READY=1)
    notifier.tell(WATCHDOG=1)
    Notifier({}).tell(READY=1)
    [warned] = [one for one in caplog.records if one.levelname == "WARNING"]
    assert "No such file" in warned.getMessage()


@pytest.mark.parametrize(
    ("environment", "patience"),
    [
        ({}, float("inf")),
        ({"WATCHDOG_USEC": "60000000"}, 60.0),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": str(os.getpid())}, 60.0),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "1"}, float("inf")),
        ({"WATCHDOG_USEC": "0"}, float("inf")),
        ({"WATCHDOG_USEC": "soon"}, float("inf")),
    ],
)
def test_systemd_says_how_long_it_waits(environment: dict[str, str], patience: float) -> None:
    assert Notifier(environment).patience == patience


@pytest.mark.slow
@pytest.mark.parametrize("listen", [(), ("--listen", "127.0.0.1:0")], ids=["alone", "listening"])
async def test_a_process_tells_when_it_is_ready_and_when_it_stops(
    wuts: Wuts, sim: Simulator, systemd: Systemd, tmp_path: Path, listen: tuple[str, ...]
) -> None:
    sim.world.add_device("home", "Front desk", state="connected")
    environment = {"NOTIFY_SOCKET": systemd.address, "WATCHDOG_USEC": "1000000"}
    store = ("--store", f"sqlite:///{tmp_path}/store.db")
    async with wuts.started(
        "watch", "--json", *store, *listen, stdout=PIPE, **environment
    ) as process:
        await systemd.hears("READY=1")
        assert (await systemd.hears("STATUS=")).startswith("STATUS=Accounts: 1. Devices: ")
        await systemd.hears("WATCHDOG=1")
        assert await next_event(process)
        process.send_signal(signal.SIGTERM)
        await systemd.hears("STOPPING=1")
        await process.communicate()
        assert process.returncode == 143
