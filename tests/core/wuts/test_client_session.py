"""The calls about a device's session and what it can do, over HTTP, in every dialect."""

from datetime import UTC, datetime

import pytest

from tests.core.wuts.conftest import MakeClient, StartSimulator
from tests.core.wuts.values import DEVICE, GROUP, OTHER_PHONE, PHONE
from wuts import WebhookConfig, WutsClient
from wuts.errors import (
    DeviceNotConnectedError,
    DeviceNotFoundError,
    DeviceNotReadyError,
    GatewayBusyError,
    InvalidInputError,
    InvalidPhoneNumberError,
    RequestRefusedError,
)
from wuts.models import Acknowledgement, ConnectResult
from wuts_simulator import EventName, Fault, FaultKind, Settings, Simulator


async def test_a_connected_device_is_ready(
    dialect_client: WutsClient, dialect_sim: Simulator
) -> None:
    device = dialect_sim.world.add_device(state="connected", phone=PHONE)
    status = await dialect_client.get_status(device.id)
    assert status.ready
    assert (status.status, status.device_id) == ("connected", device.id)
    assert status.phone_number == PHONE
    assert status.last_seen


async def test_a_device_that_was_never_paired_has_no_credentials(
    dialect_client: WutsClient, dialect_sim: Simulator
) -> None:
    status = await dialect_client.get_status(dialect_sim.world.add_device().id)
    assert not status.ready
    assert not status.has_credentials
    assert (status.status, status.phone_number, status.last_seen) == ("disconnected", None, None)


async def test_a_dropped_session_keeps_its_credentials(
    dialect_client: WutsClient, dialect_sim: Simulator
) -> None:
    device = dialect_sim.world.add_device(state="connected", phone=PHONE)
    dialect_sim.world.drop(device.id)
    status = await dialect_client.get_status(device.id)
    assert (status.ready, status.has_credentials) == (False, True)
    assert (status.status, status.phone_number) == ("disconnected", PHONE)


async def test_a_device_is_connecting_after_the_scan(
    start_simulator: StartSimulator, make_client: MakeClient
) -> None:
    sim = await start_simulator(Settings(connecting_for=3600, qr_image=False))
    client = make_client(sim.url)
    device = sim.world.add_device()
    await client.get_qr(device.id)
    sim.world.scan_device(device.id, PHONE)
    status = await client.get_status(device.id)
    assert (status.status, status.ready, status.has_credentials) == ("connecting", False, True)


async def test_a_stored_session_is_reconnected(
    dialect_client: WutsClient, dialect_sim: Simulator
) -> None:
    device = dialect_sim.world.add_device(state="disconnected")
    result = await dialect_client.connect(device.id)
    assert result == ConnectResult(status="connected", device_id=device.id, needs_qr=False)
    assert dialect_sim.world.device(device.id).is_connected


@pytest.mark.parametrize("state", ["never_paired", "logged_out"])
async def test_a_device_without_credentials_needs_a_qr(
    dialect_client: WutsClient, dialect_sim: Simulator, state: str
) -> None:
    device = dialect_sim.world.add_device(state=state)
    result = await dialect_client.connect(device.id)
    assert result == ConnectResult(status="logged_out", device_id=device.id, needs_qr=True)


async def test_a_reconnect_that_fails_is_a_busy_gateway(client: WutsClient, sim: Simulator) -> None:
    device = sim.world.add_device(state="disconnected")
    sim.world.faults.add(Fault(kind=FaultKind.STATUS, endpoint="POST /connect", status=503))
    with pytest.raises(GatewayBusyError):
        await client.connect(device.id)


async def test_a_disconnected_device_keeps_its_credentials(
    dialect_client: WutsClient, dialect_sim: Simulator
) -> None:
    device = dialect_sim.world.add_device(state="connected")
    answer = await dialect_client.disconnect(device.id)
    assert answer == Acknowledgement(message="Device disconnected", device_id=device.id)
    assert dialect_sim.world.device(device.id).jid
    with pytest.raises(DeviceNotConnectedError):
        await dialect_client.disconnect(device.id)


async def test_a_logged_out_device_must_be_paired_again(
    dialect_client: WutsClient, dialect_sim: Simulator
) -> None:
    device = dialect_sim.world.add_device(state="connected")
    answer = await dialect_client.logout(device.id)
    assert answer == Acknowledgement(message="Device logged out", device_id=device.id)
    assert (await dialect_client.connect(device.id)).needs_qr
    with pytest.raises(RequestRefusedError, match="device not connected") as caught:
        await dialect_client.logout(device.id)
    assert caught.value.error_code == "DEVICE_NOT_CONNECTED"


async def test_without_an_id_the_gateway_picks_the_device(
    dialect_client: WutsClient, dialect_sim: Simulator
) -> None:
    device = dialect_sim.world.add_device(state="connected")
    assert (await dialect_client.get_status()).device_id == device.id
    assert (await dialect_client.connect()).device_id == device.id
    assert (await dialect_client.disconnect()).device_id == device.id
    assert (await dialect_client.connect()).device_id == device.id
    assert (await dialect_client.logout()).device_id == device.id


async def test_without_an_id_and_without_devices_there_is_none(client: WutsClient) -> None:
    with pytest.raises(DeviceNotFoundError):
        await client.get_status()
    with pytest.raises(DeviceNotConnectedError):
        await client.disconnect()


