"""What the local port shows of the app."""

from aiohttp import ClientSession

from slack_app.operations.monitor import Monitor
from wuts.operations.background import Background


async def test_a_task_that_keeps_failing_is_in_healthz_until_it_does_not() -> None:
    background, monitor = Background(0.001), Monitor()
    background.on_failure = monitor.metrics.task_failed
    is_broken = True

    async def work() -> None:
        if is_broken:
            raise ValueError

    async with (
        monitor.listening("127.0.0.1", 0) as port,
        ClientSession(f"http://127.0.0.1:{port}") as http,
    ):
        assert await health(http) == (503, '{"status": "not connected to Slack"}')
        monitor.working(connected, background)
        background.start("alerts", work)
        while (answer := await health(http))[0] == 200:
            pass
        assert answer == (503, '{"status": "a task keeps failing", "tasks": ["alerts"]}')
        is_broken = False
        while (await health(http))[0] == 503:
            pass
        async with http.get("/metrics") as figures:
            assert 'wuts_task_failures_total{task="alerts"}' in await figures.text()
    await background.close()


async def connected() -> bool:
    return True


async def health(http: ClientSession) -> tuple[int, str]:
    async with http.get("/healthz") as answer:
        return answer.status, await answer.text()
