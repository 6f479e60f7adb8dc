"""Groups and contacts are listed row by row, with names that can be shown."""

import pytest

from tests.core.wuts.outcomes import error_of
from tests.core.wuts.raw_gateway import RawGateway
from tests.core.wuts.values import DEVICE, GROUP, OTHER_PHONE, PHONE, Json
from wuts import WutsClient
from wuts.errors import DeviceNotReadyError, WrongDeviceError
from wuts_simulator import Simulator


async def test_the_groups_of_a_device_are_listed(
    dialect_client: WutsClient, dialect_sim: Simulator
) -> None:
    device = dialect_sim.world.add_device(state="connected")
    jid = dialect_sim.world.add_group(device.id, "Reception")
    (group,) = await dialect_client.list_groups(device.id)
    assert (group.jid, group.name, group.members_count) == (jid, "Reception", 2)
    assert group.is_announce is False


async def test_the_contacts_of_a_device_are_listed(
    dialect_client: WutsClient, dialect_sim: Simulator
) -> None:
    device = dialect_sim.world.add_device(state="connected")
    dialect_sim.world.add_contact(device.id, PHONE, full_name="Ana Souza", push_name="ana")
    dialect_sim.world.add_contact(device.id, "123456789@lid", push_name="Bruno")
    dialect_sim.world.add_contact(device.id, OTHER_PHONE)
    contacts = await dialect_client.list_contacts(device.id)
    assert [(one.name, one.phone_number) for one in contacts] == [
        ("Ana Souza", PHONE),
        ("Bruno", None),
        ("", OTHER_PHONE),
    ]
    assert (contacts.told, contacts.unreadable) == (3, 0)


async def test_a_device_that_is_down_lists_neither(client: WutsClient, sim: Simulator) -> None:
    device = sim.world.add_device(state="disconnected")
    for listing in (client.list_groups(device.id), client.list_contacts(device.id)):
        assert isinstance(await error_of(listing), DeviceNotReadyError)


GOOD: Json = {"jid": f"{PHONE}@s.whatsapp.net", "full_name": "Ana"}


@pytest.mark.parametrize(
    "row",
    [None, 7, [], "Ana", {}, {"jid": None}, {"jid": ""}, {"jid": "Ana"}, {"jid": 5511999999999}],
    ids=str,
)
async def test_a_contact_that_cannot_be_read_hides_no_other(
    raw: RawGateway, raw_client: WutsClient, row: Json
) -> None:
    raw.answers({"success": True, "count": 2, "contacts": [row, GOOD]})
    contacts = await raw_client.list_contacts(DEVICE)
    assert [one.name for one in contacts] == ["Ana"]
    assert (contacts.unreadable, contacts.told) == (1, 2)


@pytest.mark.parametrize(
    "names",
    [
        {"full_name": None, "first_name": "", "push_name": "Ana"},
        {"full_name": " \n\u202e", "business_name": "Ana"},
        {"full_name": ["x"], "push_name": {"x": 1}, "first_name": "Ana"},
        {"full_name": "A\u200bn\u2066a"},
        {"full_name": "\r\nAna\t\0"},
    ],
    ids=str,
)
async def test_a_contacts_name_is_the_first_that_can_be_shown(
    raw: RawGateway, raw_client: WutsClient, names: Json
) -> None:
    raw.answers({"success": True, "contacts": [{"jid": GOOD["jid"], **names}]})
    (contact,) = await raw_client.list_contacts(DEVICE)
    assert contact.name.replace(" ", "") == "Ana"


async def test_a_very_long_name_is_cut(raw: RawGateway, raw_client: WutsClient) -> None:
    raw.answers({"success": True, "groups": [{"jid": GROUP, "name": "x" * 10_000}]})
    (group,) = await raw_client.list_groups(DEVICE)
    assert len(group.name) == 100


async def test_one_who_is_listed_twice_is_one(raw: RawGateway, raw_client: WutsClient) -> None:
    raw.answers({"success": True, "contacts": [GOOD, GOOD | {"full_name": "Ana Souza"}]})
    assert [one.name for one in await raw_client.list_contacts(DEVICE)] == ["Ana Souza"]


async def test_null_is_nobody(raw: RawGateway, raw_client: WutsClient) -> None:
    raw.answers({"success": True, "contacts": None, "groups": None})
    assert await raw_client.list_contacts(DEVICE) == ()
    assert await raw_client.list_groups(DEVICE) == ()


@pytest.mark.parametrize("jid", ["5511999999999@s.whatsapp.net", "x@g.us", "1-2-3@g.us"])
async def test_what_is_no_group_is_left_out(
    raw: RawGateway, raw_client: WutsClient, jid: str
) -> None:
    raw.answers({"success": True, "groups": [{"jid": jid, "name": "x"}, {"jid": GROUP}]})
    groups = await raw_client.list_groups(DEVICE)
    assert [group.jid for group in groups] == [GROUP]
    assert groups.unreadable == 1


async def test_a_listing_of_another_device_is_not_believed(
    raw: RawGateway, raw_client: WutsClient
) -> None:
    for rows in ([GOOD], [GOOD, None]):
        raw.answers({"success": True, "device_id": "other", "contacts": rows})
        assert isinstance(await error_of(raw_client.list_contacts(DEVICE)), WrongDeviceError)
