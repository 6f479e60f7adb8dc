"""The calls that pair a device, over HTTP, in every dialect."""

import pytest

from tests.core.wuts.conftest import MakeClient, StartSimulator
from tests.core.wuts.qr_reader import read_png
from tests.core.wuts.raw_gateway import RawGateway
from tests.core.wuts.values import CODE, DEVICE, PHONE, documented
from wuts import WutsClient
from wuts.errors import (
    AlreadyConnectedError,
    AlreadyPairedError,
    InvalidPhoneNumberError,
)
from wuts.qr import decode_image
from wuts_simulator import DialectName, Settings, Simulator

LIFETIMES = {DialectName.REFERENCE: 60, DialectName.GUIDE: 30, DialectName.QUICKSTART: 60}


async def test_a_qr_says_what_the_phone_must_scan(
    dialect_client: WutsClient, dialect_sim: Simulator, dialect: DialectName
) -> None:
    device = dialect_sim.world.add_device()
    qr = await dialect_client.get_qr(device.id)
    assert qr.qr_code
    assert qr.image
    assert read_png(decode_image(qr.image)) == qr.qr_code
    assert qr.lifetime == LIFETIMES[dialect]
    assert dialect_sim.world.scan(qr.qr_code, PHONE) is device


async def test_a_qr_is_repeated_unless_a_new_one_is_asked_for(
    dialect_client: WutsClient, dialect_sim: Simulator, dialect: DialectName
) -> None:
    device = dialect_sim.world.add_device()
    first = await dialect_client.get_qr(device.id)
    again = await dialect_client.get_qr(device.id)
    fresh = await dialect_client.get_qr(device.id, refresh=True)
    assert first.qr_code == again.qr_code != fresh.qr_code
    assert again.cached is (dialect is DialectName.REFERENCE)
    assert not fresh.cached


@pytest.mark.parametrize("skew", [3600.0, -3600.0])
async def test_a_gateway_whose_clock_is_off_does_not_change_the_life_of_a_qr(
    skew: float, start_simulator: StartSimulator, make_client: MakeClient
) -> None:
    sim = await start_simulator(Settings(clock_skew=skew, qr_first_life=40, qr_image=False))
    qr = await make_client(sim.url).get_qr(sim.world.add_device().id)
    assert qr.lifetime == 40
    without_ttl = qr.model_copy(update={"ttl": None})
    assert 38 < without_ttl.lifetime <= 41


async def test_a_qr_without_any_end_lives_for_thirty_seconds(
    raw: RawGateway, raw_client: WutsClient
) -> None:
    raw.answers(documented("qr_guide"))
    assert (await raw_client.get_qr(DEVICE)).lifetime == 30


async def test_a_qr_that_tells_only_its_end_is_read_by_the_answers_date(
    raw: RawGateway, raw_client: WutsClient
) -> None:
    body = documented("qr_reference")
    del body["data"]["ttl"]
    raw.answers(body, date="Sat, 14 Mar 2026 12:00:20 GMT")
    assert (await raw_client.get_qr(DEVICE)).lifetime == 40


async def test_the_state_of_a_qr_is_told(
    dialect_client: WutsClient, dialect_sim: Simulator
) -> None:
    device = dialect_sim.world.add_device()
    before = await dialect_client.get_qr_status(device.id)
    await dialect_client.get_qr(device.id)
    alive = await dialect_client.get_qr_status(device.id)
    dialect_sim.world.advance(61)
    expired = await dialect_client.get_qr_status(device.id)
    assert (before.exists, before.generated_at) == (False, None)
    assert alive.exists
    assert alive.generated_at
    assert (expired.exists, expired.generated_at) == (False, None)


async def test_a_pair_code_is_what_the_person_types(
    dialect_client: WutsClient, dialect_sim: Simulator
) -> None:
    device = dialect_sim.world.add_device()
    code = await dialect_client.request_pair_code("+55 11 99999-9999", device.id)
    assert code.phone == PHONE
    assert (code.lifetime, code.cached) == (300, False)
    assert code.instructions
    assert "Aparelhos conectados" in code.instructions
    assert dialect_sim.world.enter_code(device.id, code.code).phone == PHONE


async def test_a_pair_code_is_repeated_unless_a_new_one_is_asked_for(
    dialect_client: WutsClient, dialect_sim: Simulator
) -> None:
    device = dialect_sim.world.add_device()
    first = await dialect_client.request_pair_code(PHONE, device.id)
    dialect_sim.world.advance(100)
    again = await dialect_client.request_pair_code(PHONE, device.id, reuse_cache=True)
    fresh = await dialect_client.request_pair_code(PHONE, device.id, refresh=True)
    forced = await dialect_client.request_pair_code(PHONE, device.id, reuse_cache=False)
    assert (again.code, again.cached) == (first.code, True)
    assert again.lifetime <= 200
    assert len({first.code, fresh.code, forced.code}) == 3
    assert not fresh.cached


@pytest.mark.parametrize("number", ["", "12345", "+55 11 99999-999x", "5" * 16])
async def test_a_bad_phone_number_is_not_sent(
    client: WutsClient, sim: Simulator, number: str
) -> None:
    with pytest.raises(InvalidPhoneNumberError) as caught:
        await client.request_pair_code(number, sim.world.add_device().id)
    assert sim.world.requests.total() == 0
    assert not number or number not in str(caught.value)


@pytest.mark.parametrize("fixture", ["error_phone_invalid", "error_phone_required"])
async def test_a_phone_number_may_still_be_bad_to_the_gateway(
    raw: RawGateway, raw_client: WutsClient, fixture: str
) -> None:
    raw.answers(documented(fixture), 400)
    with pytest.raises(InvalidPhoneNumberError) as caught:
        await raw_client.request_pair_code(PHONE, DEVICE)
    assert caught.value.status == 400


async def test_a_connected_device_needs_no_pairing(
    dialect_client: WutsClient, dialect_sim: Simulator
) -> None:
    device = dialect_sim.world.add_device(state="connected")
    with pytest.raises(AlreadyConnectedError):
        await dialect_client.get_qr(device.id)
    with pytest.raises(AlreadyConnectedError):
        await dialect_client.request_pair_code(PHONE, device.id)


async def test_a_device_with_credentials_is_to_be_connected_instead(
    dialect_client: WutsClient, dialect_sim: Simulator
) -> None:
    device = dialect_sim.world.add_device(state="disconnected")
    with pytest.raises(AlreadyPairedError, match="Connect it instead"):
        await dialect_client.request_pair_code(PHONE, device.id)
    with pytest.raises(AlreadyPairedError, match="Connect it instead"):
        await dialect_client.get_qr(device.id)


async def test_without_an_id_the_gateway_picks_the_device(
    dialect_client: WutsClient, dialect_sim: Simulator
) -> None:
    device = dialect_sim.world.add_device()
    qr = await dialect_client.get_qr()
    assert qr.qr_code
    assert dialect_sim.world.scan(qr.qr_code, PHONE) is device
    dialect_sim.world.unlink(device.id)
    code = await dialect_client.request_pair_code(PHONE)
    assert dialect_sim.world.enter_code(device.id, code.code) is device


async def test_the_documented_pair_code_is_read_whole(
    raw: RawGateway, raw_client: WutsClient
) -> None:
    raw.answers(documented("paircode_cached"))
    code = await raw_client.request_pair_code(PHONE, DEVICE)
    assert (code.code, code.phone, code.lifetime, code.cached) == (CODE, PHONE, 180, True)
