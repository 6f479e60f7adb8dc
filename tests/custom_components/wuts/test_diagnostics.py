import json
from types import MappingProxyType
from typing import Any

import pytest
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
    get_diagnostics_for_device,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from syrupy.assertion import SnapshotAssertion
from syrupy.filters import props

from custom_components.wuts import diagnostics as diagnostics_module
from custom_components.wuts.const import CONF_DEVICE_ID, SUBENTRY_RECIPIENT
from custom_components.wuts.core.supervisor import DeviceState
from custom_components.wuts.models import WutsDevice
from tests.custom_components.wuts.helpers import AddEntry, registered
from wuts_simulator import Device, Fault, FaultKind, Simulator

PHONE = "5511988887777"
ANA = "5511977776665"
HOOK = "https://home.example/api/webhook/s3cret-of-the-webhook"


@pytest.fixture
async def entry(hass: HomeAssistant, device: Device, add_entry: AddEntry) -> MockConfigEntry:
    """An account with a device and a recipient."""
    entry = await add_entry(device)
    recipient = ConfigSubentry(
        data=MappingProxyType({"recipient": ANA, CONF_DEVICE_ID: device.id}),
        subentry_type=SUBENTRY_RECIPIENT,
        title="Ana",
        unique_id=None,
    )
    hass.config_entries.async_add_subentry(entry, recipient)
    await hass.async_block_till_done()
    return entry


@pytest.fixture
def of_recipient(hass: HomeAssistant, entry: MockConfigEntry) -> dr.DeviceEntry:
    """The recipient in Home Assistant's registry."""
    (found,) = (
        one
        for one in dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
        if one.name == "Ana"
    )
    return found


def codes_in(found: Any) -> set[str]:  # noqa: ANN401 - it is JSON
    return {finding["code"] for finding in found["doctor"]["findings"]}


async def test_an_accounts_diagnostics_are_as_recorded(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    entry: MockConfigEntry,
    snapshot: SnapshotAssertion,
) -> None:
    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert {"token_accepted", "plain_http", "read_matches"} <= codes_in(found)
    assert found.pop("doctor")
    assert found == snapshot(exclude=props("id", "last_seen", "url"))


async def test_a_devices_diagnostics_are_as_recorded(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    sim: Simulator,
    device: Device,
    entry: MockConfigEntry,
    snapshot: SnapshotAssertion,
) -> None:
    sim.world.add_device(name="Shop", state="connected")
    sim.world.requests.reset()
    place = registered(hass, device)
    found: Any = await get_diagnostics_for_device(hass, hass_client, entry, place)
    assert found["device"]["id"] == device.id
    assert {"token_accepted", "plain_http", "read_matches"} <= codes_in(found)
    assert found.pop("doctor")
    assert found == snapshot(exclude=props("id", "last_seen", "url"))


async def test_a_recipients_diagnostics_are_those_of_its_sender(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    device: Device,
    entry: MockConfigEntry,
    of_recipient: dr.DeviceEntry,
) -> None:
    found: Any = await get_diagnostics_for_device(hass, hass_client, entry, of_recipient)
    assert (found["kind"], found["device"]["id"]) == ("recipient", device.id)
    assert ANA not in json.dumps(found)


@pytest.mark.parametrize("about", ["account", "device", "recipient"])
async def test_no_secret_gets_into_any_diagnostics(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    sim: Simulator,
    device: Device,
    entry: MockConfigEntry,
    of_recipient: dr.DeviceEntry,
    about: str,
) -> None:
    """Also where a gateway repeats them in its own words, or uses a number as an id."""
    waiting = sim.world.add_device(name="Shop", state="never_paired")
    client = entry.runtime_data.client
    qr = (await client.get_qr(waiting.id)).qr_code
    code = (await client.request_pair_code(ANA, waiting.id)).code
    secrets = {sim.token, PHONE, ANA, str(device.jid), qr, code, HOOK, "Front desk", "Ana"}
    data = {**entry.data, "webhook_id": HOOK, "cloudhook_url": HOOK}
    options = {"secret": HOOK, "token": sim.token}
    hass.config_entries.async_update_entry(entry, data=data, options=options)
    await hass.async_block_till_done()
    repeated = f"{sim.token} {PHONE} {device.jid} {qr} {code}"
    for endpoint in ("GET /status", "GET /webhook"):
        fault = Fault(kind=FaultKind.STATUS, endpoint=endpoint, status=400, error=repeated)
        sim.world.faults.add(fault)
    place = {"device": registered(hass, device), "recipient": of_recipient}.get(about)
    found: object = (
        await get_diagnostics_for_config_entry(hass, hass_client, entry)
        if place is None
        else await get_diagnostics_for_device(hass, hass_client, entry, place)
    )
    text = json.dumps(found)
    assert "read_failed" in text
    assert {secret for secret in secrets if secret in text} == set()


@pytest.mark.parametrize("own_id", [PHONE, f"{PHONE}@s.whatsapp.net"])
def test_an_id_that_may_be_a_number_is_left_out(own_id: str) -> None:
    device = WutsDevice(
        id=own_id,
        name="",
        state=DeviceState.CONNECTED,
        connected=True,
        linked=True,
        attempt=0,
        next_try=None,
        phone_number=None,
        last_seen=None,
    )
    assert PHONE not in str(diagnostics_module._facts_of(device))


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://gateway.example/s3cret/api", "https://gateway.example"),
        ("https://ana:s3cret@gateway.example:8443/?key=s3cret", "https://gateway.example:8443"),
    ],
)
def test_of_an_address_only_its_origin_is_shown(address: str, shown: str) -> None:
    assert diagnostics_module._origin_of(address) == shown


async def test_diagnostics_are_there_though_the_gateway_is_not(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    sim: Simulator,
    entry: MockConfigEntry,
) -> None:
    sim.world.faults.add(Fault(kind=FaultKind.RESET, endpoint="*"))
    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert "gateway_unreachable" in codes_in(found)


@pytest.mark.parametrize("about", ["account", "device"])
async def test_a_gateway_that_hangs_does_not_hold_the_download(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    sim: Simulator,
    device: Device,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    about: str,
) -> None:
    sim.world.faults.add(Fault(kind=FaultKind.HANG, endpoint="GET /status"))
    monkeypatch.setattr(diagnostics_module, "PATIENCE", 4.0)
    found: Any = (
        await get_diagnostics_for_config_entry(hass, hass_client, entry)
        if about == "account"
        else await get_diagnostics_for_device(hass, hass_client, entry, registered(hass, device))
    )
    assert {"token_accepted", "out_of_time"} <= codes_in(found)
    assert found["gateway"] == "healthy"


async def test_a_ca_file_that_is_gone_is_said_instead_of_a_report(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, entry: MockConfigEntry
) -> None:
    data = {**entry.data, "ca_file": "ssl/gone.pem"}
    hass.config_entries.async_update_entry(entry, data=data)
    found = await diagnostics_module._report(hass, entry)
    assert found == {"problem": "CaFileError"}