async def test_contacts_are_checked(dialect_client: WutsClient, dialect_sim: Simulator) -> None:
    device = dialect_sim.world.add_device(state="connected", phone=PHONE)
    stranger = "5511888888883"
    check = await dialect_client.check_contacts(["+55 (11) 99999-9999", stranger], device.id)
    assert check.results == {PHONE: True, stranger: False}
    assert (await dialect_client.check_contacts([PHONE])).results == {PHONE: True}


async def test_bad_numbers_are_not_sent(client: WutsClient, sim: Simulator) -> None:
    with pytest.raises(InvalidPhoneNumberError, match="Number 2"):
        await client.check_contacts([PHONE, "12"])
    with pytest.raises(InvalidInputError, match="at least one"):
        await client.check_contacts([])
    assert sim.world.requests.total() == 0


async def test_a_text_is_sent(dialect_client: WutsClient, dialect_sim: Simulator) -> None:
    device = dialect_sim.world.add_device(state="connected")
    text = "Olá! 👋\nSecond line"
    sent = await dialect_client.send_text("+55 21 98888-8888", text, device.id)
    (message,) = dialect_sim.world.messages
    assert (message.id, message.text) == (sent.message_id, text)
    assert (sent.status, sent.chat_jid) == ("sent", f"{OTHER_PHONE}@s.whatsapp.net")
    assert sent.metadata
    assert sent.metadata.device_id == device.id
    assert sent.timestamp
    assert sent.timestamp <= datetime.now(UTC)


async def test_a_text_is_sent_to_a_group(client: WutsClient, sim: Simulator) -> None:
    sim.world.add_device(state="connected")
    sent = await client.send_text(GROUP, "Hello", delay=1, typing_duration=2)
    assert sent.chat_jid == GROUP


async def test_a_text_cannot_be_sent_while_the_session_is_down(
    client: WutsClient, sim: Simulator
) -> None:
    device = sim.world.add_device(state="disconnected")
    with pytest.raises(DeviceNotReadyError) as caught:
        await client.send_text(PHONE, "Hello", device.id)
    assert caught.value.error_code == "DEVICE_NOT_READY"


@pytest.mark.parametrize("text", ["", "x" * 4097, "half of a character: \ud83d"])
async def test_an_unusable_text_is_not_sent(client: WutsClient, sim: Simulator, text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        await client.send_text(PHONE, text)
    assert caught.value.__context__ is None
    assert sim.world.requests.total() == 0


@pytest.mark.parametrize("to", ["", "somebody", f"{PHONE}@s.whatsapp.net"])
async def test_an_unusable_recipient_is_not_sent(
    client: WutsClient, sim: Simulator, to: str
) -> None:
    with pytest.raises(InvalidPhoneNumberError):
        await client.send_text(to, "Hello")
    assert sim.world.requests.total() == 0


async def test_a_webhook_is_set_read_and_replaced(
    dialect_client: WutsClient, dialect_sim: Simulator
) -> None:
    device = dialect_sim.world.add_device()
    config = WebhookConfig(
        url="https://hooks.example.com/wuts",
        events=(EventName.CONNECTED, EventName.LOGGED_OUT),
        retry_attempts=5,
        timeout=10,
        secret="shared",
        headers={"X-Hook": "ours"},
    )
    assert await dialect_client.get_webhook(device.id) is None
    stored = await dialect_client.set_webhook(config, device.id)
    assert stored
    assert stored == await dialect_client.get_webhook(device.id)
    assert stored.id
    assert (stored.webhook_url, stored.enabled_events) == (config.url, config.events)
    assert (stored.enabled, stored.retry_attempts, stored.timeout) == (True, 5, 10)
    assert stored.headers == {"X-Hook": "ours"}
    other = WebhookConfig(url="https://other.example.com/", events=("qr.generated",))
    replaced = await dialect_client.set_webhook(other, device.id)
    assert replaced
    assert replaced.webhook_url == other.url
    assert await dialect_client.get_webhook(device.id) == replaced


async def test_a_webhook_that_the_gateway_refuses(client: WutsClient, sim: Simulator) -> None:
    device = sim.world.add_device()
    config = WebhookConfig(url="https://hooks.example.com/", events=("no.such_event",))
    with pytest.raises(RequestRefusedError, match=r"enabled_events: unknown event") as caught:
        await client.set_webhook(config, device.id)
    assert caught.value.error_code == "VALIDATION_ERROR"


async def test_the_events_of_a_webhook_are_listed(dialect_client: WutsClient) -> None:
    assert await dialect_client.list_webhook_events() == tuple(EventName)


@pytest.mark.parametrize("device_id", ["", "..", "two words"])
async def test_an_id_that_is_none_is_not_sent(
    client: WutsClient, sim: Simulator, device_id: str
) -> None:
    with pytest.raises(InvalidInputError):
        await client.get_status(device_id)
    with pytest.raises(InvalidInputError):
        await client.delete_device(device_id)
    assert sim.world.requests.total() == 0


async def test_an_odd_id_is_no_devices_id(client: WutsClient) -> None:
    for device_id in (DEVICE, "../devices", "a/b", "a%2Fb", "a?b=c#d"):
        with pytest.raises(DeviceNotFoundError):
            await client.delete_device(device_id)
