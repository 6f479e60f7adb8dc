"""The board over HTTP: who may read it, what it says, and that it cannot be changed from there."""

import asyncio
import gzip
import json
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from tests.core.wuts.supervisor.home import until
from tests.wuts_cli.board.serving import ACCOUNT, HOSTILE, Served, fill, serving
from wuts.supervisor import DeviceState, Ownership, Supervisor
from wuts.supervisor.store import StoreUnavailableError
from wuts_cli.board import Board
from wuts_cli.board.payload import Kept, Payload
from wuts_simulator import Simulator

LARGEST = 100 * 1024
PATHS = ("", "board.json", "uptime.json?period=day")
FORBIDDEN = {"unsafe-inline", "unsafe-eval", "http:", "https:", "*"}


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession(auto_decompress=False) as found:
        yield found


async def test_it_says_what_the_supervisor_knows(served: Served) -> None:
    devices = await fill(served)
    said = await served.until_said(lambda said: len(said["alerts"]) >= 3)
    states = {one["name"]: one["state"] for one in said["devices"]}
    assert states["Reception"] == "needs_pairing"
    assert (states["Kiosk"], states["Spare"]) == ("paused", "never_paired")
    assert (states["Van"], states["Office"]) == ("reconnecting", "connected")
    [account] = said["accounts"]
    assert abs(account.pop("listed_at") - time.time()) < 600
    plain = {"name": ACCOUNT, "role": "owner", "state": "healthy", "devices": len(devices)}
    assert account == plain
    taken = next(one for one in said["alerts"] if one["device_name"] == "Reception")
    assert (taken["acknowledged_by"], taken["note"]) == ("Ana", "on my way")
    assert (taken["cause"], taken["next_step"]) == ("unlinked", "pair")
    muted = next(one for one in said["alerts"] if one["mute"])
    assert muted["mute"] == {"by": "Bo <b>", "reason": "moving house, …5678", "until": None}
    van = next(one for one in said["devices"] if one["name"] == "Van")
    assert van["next_try"] > van["since"]


async def test_no_answer_holds_a_phone_number(served: Served, session: ClientSession) -> None:
    devices = await fill(served)
    await served.until_said(lambda said: len(said["alerts"]) >= 3)
    numbers = [one.phone for one in devices.values() if one.phone] + ["5511987654321"]
    assert len(numbers) > 3
    for path in PATHS:
        async with session.get(served.url + path, headers={"Accept-Encoding": ""}) as answer:
            text = await answer.text()
        assert not [number for number in numbers if number[-8:] in text], path
        assert HOSTILE not in text


@pytest.mark.parametrize("path", PATHS)
async def test_who_may_not_read_it_learns_nothing(
    served: Served, session: ClientSession, path: str
) -> None:
    await fill(served)
    served.allowed = False
    async with session.get(served.url + path, headers={"Accept-Encoding": ""}) as answer:
        assert answer.status == 401
        text = await answer.text()
    assert "Reception" not in text
    assert len(text) < 10_000


@pytest.mark.parametrize("path", PATHS)
async def test_it_only_answers(served: Served, session: ClientSession, path: str) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        async with session.request(method, served.url + path) as answer:
            assert (answer.status, answer.headers["Allow"]) == (405, "GET,HEAD")
    async with session.head(served.url + path) as answer:
        assert answer.status == 200
        assert not await answer.read()


@pytest.mark.parametrize("allowed", [True, False])
async def test_no_answer_is_kept_framed_or_passed_on(
    served: Served, session: ClientSession, *, allowed: bool
) -> None:
    served.allowed = allowed
    for path in PATHS:
        async with session.get(served.url + path) as answer:
            headers = answer.headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none';")
        assert "frame-ancestors 'none'" in policy
        assert not FORBIDDEN & set(re.split(r"[ ;']+", policy))


@pytest.mark.parametrize(("header", "language"), [("pt-PT,en;q=0.5", "pt-BR"), ("de", "en")])
async def test_the_page_is_one_small_document(
    served: Served, session: ClientSession, header: str, language: str
) -> None:
    headers = {"Accept-Language": header, "Accept-Encoding": ""}
    async with session.get(served.url, headers=headers) as answer:
        body = await answer.read()
    page = body.decode()
    assert len(body) <= LARGEST
    assert f'<html lang="{language}">' in page
    assert page.count("<script>") == page.count("<style>") == 1
    assert not re.search(r"""(src|href|action)=["'](?!#|data:)""", page)
    assert "url(" not in page
    assert "@import" not in page
    assert not re.search(r"""\s(style|on[a-z]+)=["']""", page), "the policy would block it"
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", page)


async def test_what_did_not_change_is_not_sent_again(
    served: Served, session: ClientSession
) -> None:
    devices = await fill(served)
    await served.until_said(lambda said: len(said["alerts"]) >= 3)
    async with session.get(f"{served.url}board.json") as answer:
        tag, compressed = answer.headers["ETag"], await answer.read()
        assert answer.headers["Content-Encoding"] == "gzip"
    plain = json.loads(gzip.decompress(compressed))
    asked = {"If-None-Match": tag}
    assert (await served.board._make_state()).etag == tag, "time alone changes nothing"
    async with session.get(f"{served.url}board.json", headers=asked) as answer:
        assert (answer.status, await answer.read()) == (304, b"")
        assert float(answer.headers["X-Board-Time"]) > 0
    await served.supervisor.pause(ACCOUNT, devices["Office"].id)
    assert await served.until_said(lambda said: bool(said != plain))
    async with session.get(f"{served.url}board.json", headers=asked) as answer:
        assert answer.status == 200


