from datetime import UTC, datetime

import pytest

from tests.core.wuts.pngs import data_url
from tests.core.wuts.qr_reader import read_png
from tests.core.wuts.values import CODE, OTHER_PHONE, PAYLOAD, PHONE
from wuts.errors import UnexpectedAnswerError
from wuts.models import QrCode
from wuts.pairing import (
    CodeReady,
    Paired,
    PairedHow,
    PairingEvent,
    PairingSettings,
    QrReady,
    Scanned,
    WrongAccount,
)
from wuts.qr import render_png

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


def qr_ready(**fields: str) -> QrReady:
    return QrReady(qr=QrCode.model_validate(fields), expires_at=NOON, lifetime=60, number=1)


async def test_a_qr_is_drawn_from_its_payload() -> None:
    event = qr_ready(qr_code=PAYLOAD, image="not looked at")
    assert event.payload == PAYLOAD
    assert read_png(await event.png()) == PAYLOAD


async def test_the_gateways_own_image_is_handed_on_when_it_is_all_there_is() -> None:
    image = render_png("2@only an image")
    event = qr_ready(image=data_url(image))
    assert event.payload is None
    assert await event.png() == image


@pytest.mark.parametrize("fields", [{}, {"image": "data:image/png;base64,%%%"}])
async def test_a_qr_without_payload_and_without_a_sane_image_cannot_be_drawn(
    fields: dict[str, str],
) -> None:
    with pytest.raises(UnexpectedAnswerError):
        await qr_ready(**fields).png()


@pytest.mark.parametrize(
    "event",
    [
        qr_ready(qr_code=PAYLOAD),
        CodeReady(
            code=CODE,
            phone=PHONE,
            expires_at=NOON,
            lifetime=300,
            instructions=f"Digite {CODE}.",
            number=1,
        ),
        Scanned(phone_number=PHONE),
        Paired(phone_number=PHONE, how=PairedHow.LINKED),
        WrongAccount(phone_number=PHONE, expected=OTHER_PHONE),
        PairingSettings(phone=PHONE, expected_number=OTHER_PHONE),
    ],
    ids=lambda event: type(event).__name__,
)
def test_no_event_shows_a_secret(event: PairingEvent | PairingSettings) -> None:
    for secret in (PAYLOAD, CODE, PHONE, OTHER_PHONE):
        assert secret not in f"{event!r} {event}"
