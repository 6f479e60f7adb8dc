"""Where the commands of a page are typed: a folder like a clone, a gateway, and a phone."""

import asyncio
import re
import socket
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from PIL import Image

from tests.docs.shell import ROOT, words
from tests.wuts_cli.command import PHONE, TOKEN, WUTS, Wuts, heed_interrupts, next_event
from wuts_simulator import Simulator
from wuts_simulator.errors import ConflictError, ExpiredError

PATIENCE = 300  # seconds
NAME = "Front desk"
LISTEN_TOKEN = "a-token-that-a-service-asks-for"
STORE = "sqlite:///wuts.db"

_QUICK = ("--interval", "0.2", "--base", "0.05", "--cap", "0.2", "--debounce", "0")
_PORT = re.compile(r"\b(?:8080|8471|8790)\b")
_ALERT = re.compile(r"\b[0-9a-f]{8}\b")
_GROUP = re.compile(r"\b\d{18}@g\.us\b")
_SERVES = re.compile(r"wuts watch|wuts-simulator|wuts pair .*--page")
_CURL = "curl --fail-with-body --silent --show-error --retry 200 --retry-delay 1"


class Stage:
    """Types commands one after the other, as a reader does, with the addresses of this machine."""

    def __init__(self, sim: Simulator, folder: Path) -> None:
        self.sim = sim
        self.folder = folder
        self._ports: dict[str, str] = {}
        self._alert = self._group = ""
        self._own = {"HOME": str(folder), "no_proxy": "127.0.0.1", "TOKEN": LISTEN_TOKEN}
        self._running: list[Process] = []
        for path in ROOT.iterdir():
            if path.name != ".git":
                (folder / path.name).symlink_to(path)
        Image.new("RGB", (64, 48), "navy").save(folder / "door.jpg")
        self._stand_in("qrencode", "cat >qr.png")
        settings = 'headers = { Authorization = "Bearer ${WUTS_TOKEN}" }\n'
        (folder / "schemathesis.toml").write_text(settings)

    @asynccontextmanager
    async def prepared_for(self, text: str) -> AsyncIterator[None]:
        """Bring about what these commands begin with, for as long as the context lasts."""
        if "wuts create" not in text:
            state = "never_paired" if "wuts pair" in text else "connected"
            device = self.sim.world.add_device("home", NAME, state=state)
            self._group = self.sim.world.add_group(device.id, "Reception")
        if "wuts ack" in text:
            self._alert = await self._raised()
        if "https://watch.example/pair" in text:
            self._own["WUTS_LISTEN__TOKEN"] = LISTEN_TOKEN
            await self.type(f"wuts watch --store {STORE} --listen 127.0.0.1:8080")
        phone = asyncio.create_task(self._scan_whatever_is_shown())
        try:
            yield
        finally:
            phone.cancel()
            for process in self._running:
                with suppress(ProcessLookupError):
                    process.terminate()
                await process.communicate()

    async def type(self, command: str) -> None:
        """Run a command to its end; leave what serves running, as soon as it serves."""
        here = self.as_here(command)
        if here.startswith("export "):
            await self._export(here)
            return
        process = await asyncio.create_subprocess_exec(
            *("bash", "-o", "pipefail", "-c", f"exec {here}" if _SERVES.match(here) else here),
            cwd=self.folder,
            env=self._environment(),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
            preexec_fn=heed_interrupts,
        )
        async with asyncio.timeout(PATIENCE):
            if _SERVES.match(here):
                self._running.append(process)
                await self._until_it_serves(process, here)
                return
            told, _ = await process.communicate()
        assert process.returncode == 0, f"{here}\n{told.decode()}"

    async def _export(self, command: str) -> None:
        """Keep what the commands that follow find in their environment."""
        names = [word.partition("=")[0] for word in words(command)[1:] if "=" in word]
        shown = " ".join(f'"${{{name}}}"' for name in names)
        process = await asyncio.create_subprocess_exec(
            *("bash", "-ec", f"{command}\nprintf '%s\\n' {shown}"),
            stdout=PIPE,
            env=self._environment(),
        )
        told, _ = await process.communicate()
        assert process.returncode == 0, command
        self._own |= dict(zip(names, told.decode().splitlines(), strict=True))

    def as_here(self, command: str) -> str:
        """Put what is true here in place of what is only an example."""
        ask = f"schemathesis run docs/openapi.yaml --url {self.sim.url}"
        for written, here in (
            ("schemathesis run docs/openapi.yaml --url http://127.0.0.1:8471", ask),
            ("curl https://watch.example", f"{_CURL} http://127.0.0.1:8080"),
            ("curl http", f"{_CURL} http"),
            ("https://api.wuts.com.br", self.sim.url),
            ("WUTS_BASE_URL=http://127.0.0.1:8471", f"WUTS_BASE_URL={self.sim.url}"),
            ("WUTS_TOKEN=my-token", f"WUTS_TOKEN={TOKEN}"),
            ("=…", f"={TOKEN}"),
            ("sqlite:////var/lib/wuts", f"sqlite:///{self.folder}"),
            ("wuts-simulator", "wuts-simulator --port 8471"),
            ("wuts logout", "wuts logout --yes"),
            ("--account home", "--account account"),
        ):
            command = command.replace(written, here)
        command = _PORT.sub(lambda match: self._port(match[0]), command)
        return _GROUP.sub(self._group, _ALERT.sub(self._alert or r"\g<0>", command))

    async def _until_it_serves(self, process: Process, command: str) -> None:
        """Wait until a port is open, or else until something is said."""
        ports = [port for port in self._ports.values() if port in command]
        assert process.stdout
        if not ports:
            assert await process.stdout.readline(), f"{command}\nended and said nothing"
        for port in ports:
            while process.returncode is None:
                with suppress(OSError):
                    _, writer = await asyncio.open_connection("127.0.0.1", int(port))
                    writer.close()
                    break
                await asyncio.sleep(0.05)
        if process.returncode is not None:
            told = await process.stdout.read()
            raise AssertionError(f"{command}\n{told.decode()}")

    async def _raised(self) -> str:
        """Return the id of an alert that is open in the store."""
        wuts = Wuts(self.sim.url)
        (device,) = self.sim.world.registry.devices.values()
        store = f"sqlite:///{self.folder}/wuts.db"
        async with wuts.started("watch", "--json", *_QUICK, "--store", store) as process:
            while (event := await next_event(process)).get("event") != "alert":
                if event.get("new") == "connected":
                    self.sim.world.unlink(device.id)
            process.terminate()
            await process.wait()
        return str(event["id"])[:8]

    async def _scan_whatever_is_shown(self) -> None:
        while True:
            for device in list(self.sim.world.registry.devices.values()):
                with suppress(ConflictError, ExpiredError):
                    self.sim.world.scan_device(device.id, PHONE)
            await asyncio.sleep(0.05)

    def _environment(self) -> dict[str, str]:
        environment = Wuts(self.sim.url).environment(self._own)
        path = f"{self.folder / 'bin'}:{WUTS.parent}:{environment['PATH']}"
        return environment | {"PATH": path}

    def _stand_in(self, program: str, script: str) -> None:
        """Put a program on PATH that takes the place of one that is not ours."""
        (self.folder / "bin").mkdir(exist_ok=True)
        (self.folder / "bin" / program).write_text(f"#!/bin/sh\n{script}\n")
        (self.folder / "bin" / program).chmod(0o755)

    def _port(self, written: str) -> str:
        if written not in self._ports:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                self._ports[written] = str(free.getsockname()[1])
        return self._ports[written]
