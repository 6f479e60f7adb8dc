"""Which rows of a listing cannot be read is logged once, by their ids and nothing else of them."""

import pytest

from tests.core.wuts.supervisor.home import ACCOUNT, Home, until
from tests.core.wuts.values import Json
from wuts_simulator import EndpointName, Fault, FaultKind

LIST = EndpointName.LIST_DEVICES


def list_rows(home: Home, *rows: Json) -> None:
    """Let every listing have these rows from now on."""
    home.world.faults.clear()
    body = {"success": True, "devices": list(rows)}
    home.world.faults.add(Fault(kind=FaultKind.BODY, endpoint=LIST, status=200, body=body))


def row(device_id: object, connected: object = True) -> Json:
    return {
        "id": device_id,
        "name": "Aunt Ada",
        "connected": connected,
        "jid": "5511988887777@s.whatsapp.net",
    }


async def listings(home: Home, count: int) -> None:
    """Wait until so many more listings have been taken in."""
    more = home.requests(LIST) + count + 1
    await until(lambda: home.requests(LIST) >= more)


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [text for text in caplog.messages if "cannot be read" in text]


def line(label: str) -> str:
    return f"The gateway lists {label} in a form that cannot be read"


async def test_an_unreadable_row_is_logged_once_by_its_id(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    list_rows(home, row("good"), row("odd", "perhaps"), row("strange", None))
    async with home.supervised(sees=1):
        await listings(home, 3)
        assert logged(caplog) == [line("odd"), line("strange")]
    assert "Ada" not in caplog.text
    assert "5511988887777" not in caplog.text


async def test_a_row_without_an_id_is_logged_by_its_place(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    list_rows(home, row("good"), row({"a": 1}))
    async with home.supervised(sees=1):
        await listings(home, 2)
    assert logged(caplog) == [line("row 2")]


async def test_only_what_is_new_is_logged_and_what_comes_back_is_new(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    list_rows(home, row("good"), row("odd", "perhaps"))
    async with home.supervised(sees=1):
        await listings(home, 1)
        list_rows(home, row("good"), row("odd", "perhaps"), row("second", 7))
        await listings(home, 2)
        assert logged(caplog) == [line("odd"), line("second")]
        list_rows(home, row("good"), row("odd"), row("second", 7))
        await listings(home, 2)
        list_rows(home, row("good"), row("odd", "perhaps"), row("second", 7))
        await listings(home, 2)
    assert logged(caplog) == [line("odd"), line("second"), line("odd")]


async def test_an_account_that_is_added_again_is_logged_again(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    list_rows(home, row("good"), row("odd", "perhaps"))
    async with home.supervised(sees=1) as supervisor:
        await listings(home, 1)
        await supervisor.remove_account(ACCOUNT)
        supervisor.add_account(ACCOUNT, home.clients[0])
        await listings(home, 2)
    assert logged(caplog) == [line("odd")] * 2
