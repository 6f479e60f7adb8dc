"""The README's ways to the command, in homes that are empty, and what it then says to do."""

import asyncio
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from scripts.lib.parts import free_port
from scripts.lib.terminal import CTRL_C, Terminal
from tests.docs.readme import ROOT, alternatives, commands, commands_in
from tests.wuts_cli.command import PHONE, TOKEN, Wuts, shown_qr, until
from wuts_simulator import Settings, Simulator

UV = os.environ.get("WUTS_UV", "")
"""The uv that scripts/test_packages found or installed."""

PYTHON = os.environ.get("WUTS_OLDEST_PYTHON", "")
"""An interpreter of the oldest version. A machine's default Python may be older still."""

PATIENCE = 300
"""Seconds for pipx and uv to fetch what is not in their caches."""

ELSEWHERE = ("WUTS_", "PIPX_", "UV_TOOL_", "XDG_")
"""What variables begin with that would settle things, or have tools put outside of a home."""

NAME = "Front desk"

pytestmark = [
    pytest.mark.skipif(not UV, reason="scripts/test_packages builds the wheels and runs these"),
    pytest.mark.slow,
    pytest.mark.timeout(3 * PATIENCE),
]


class Home:
    """A home of somebody who has uv, pipx and a Python that will do, and nothing of ours."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = folder / ".local" / "bin"
        self.tools = folder / "tools"
        self.tools.mkdir(parents=True)
        (self.tools / "uv").symlink_to(shutil.which(UV) or UV)
        (self.tools / Path(PYTHON).resolve().name).symlink_to(Path(PYTHON).resolve())

    @property
    def variables(self) -> dict[str, str]:
        """The environment, where only uv's cache is shared: what it holds is not fetched again."""
        cache = subprocess.check_output([UV, "cache", "dir"], text=True).strip()
        kept = {name: os.environ[name] for name in os.environ if not name.startswith(ELSEWHERE)}
        found = {f"{tool}_FIND_LINKS": str(ROOT / "dist") for tool in ("UV", "PIP")}
        path = os.pathsep.join([os.environ["PATH"], str(self.tools)])
        return kept | found | {"HOME": str(self.folder), "PATH": path, "UV_CACHE_DIR": cache}

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command far from the clone, as that person."""
        program = shutil.which(command[0], path=f"{self.bin}{os.pathsep}{self.variables['PATH']}")
        assert program, f"there is no {command[0]}"
        return subprocess.run(
            [program, *command[1:]],
            cwd="/",
            env=self.variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    def install(self, command: list[str]) -> None:
        """Run an installer on the wheel that scripts/build wrote, in place of the released one."""
        *installer, wanted = command
        name = wanted.partition("[")[0].replace("-", "_")
        (wheel,) = (ROOT / "dist").glob(f"{name}-*.whl")
        told = self.run(*installer, f"{wanted} @ {wheel.as_uri()}")
        assert told.returncode == 0, told.stderr

    def wuts(self, url: str) -> Wuts:
        """Return the installed command, against that gateway."""
        wuts = Wuts(url, HOME=str(self.folder))
        wuts.program = self.bin / "wuts"
        return wuts


def way(tool: str) -> list[str]:
    """Return the README's command that installs with this tool."""
    (command,) = (
        words for words in commands("Install") + alternatives("Install") if words[0] == tool
    )
    return command


