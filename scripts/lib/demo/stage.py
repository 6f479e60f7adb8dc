"""Starts all that the demonstration shows, and knows where each part of it is."""

import asyncio
import os
import shutil
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.lib.home_assistant import ARCHIVE, HomeAssistant
from scripts.lib.parts import ROOT, Part, PartError, check_port, running
from wuts_simulator import Settings, Simulator

from .slack import REAL_SLACK, Workspace, app_part

FOLDER = ROOT / ".cache/demo"
DEVICES = ("Front desk", "Workshop")
"""Devices of a gateway of ours, none of them paired."""

REAL_GATEWAY = "https://api.wuts.com.br"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What runs.

    Attributes:
        url: The gateway's address.
        token: The account's token there.
        gateway: The gateway, if it is ours, with `DEVICES`.
        home: Home Assistant.
        home_token: A token of a person's in Home Assistant, if it is new.
        slack: Where Slack is, or None if there is none.
        workspace: The local Slack, if it is one.
    """

    url: str
    token: str
    gateway: Simulator | None
    home: HomeAssistant
    home_token: str | None
    slack: str | None
    workspace: Workspace | None


class _Builder:
    """Starts one part after the other, or several at once.

    Args:
        stack: What stops them.
        first_port: The first of four ports.
        environment: Our variables, with tokens of real services or without.
    """

    def __init__(
        self, stack: AsyncExitStack, first_port: int, environment: Mapping[str, str]
    ) -> None:
        self._stack = stack
        self._environment = environment
        self._gateway_port, self._home_port, self._slack_port, self._app_port = range(
            first_port, first_port + 4
        )
        self.is_real = bool(environment.get("WUTS_TOKEN"))
        self._folder = FOLDER / ("real" if self.is_real else "local")

    async def build(self) -> Stage:
        """Start everything.

        Raises:
            PartError: A part cannot be started; what was started is stopped by the stack.
        """
        self._check_ports()
        shutil.rmtree(FOLDER / "logs", ignore_errors=True)
        if not self.is_real:
            shutil.rmtree(self._folder, ignore_errors=True)
        gateway = None if self.is_real else await self._start_gateway()
        url = gateway.url if gateway else self._environment.get("WUTS_BASE_URL", REAL_GATEWAY)
        token = gateway.token if gateway else self._environment["WUTS_TOKEN"]
        home = HomeAssistant(self._folder / "home-assistant", self._home_port)
        try:
            async with asyncio.TaskGroup() as group:
                home_started = group.create_task(self._start_home(home))
                slack_started = group.create_task(self._start_slack(url, token))
        except* PartError as failed:
            raise _first_of(failed) from None
        slack, workspace = slack_started.result()
        await self._stack.enter_async_context(_watching(url, token))
        return Stage(
            url=url,
            token=token,
            gateway=gateway,
            home=home,
            home_token=home_started.result(),
            slack=slack,
            workspace=workspace,
        )

    def _check_ports(self) -> None:
        if not self.is_real:
            check_port(self._gateway_port, "the gateway")
        check_port(self._home_port, "Home Assistant")
        check_port(self._slack_port, "the local Slack")
        check_port(self._app_port, "the Slack app")

    async def _start_gateway(self) -> Simulator:
        say("Starting a gateway")
        gateway = Simulator(Settings(port=self._gateway_port))
        await self._stack.enter_async_context(gateway)
        for name in DEVICES:
            gateway.world.add_device("home", name)
        return gateway

    async def _start_home(self, home: HomeAssistant) -> str | None:
        home.install(ARCHIVE)
        await self._start("Home Assistant, which takes the longest", home.part(_log("home")))
        return await home.onboard()

    async def _start_slack(self, url: str, token: str) -> tuple[str | None, Workspace | None]:
        if self._environment.get("WUTS_SLACK_BOT_TOKEN"):
            own = {"WUTS_SLACK_ACCOUNTS__HOME__TOKEN": token, "WUTS_SLACK_ACCOUNTS__HOME__URL": url}
            app = app_part(_log("slack-app"), {**own, **self._environment}, self._app_port)
            await self._start("the Slack app in your workspace", app)
            return REAL_SLACK, None
        program = self._environment.get("WUTS_LOCAL_SLACK")
        if program is None:
            return None, None
        workspace = Workspace(Path(program), self._slack_port, self._folder / "slack")
        await self._start("a local Slack", workspace.server(_log("slack")))
        app = workspace.app(_log("slack-app"), url, token, self._app_port)
        await self._start("the Slack app in it", app)
        return workspace.url, workspace

    async def _start(self, what: str, part: Part) -> None:
        say(f"Starting {what}")
        await self._stack.enter_async_context(running(part))


@asynccontextmanager
async def built_stage(
    first_port: int, environment: Mapping[str, str] = os.environ
) -> AsyncIterator[Stage]:
    """Start everything, and stop it behind the context.

    Raises:
        PartError: A part cannot be started.
    """
    async with AsyncExitStack() as stack:
        yield await _Builder(stack, first_port, environment).build()


@asynccontextmanager
async def _watching(url: str, token: str) -> AsyncIterator[None]:
    """Print what happens to the devices, as ``wuts watch`` does in a pipe."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "wuts_cli", "watch", "--interval", "5"),
        stdin=DEVNULL,
        stderr=DEVNULL,
        env={**os.environ, "WUTS_BASE_URL": url, "WUTS_TOKEN": token, "TERM": "dumb"},
        start_new_session=True,
    )
    try:
        yield
    finally:
        process.terminate()
        await process.wait()


def say(text: str) -> None:
    """Say what is going on."""
    print(f"==> {text}", file=sys.stderr, flush=True)


def _log(name: str) -> Path:
    return FOLDER / f"logs/{name}.log"


def _first_of(failed: BaseExceptionGroup[PartError]) -> PartError:
    first = failed.exceptions[0]
    return first if isinstance(first, PartError) else _first_of(first)
