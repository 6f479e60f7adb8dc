"""Which numbers are on WhatsApp, however the gateway spells them."""

import pytest

from tests.core.wuts.raw_gateway import RawGateway
from tests.core.wuts.values import Json
from wuts import WutsClient

WITH_NINE, WITHOUT_NINE = "5511999999999", "551199999999"
OTHER = "351912345678"


@pytest.mark.parametrize(
    ("told", "results"),
    [
        ({WITH_NINE: True, OTHER: False}, (True, False)),
        ({WITHOUT_NINE: True, OTHER: False}, (True, False)),
        ({WITH_NINE: True, OTHER: None}, (True, None)),
        ({WITH_NINE: True}, (True, None)),
        ({WITH_NINE: "yes", OTHER: False}, (None, False)),
        ({WITH_NINE: None, OTHER: True}, (None, True)),
        ({WITH_NINE: None, WITHOUT_NINE: True, OTHER: True}, (True, True)),
        ({f"+{WITH_NINE}": True, f"{OTHER}@s.whatsapp.net": False}, (True, False)),
        ({f"{WITHOUT_NINE}@c.us": True, "+351 912 345 678": True}, (True, True)),
        ({"status": True, "": True, OTHER: False}, (None, False)),
        ({}, (None, None)),
    ],
)
async def test_each_number_has_an_answer_of_its_own(
    raw: RawGateway, raw_client: WutsClient, told: Json, results: tuple[bool | None, bool | None]
) -> None:
    raw.answers({"success": True, "data": told})
    check = await raw_client.check_contacts([WITH_NINE, OTHER])
    assert check.results == dict(zip((WITH_NINE, OTHER), results, strict=True))
