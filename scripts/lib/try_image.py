"""Run an image with buildah until SIGTERM ends it, against a simulated gateway and a local Slack.

usage: python -m scripts.lib.try_image IMAGE DATABASE EXIT_CODE [--slack LOCAL_SLACK]

Every program but Python is first taken out of the container, so it must run without a shell. By the
image's own health check it must be unhealthy before it runs, and healthy when it runs. SIGTERM must
end it with the exit code. Its database must be in /data, and no secret in what it says.
"""

import argparse
import asyncio
import json
import signal
import subprocess
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

import psutil

from wuts_simulator import Settings, Simulator

from .demo.slack import Workspace
from .parts import PATIENCE, PartError, free_port, running

TOKEN = "image-token-0123456789"  # noqa: S105 - of a simulated gateway
SERVICE_TOKEN = "image-service-token-0123456789"  # noqa: S105
FOLDERS = ("bin", "sbin", "usr/bin", "usr/sbin")
LOOK_AGAIN = 0.2


@dataclass(frozen=True)
class Container:
    """A container of an image, and how the image says it is to be run."""

    name: str
    root: Path
    command: list[str]
    check: list[str]
    user: str

    def run(self, command: list[str], variables: dict[str, str]) -> list[str]:
        """Return how to run a command in it, as the image's user."""
        settings = [f"--env={name}={value}" for name, value in variables.items()]
        return ["buildah", "run", *settings, self.name, "--", *command]


def buildah(*arguments: str) -> str:
    """Return what buildah prints.

    Raises:
        PartError: It fails.
    """
    done = subprocess.run(["buildah", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise PartError(f"buildah {arguments[0]} failed: {done.stderr.strip()}")
    return done.stdout.strip()


@asynccontextmanager
async def container_of(image: str) -> AsyncIterator[Container]:
    """Make a container for as long as the context lasts."""
    name = buildah("from", image)
    try:
        told: dict[str, Any] = json.loads(buildah("inspect", name))
        config, health = told["OCIv1"]["config"], told["Docker"]["config"]["Healthcheck"]["Test"]
        yield Container(
            name=name,
            root=Path(buildah("mount", name)),
            command=[*config["Entrypoint"], *config.get("Cmd", [])],
            check=health[1:],
            user=config["User"],
        )
    finally:
        buildah("rm", name)


def take_shells_out(root: Path) -> int:
    """Remove every program but Python; return how many there were."""
    removed = 0
    for folder in (root / name for name in FOLDERS if not (root / name).is_symlink()):
        for program in folder.iterdir():
            if not program.name.startswith("python"):
                program.unlink()
                removed += 1
    return removed


def process_of(mark: str) -> psutil.Process:
    """Return the one that runs with a variable ``WUTS_TRIED=mark``, which is not buildah's own."""
    (found,) = (
        process
        for process in psutil.process_iter(["environ", "name"])
        if (process.info["environ"] or {}).get("WUTS_TRIED") == mark
        and process.info["name"] not in {"buildah", "exe"}
    )
    return found


def size_in(container: Container, path: str) -> int:
    """Return the size of a file in a volume of the container, 0 if there is none."""
    program = f"import os.path as p; print(p.getsize({path!r}) if p.exists({path!r}) else 0)"
    command = container.run(["python", "-c", program], {})
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(done.stdout)


async def is_healthy(container: Container, variables: dict[str, str]) -> bool:
    """Run the image's health check."""
    command = container.run(container.check, variables)
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)
    return await process.wait() == 0


async def until_healthy(
    container: Container, variables: dict[str, str], running_one: Process
) -> None:
    """Wait.

    Raises:
        PartError: It ended, or was not healthy in time.
    """
    try:
        async with asyncio.timeout(PATIENCE):
            while not await is_healthy(container, variables):
                if running_one.returncode is not None:
                    raise PartError(f"it ended early with {running_one.returncode}")
                await asyncio.sleep(LOOK_AGAIN)
    except TimeoutError:
        raise PartError(f"it is not healthy after {PATIENCE:.0f} seconds") from None


async def try_it(container: Container, variables: dict[str, str], folder: Path) -> int:
    """Run it until SIGTERM ends it; return the exit code.

    Raises:
        PartError: It is healthy when nothing runs, never becomes healthy, or tells a secret.
    """
    if await is_healthy(container, variables):
        raise PartError("its health check succeeds while nothing runs")
    marked = {**variables, "WUTS_TRIED": container.name}
    log = folder / "log.txt"
    with log.open("wb") as target:
        process = await asyncio.create_subprocess_exec(
            *container.run(container.command, marked), stdout=target, stderr=target
        )
    try:
        await until_healthy(container, variables, process)
        print(f"It is healthy, and runs as {container.user}")
        ours = process_of(container.name)
        if str(ours.uids().real) != container.user:
            raise PartError(f"it runs as {ours.uids().real}")
        begun = monotonic()
        ours.send_signal(signal.SIGTERM)
        code = await process.wait()
        print(f"SIGTERM ended it with {code} after {1000 * (monotonic() - begun):.0f} ms")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        said = log.read_text()
        if TOKEN in said or SERVICE_TOKEN in said:
            raise PartError("it told a secret")
    return code


async def tried(image: str, database: str, expected: int, local_slack: Path | None) -> None:
    """Try an image.

    Raises:
        PartError: It does not do what it should.
    """
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        simulator = stack.enter_context(Simulator(Settings(tokens=(("home", TOKEN),))))
        container = await stack.enter_async_context(container_of(image))
        port = free_port()
        variables = {
            "WUTS_BASE_URL": simulator.url,
            "WUTS_TOKEN": TOKEN,
            "WUTS_LISTEN__TOKEN": SERVICE_TOKEN,
            "WUTS_LISTEN__ADDRESS": f"127.0.0.1:{port}",
        }
        if local_slack:
            workspace = Workspace(local_slack, free_port(), folder / "slack")
            await stack.enter_async_context(running(workspace.server(folder / "slack.txt")))
            variables = workspace.settings(simulator.url, TOKEN)
            variables["WUTS_SLACK_MONITOR_PORT"] = str(port)
        print(f"{take_shells_out(container.root)} programs are gone, and only Python is left")
        code = await try_it(container, variables, folder)
        if code != expected:
            raise PartError(f"it should have ended with {expected}")
        if not size_in(container, f"/data/{database}"):
            raise PartError(f"it has saved nothing in {database}")


def main() -> int:
    """Try the image that the command line names; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("image")
    parser.add_argument("database")
    parser.add_argument("exit_code", type=int)
    parser.add_argument("--slack", type=Path)
    asked = parser.parse_args()
    try:
        asyncio.run(tried(asked.image, asked.database, asked.exit_code, asked.slack))
    except PartError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{asked.image} works")
    return 0


if __name__ == "__main__":
    sys.exit(main())