@pytest.fixture
def empty(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture(scope="module", params=["uv", "pipx"])
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which one of the README's ways has been gone."""
    home = Home(tmp_path_factory.mktemp(request.param) / "home")
    if request.param == "pipx":
        told = home.run("uv", "tool", "install", "--python", PYTHON, "pipx")
        assert told.returncode == 0, told.stderr
    home.install(way(request.param))
    return home


@pytest.fixture
def sim() -> Iterator[Simulator]:
    settings = Settings(tokens=(("home", TOKEN),), connecting_for=0, qr_image=False)
    with Simulator(settings) as simulator:
        yield simulator


def test_the_command_is_there_and_is_ours(home: Home) -> None:
    (wheel,) = (ROOT / "dist").glob("wuts-*.whl")
    version = wheel.name.split("-")[1]
    told = home.run("wuts", "--version")
    assert (told.returncode, told.stdout, told.stderr) == (0, f"wuts {version}\n", "")
    told = home.run("wuts", "--help")
    assert (told.returncode, told.stderr) == (0, "")
    for command in ("pair", "watch", "doctor"):
        assert re.search(rf"\b{command}\b", told.stdout)


async def test_the_readmes_lines_pair_a_device_and_keep_it_connected(
    home: Home, sim: Simulator
) -> None:
    lines = [words[1:] for words in commands("Install") if words[0] == "wuts"]
    assert [command for command, *_ in lines] == ["create", "pair", "watch"]
    create, pair, watch = lines
    wuts = home.wuts(sim.url)
    assert (await wuts(*create)).code == 0
    (device,) = sim.world.registry.devices.values()
    assert device.name == NAME
    async with on_terminal(wuts, pair) as terminal:
        sim.world.scan(await shown_qr(terminal), PHONE)
        assert await terminal.ended() == 0
    sim.world.drop(device.id)
    async with on_terminal(wuts, watch) as terminal:
        await terminal.until_it_says(NAME)
        await until(lambda: device.is_connected)
        terminal.press(CTRL_C)
        assert await terminal.ended() == 130


def on_terminal(wuts: Wuts, command: list[str]) -> Terminal:
    environment = wuts.environment({})
    command = [str(wuts.program), *command]
    return Terminal(command, environment, columns=110, patience=PATIENCE)


def test_the_library_alone_says_in_one_line_how_to_get_the_command(empty: Home) -> None:
    *installer, _ = way("uv")
    empty.install([*installer, "wuts"])
    told = empty.run("wuts", "pair", NAME)
    assert (told.returncode, told.stdout) == (2, "")
    (line,) = told.stderr.splitlines()
    said = re.fullmatch(r'wuts: \S+ is missing\. Install the command: (.*) "(wuts\[cli\])"', line)
    assert said, line
    empty.install([*said[1].split(), said[2]])
    assert empty.run("wuts", "--version").returncode == 0


def test_the_slack_app_is_installed_as_its_page_on_the_index_says(empty: Home) -> None:
    install, manifest, check, run = commands_in((ROOT / "slack_app/README.md").read_text())
    empty.install(install)
    told = empty.run(*manifest)
    assert (told.returncode, told.stderr) == (0, "")
    assert json.loads(told.stdout)["features"]["slash_commands"][0]["command"] == "/wuts"
    for command in (check, run):
        told = empty.run(*command)
        assert (told.returncode, told.stdout) == (2, "")
        assert told.stderr.startswith("wuts-slack: ")


@pytest.mark.parametrize("home", ["uv"], indirect=True)
async def test_what_the_image_starts_is_healthy_and_shows_the_board_to_whoever_has_the_token(
    home: Home, sim: Simulator, tmp_path: Path
) -> None:
    """Docker itself is not run: the entry point is, with the variables of the image."""
    built = (ROOT / "deploy/Containerfile").read_text().replace("\\\n", " ")
    entry, command = (
        json.loads(re.findall(rf"^{word} (\[.*\])$", built, re.MULTILINE)[-1])
        for word in ("ENTRYPOINT", "CMD")
    )
    assert entry == ["wuts"]
    fixed = dict(re.findall(r"\b(WUTS_\w+)=(\S+)", built))
    assert fixed["WUTS_LISTEN__ADDRESS"] == "0.0.0.0:8080"
    address = f"127.0.0.1:{free_port()}"
    token = "a-token-of-the-board"
    given = {"WUTS_LISTEN__TOKEN": token, "WUTS_LISTEN__ADDRESS": address}
    given["WUTS_STATE_DIRECTORY"] = str(tmp_path)
    assert given.keys() <= fixed.keys() | {"WUTS_LISTEN__TOKEN"}
    wuts = home.wuts(sim.url)
    async with (
        wuts.started(*command, **fixed | given) as process,
        httpx.AsyncClient(base_url=f"http://{address}") as client,
    ):
        await healthy(client, process)
        assert (await client.get("/")).status_code == 401
        board = await client.get("/", headers={"Authorization": f"Bearer {token}"})
        assert board.status_code == 200
        process.terminate()
        await process.wait()
    assert (tmp_path / "wuts.db").is_file()


async def healthy(client: httpx.AsyncClient, process: asyncio.subprocess.Process) -> None:
    """Wait until the service is; fail if it ends before."""
    async with asyncio.timeout(PATIENCE):
        while process.returncode is None:
            try:
                if (await client.get("/healthz")).is_success:
                    return
            except httpx.ConnectError:
                await asyncio.sleep(0.1)
    raise AssertionError((await process.communicate())[1])
