"""The monitor answers first, and SIGTERM and Ctrl+C end the app at every moment: real processes."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession, web

from scripts.lib.parts import free_port
from slack_app.settings import Settings
from tests.slack_app.standby.apps import WORKS, App, running
from tests.slack_app.strict_slack import ANA, PATIENCE, StrictSlack
from wuts_simulator import Simulator

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SIGNALS = pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])


@asynccontextmanager
async def tarpit() -> AsyncIterator[int]:
    """Take connections, and never answer; yields the port."""
    held: list[asyncio.StreamWriter] = []

    async def hold(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.append(writer)

    async with await asyncio.start_server(hold, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]
        for writer in held:
            writer.close()


@asynccontextmanager
async def between(strict: StrictSlack) -> AsyncIterator[tuple[asyncio.Event, str]]:
    """Pass on the calls to Slack until the event is set; then keep them, and answer nothing."""
    freeze, over = asyncio.Event(), asyncio.Event()

    async def pass_on(request: web.Request) -> web.Response:
        if freeze.is_set():
            await over.wait()
        url = f"{strict.url}{request.rel_url}"
        headers = {name: request.headers[name] for name in ("Authorization", "Content-Type")}
        async with ClientSession() as http:
            sent = http.request(request.method, url, data=await request.read(), headers=headers)
            async with sent as answer:
                return web.json_response(await answer.json(), status=answer.status)

    app = web.Application()
    app.router.add_route("*", "/api/{method}", pass_on)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield freeze, f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    finally:
        over.set()
        await runner.cleanup()


@asynccontextmanager
async def a_process(
    settings: Settings, folder: Path, *, store: str = "", **variables: str
) -> AsyncIterator[App]:
    own = settings.model_copy(update={"monitor_port": free_port()})
    address = store or f"sqlite:///{folder / 'store.db'}"
    async with running(own, address, folder, **variables) as app:
        app.said.append(str(own.monitor_port))
        yield app


async def ask(app: App, path: str) -> tuple[int, str]:
    """Ask the monitor, as soon as it answers."""
    url = f"http://127.0.0.1:{app.said[0].strip()}/{path}"
    async with asyncio.timeout(PATIENCE), ClientSession() as http:
        while True:
            assert app.process.returncode is None, await app.process.communicate()
            try:
                async with http.get(url) as answer:
                    return answer.status, await answer.text()
            except ClientError:
                await asyncio.sleep(0.05)


async def ends(app: App, number: signal.Signals) -> str:
    """Send a signal; return the rest of what the process says, which must end with 0."""
    app.process.send_signal(number)
    async with asyncio.timeout(PATIENCE):
        _, rest = await app.process.communicate()
    assert app.process.returncode == 0, rest
    assert b"Traceback" not in rest
    return rest.decode()


@SIGNALS
@pytest.mark.usefixtures("gateway")
async def test_while_slack_cannot_be_reached_at_start(
    number: signal.Signals, settings: Settings, tmp_path: Path
) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}/api/"
    async with a_process(settings, tmp_path, WUTS_SLACK_SLACK_URL=nowhere) as app:
        assert await ask(app, "healthz") == (503, '{"status": "not connected to Slack"}')
        assert (await ask(app, "readyz"))[0] == 503
        await app.says("Slack is not responding yet")
        await ends(app, number)


@SIGNALS
@pytest.mark.usefixtures("gateway")
async def test_while_slack_takes_the_call_and_does_not_answer_at_start(
    number: signal.Signals, settings: Settings, tmp_path: Path
) -> None:
    async with (
        tarpit() as port,
        a_process(settings, tmp_path, WUTS_SLACK_SLACK_URL=f"http://127.0.0.1:{port}/api/") as app,
    ):
        assert await ask(app, "healthz") == (503, '{"status": "not connected to Slack"}')
        assert "wuts_build_info" in (await ask(app, "metrics"))[1]
        await ends(app, number)


@SIGNALS
@pytest.mark.usefixtures("gateway")
async def test_while_the_store_does_not_answer(
    number: signal.Signals, strict: StrictSlack, settings: Settings, tmp_path: Path
) -> None:
    async with tarpit() as port:
        address = f"postgresql://u:secret-word@127.0.0.1:{port}/wuts"
        async with a_process(settings, tmp_path, store=address) as app:
            assert (await ask(app, "healthz"))[0] == 503
            said = await ends(app, number)
            assert "secret-word" not in said
    assert strict.calls == []


@SIGNALS
@pytest.mark.usefixtures("gateway")
async def test_a_database_that_is_down_at_start_is_waited_for_and_in_health_and_figures(
    number: signal.Signals, strict: StrictSlack, settings: Settings, tmp_path: Path
) -> None:
    address = f"postgresql://u:secret-word@127.0.0.1:{free_port()}/wuts"
    async with a_process(settings, tmp_path, store=address) as app:
        await app.says("Standby: The")
        told = '{"status": "standby, and the store does not answer"}'
        assert await ask(app, "healthz") == (503, told)
        assert await ask(app, "livez") == (200, told)
        assert "wuts_store_up 0.0" in (await ask(app, "metrics"))[1]
        await ends(app, number)
        assert "secret-word" not in "".join(app.said)
    assert strict.calls == []


@SIGNALS
async def test_in_the_middle_of_a_pairing(
    number: signal.Signals,
    strict: StrictSlack,
    gateway: Simulator,
    settings: Settings,
    tmp_path: Path,
) -> None:
    gateway.world.add_device(name="Front desk")
    async with a_process(settings, tmp_path) as app:
        await app.says(WORKS)
        await strict.command(ANA, "pair Front desk")
        await strict.says("slack_file")
        await ends(app, number)
    assert "Interrupted" in strict.said()
    assert strict.files.names == {}


async def test_in_the_middle_of_a_pairing_while_slack_does_not_answer_any_more(
    strict: StrictSlack, gateway: Simulator, settings: Settings, tmp_path: Path
) -> None:
    """What cannot be shown is left to the next run; the process does not wait for it."""
    gateway.world.add_device(name="Front desk")
    async with (
        between(strict) as (freeze, api),
        a_process(settings, tmp_path, WUTS_SLACK_SLACK_URL=api) as app,
    ):
        await app.says(WORKS)
        await strict.command(ANA, "pair Front desk")
        await strict.says("slack_file")
        freeze.set()
        await ends(app, signal.SIGTERM)
    assert "Interrupted" not in strict.said()
    async with a_process(settings, tmp_path) as app:
        await strict.until(lambda: "Interrupted" in strict.said())
        await strict.until(lambda: strict.files.names == {})
        await ends(app, signal.SIGTERM)


@pytest.mark.usefixtures("gateway")
async def test_who_asks_twice_has_no_time_for_good_order(
    strict: StrictSlack, settings: Settings, tmp_path: Path
) -> None:
    async with a_process(settings, tmp_path) as app:
        await app.says(WORKS)
        while app.process.returncode is None:
            app.process.send_signal(signal.SIGTERM)
            await asyncio.sleep(0)
        assert await app.process.wait() in {0, -signal.SIGTERM}
    assert strict.calls


@SIGNALS
@pytest.mark.usefixtures("gateway")
async def test_from_the_first_moment_on(
    number: signal.Signals, settings: Settings, tmp_path: Path
) -> None:
    """While it is being loaded, while it opens its store, while it finds Slack."""
    for seconds in (0.0, 0.5, 1.0, 1.5, 2.0):
        async with a_process(settings, tmp_path) as app:
            with suppress(TimeoutError):
                await asyncio.wait_for(app.process.wait(), seconds)
            app.process.send_signal(number)
            async with asyncio.timeout(PATIENCE):
                await app.process.communicate()
            assert app.process.returncode is not None
