"""Who may obtain a QR or a code by the command and by a link: the table in docs/security.md."""

from pathlib import Path

import pytest
from aiohttp import ClientSession, CookieJar

from tests.wuts_cli.command import Wuts, next_event, until
from wuts_simulator import Device, Simulator

PAGE = Path(__file__).parents[3] / "docs" / "security.md"
ROLES = ("in charge", "member", "guest", "program", "outsider")
WITH_TOKEN = {"in charge", "program"}
"""Whoever has it; the command knows no other people."""

WAYS: dict[str, tuple[str, ...]] = {
    "`wuts pair` in a terminal or a pipe": (),
    "JSON: `wuts pair --json`": ("--json",),
    "link: `wuts pair --page`": ("--page", "--json"),
}
FIRST = "link: open it first"
LATER = "link: open it once somebody else has, or once it is over"


def cells(frontend: str) -> dict[str, dict[str, bool]]:
    """Return a frontend's rows of the table: who gets a QR or a code by which way."""
    rows = [
        [cell.strip() for cell in line.strip("| ").split("|")]
        for line in PAGE.read_text("utf-8").splitlines()
        if line.startswith(f"| {frontend} |")
    ]
    return {
        way: dict(zip(ROLES, (cell == "yes" for cell in row), strict=True)) for _, way, *row in rows
    }


def test_each_way_of_the_table_is_tried() -> None:
    assert cells("command").keys() == WAYS.keys()
    assert cells("any").keys() == {FIRST, LATER}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("way", WAYS)
async def test_who_has_the_token_may_and_nobody_else(
    sim: Simulator, wuts: Wuts, desk: Device, way: str, role: str
) -> None:
    may = cells("command")[way][role]
    assert may == (role in WITH_TOKEN)
    command = ("pair", desk.id, *WAYS[way])
    if may:
        async with wuts.started(*command) as process:
            if "--page" in command:
                assert (await next_event(process))["event"] == "page"
            else:
                await until(lambda: desk.qr)
        return
    done = await Wuts(sim.url, token="")(*command)
    assert done.code == 2
    assert "qr" not in done.out.casefold()
    assert "token" in done.out + done.err
    assert desk.qr is None


@pytest.mark.parametrize("role", ROLES)
async def test_a_link_is_a_right_by_itself_and_once_only(
    wuts: Wuts, desk: Device, role: str
) -> None:
    may = {way: row[role] for way, row in cells("any").items()}
    assert may == {FIRST: True, LATER: False}, "whoever opens it, is not asked who they are"
    async with wuts.started("pair", desk.id, "--page", "--json") as process:
        url = (await next_event(process))["url"]
        async with browser() as first, first.post(url) as opened:
            assert opened.status == 200
        await until(lambda: desk.qr)
        assert desk.qr is not None
        for method in ("GET", "POST"):
            async with browser() as second, second.request(method, url) as refused:
                assert refused.status == 403
                assert '<div class="qr">' not in await refused.text()


def browser() -> ClientSession:
    return ClientSession(cookie_jar=CookieJar(unsafe=True))
