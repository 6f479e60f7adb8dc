"""Who may obtain a QR or a code from the service: its rows of the table in docs/security.md."""

import pytest

from tests.wuts_cli.command import until
from tests.wuts_cli.pairing.test_page import browser
from tests.wuts_cli.pairing.test_who_may import ROLES, WITH_TOKEN, cells
from wuts_simulator import Device

from .conftest import BEARER, SERVICE_TOKEN, Running
from .test_pairings import ask, link_to, open_page

LINK = "link: `POST /pair` of `wuts watch --listen`"
SHOWN = "JSON: the board, metrics, `/healthz`, the log"


def test_each_way_of_the_table_is_tried() -> None:
    assert cells("service").keys() == {LINK, SHOWN}


@pytest.mark.parametrize("role", ROLES)
async def test_who_has_the_token_makes_links_and_nobody_else(
    service: Running, desk: Device, role: str
) -> None:
    may = cells("service")[LINK][role]
    assert may == (role in WITH_TOKEN)
    headers = BEARER if may else {"Authorization": "Bearer guessed", "Cookie": SERVICE_TOKEN}
    status, answer = await ask(service, {"device": desk.id}, headers)
    assert status == (201 if may else 401)
    assert ("url" in answer) is may


async def test_nothing_that_the_service_shows_or_logs_holds_a_qr_or_a_link(
    service: Running, desk: Device, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    assert not any(cells("service")[SHOWN].values())
    url = await link_to(service, desk)
    async with browser() as http:
        await open_page(http, url)
        await until(lambda: desk.qr is not None)
        shown = [
            (await service.get(path, **BEARER))[1]
            for path in ("/board.json", "/", "/metrics", "/healthz", "/readyz")
        ]
    assert desk.qr is not None
    for text in (*shown, caplog.text):
        assert desk.qr.payload not in text
        assert url.rpartition("/")[2] not in text
        assert SERVICE_TOKEN not in text