async def test_uptime_is_read_from_the_history(served: Served, session: ClientSession) -> None:
    devices = await fill(served)
    await until(lambda: served.state_of(devices["Reception"]) is DeviceState.NEEDS_PAIRING)
    async with session.get(f"{served.url}uptime.json?period=quarter") as answer:
        said = json.loads(gzip.decompress(await answer.read()))
    cells, share, drops, longest = said["accounts"][0][devices["Office"].id]
    assert (said["parts"], said["part"]) == (90, 86400)
    assert cells == "-" * 89 + "9"
    assert (share, drops, longest) == (1.0, 0, 0)
    assert said["accounts"][0][devices["Spare"].id][:2] == ["-" * 90, None]


@pytest.mark.parametrize("query", ["", "?period=year", "?period=", "?period=day&period=quarter"])
async def test_only_known_periods_are_told(
    served: Served, session: ClientSession, query: str
) -> None:
    async with session.get(f"{served.url}uptime.json{query}") as answer:
        assert answer.status == (200 if "day" in query else 404)


async def test_without_a_store_there_is_no_uptime(sim: Simulator, session: ClientSession) -> None:
    async with serving(sim) as served:
        assert (await served.state())["history"] is False
        async with session.get(f"{served.url}uptime.json?period=day") as answer:
            assert answer.status == 404


async def test_a_store_that_fails_is_said(
    sim: Simulator, session: ClientSession, tmp_path: Path
) -> None:
    file = tmp_path / "store.db"
    async with serving(sim, store=file) as served:
        devices = await fill(served)
        assert (await served.state())["store_works"] is True
        file.rename(tmp_path / "away.db")
        async with session.get(f"{served.url}uptime.json?period=quarter") as answer:
            assert answer.status == 503
            assert str(tmp_path) not in await answer.text()
        sim.world.drop(devices["Office"].id)
        served.supervisor.wake(ACCOUNT, devices["Office"].id)
        await served.until_said(lambda said: not said["store_works"])
        (tmp_path / "away.db").rename(file)
        await served.until_said(lambda said: bool(said["store_works"]))


async def test_who_waits_for_another_process_says_so(
    sim: Simulator, session: ClientSession, tmp_path: Path
) -> None:
    file = tmp_path / "store.db"
    async with serving(sim, store=file) as first:
        await fill(first)
        async with serving(sim, store=file, accounts={ACCOUNT: True, "far": False}) as second:
            assert await second.supervisor.until_decided(ACCOUNT) is Ownership.STANDBY
            said = await second.until_said(
                lambda said: bool(said["accounts"][0]["role"] == "standby")
            )
            nothing = {"state": "healthy", "devices": 0, "listed_at": None}
            assert said["accounts"] == [
                {"name": ACCOUNT, "role": "standby", **nothing},
                {"name": "far", "role": "elsewhere", **nothing},
            ]
            assert (said["devices"], said["alerts"]) == ([], [])
            async with session.get(f"{second.url}uptime.json?period=day") as answer:
                uptime = json.loads(gzip.decompress(await answer.read()))
            assert uptime["accounts"] == [{}, {}]


async def test_a_service_may_ask_for_its_token_there(sim: Simulator) -> None:
    async def sign_in(_request: web.Request) -> web.Response:
        return web.Response(text="the token, please", status=401)

    supervisor = Supervisor()
    board = Board(supervisor, ["home"], may_read=lambda _request: False, sign_in=sign_in)
    served = Served(sim, supervisor, board)
    await served.start()
    async with ClientSession() as session, session.get(served.url) as answer:
        assert (answer.status, await answer.text()) == (401, "the token, please")
    await served.stop()
    await board.aclose()


class Source:
    """Makes payloads, when it is let."""

    def __init__(self) -> None:
        self.made = 0
        self.now = 0.0
        self.go = asyncio.Event()
        self.is_broken = False

    async def make(self) -> Payload:
        await self.go.wait()
        if self.is_broken:
            raise StoreUnavailableError
        self.made += 1
        return Payload.of_json(self.made)


async def test_many_who_ask_at_once_get_one_answer() -> None:
    source = Source()
    kept = Kept(source.make, 10.0, lambda: source.now)
    asking = [asyncio.create_task(kept.get()) for _ in range(5)]
    await asyncio.sleep(0)
    asking[0].cancel()  # whoever began it is gone
    source.go.set()
    assert {one.body for one in await asyncio.gather(*asking[1:])} == {b"1"}
    source.now = 9.0
    assert (await kept.get()).body == b"1"
    source.now = 10.0
    assert (await kept.get()).body == b"2"
    await kept.aclose()


async def test_what_cannot_be_made_is_not_asked_for_all_the_time() -> None:
    source = Source()
    source.go.set()
    source.is_broken = True
    kept = Kept(source.make, 10.0, lambda: source.now)
    for _ in range(2):
        with pytest.raises(StoreUnavailableError):
            await kept.get()
    source.is_broken = False
    with pytest.raises(StoreUnavailableError):
        await kept.get()
    source.now = 10.0
    assert (await kept.get()).body == b"1"


async def test_who_waits_for_what_is_given_up_does_not_wait_for_ever() -> None:
    source = Source()
    kept = Kept(source.make, 10.0)
    asking = asyncio.create_task(kept.get())
    await asyncio.sleep(0)
    await kept.aclose()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert source.made == 0
