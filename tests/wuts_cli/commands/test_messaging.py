"""Messages, pictures and documents from the command line, and whom they can go to."""

import io
from pathlib import Path

import pytest
from PIL import Image

from tests.wuts_cli.command import PHONE, Wuts
from tests.wuts_cli.conftest import Start
from wuts_simulator import Device, Fault, FaultKind, Settings, Simulator
from wuts_simulator.messages import Message, SentFile

SHOWN = "+55 11 99999-9999"


@pytest.fixture
def desk(sim: Simulator) -> Device:
    return sim.world.add_device("home", "Front desk", state="connected")


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "The door.png"
    Image.new("RGB", (64, 48), "navy").save(path)
    return path


def only_message(sim: Simulator) -> Message:
    (message,) = sim.world.messages
    return message


def only_file(sim: Simulator) -> SentFile:
    file = only_message(sim).file
    assert file is not None
    return file


async def test_a_text_is_sent(sim: Simulator, wuts: Wuts, desk: Device) -> None:
    told = await wuts("send", desk.name, "+55 (11) 99999-9999", "It is ready.")
    message = only_message(sim)
    assert (told.code, told.err) == (0, "")
    assert told.out == f"Sent by “Front desk” to {SHOWN}, id {message.id}.\n"
    assert (message.text, message.device_id) == ("It is ready.", desk.id)


async def test_scripts_get_the_id(sim: Simulator, wuts: Wuts, desk: Device) -> None:
    jid = sim.world.add_group(desk.id, "Reception")
    told = await wuts("send", desk.id, jid, "Hi", "--reply-to", "3EB0C431", "--json")
    message = only_message(sim)
    assert told.events == [
        {
            "event": "sent",
            "device_id": desk.id,
            "name": "Front desk",
            "to": jid,
            "message_id": message.id,
            "job_id": None,
        }
    ]
    assert message.quoted == "3EB0C431"


async def test_a_picture_is_sent_as_it_is(
    sim: Simulator, wuts: Wuts, desk: Device, picture: Path
) -> None:
    arguments = ("--media", str(picture), "--caption", "Who is there?", "--view-once")
    told = await wuts("send", desk.name, PHONE, *arguments)
    assert (told.code, told.err) == (0, "")
    file = only_file(sim)
    assert (only_message(sim).kind, only_message(sim).text) == ("image", "Who is there?")
    assert file.view_once
    assert file.content is not None
    with Image.open(io.BytesIO(file.content)) as arrived, Image.open(picture) as sent:
        assert arrived.size == (64, 48)
        assert arrived.tobytes() == sent.tobytes()


async def test_any_file_can_be_a_document(
    sim: Simulator, wuts: Wuts, desk: Device, picture: Path
) -> None:
    told = await wuts("send", desk.name, PHONE, "--media", str(picture), "--as", "document")
    assert told.code == 0, told.err
    assert only_message(sim).kind == "document"
    assert only_file(sim).file_name == "The door.png"


async def test_an_address_is_left_to_the_gateway(sim: Simulator, wuts: Wuts, desk: Device) -> None:
    address = "https://media.example.com/bills/may.pdf?key=1"
    told = await wuts("send", desk.name, PHONE, "--media", address)
    assert told.code == 0, told.err
    file = only_file(sim)
    assert (file.content, file.url) == (None, address)
    assert (file.mime_type, file.file_name) == ("application/pdf", "may.pdf")


async def test_a_queued_video_is_told(start: Start, tmp_path: Path) -> None:
    gateway = start(Settings(queue_media_over=1))
    device = gateway.world.add_device("home", "Front desk", state="connected")
    video = tmp_path / "door.mp4"
    video.write_bytes(b"\0\0\0\x18ftypmp42")
    told = await Wuts(gateway.url)("send", device.name, PHONE, "--media", str(video), "--json")
    assert told.code == 0, told.err
    (event,) = told.events
    assert event["message_id"] is None
    assert event["job_id"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Give a TEXT, or a file with --media."),
        (("Hi", "--caption", "x"), "--voice-note need --media"),
        (("Hi", "--media", "/no/such/file"), "give the text as --caption"),
        (("--media", "/no/such/file"), "The file cannot be read: No such file or directory."),
        (("--media", "/"), "The file cannot be read: Is a directory."),
        (("--media", "/dev/null"), "The file is empty."),
    ],
)
async def test_what_cannot_be_sent_is_one_line(
    sim: Simulator, wuts: Wuts, desk: Device, arguments: tuple[str, ...], words: str
) -> None:
    refused = await wuts("send", desk.name, PHONE, *arguments)
    assert (refused.code, refused.out) == (2, "")
    assert words in refused.error
    assert sim.world.requests.total() == 0


async def test_a_file_that_is_too_large_is_not_read(
    sim: Simulator, wuts: Wuts, desk: Device, tmp_path: Path
) -> None:
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(10**10)
    refused = await wuts("send", desk.name, PHONE, "--media", str(large))
    assert refused.code == 2
    assert "The file is too large" in refused.error
    assert sim.world.requests.total() == 0


async def test_a_device_that_is_down_is_told(sim: Simulator, wuts: Wuts, desk: Device) -> None:
    sim.world.drop(desk.id)
    for arguments in (("send", desk.id, PHONE, "Hi"), ("groups", desk.id), ("contacts", desk.id)):
        refused = await wuts(*arguments, "--json")
        assert refused.code == 1
        assert [event["reason"] for event in refused.events] == ["refused"]
        assert "not connected" in refused.error


async def test_groups_are_listed_by_name(sim: Simulator, wuts: Wuts, desk: Device) -> None:
    shop = sim.world.add_group(desk.id, "shop\x1b[2J")
    desk_group = sim.world.add_group(desk.id, "Reception")
    told = await wuts("groups", desk.name)
    assert (told.code, told.err) == (0, "")
    lines = [line.split() for line in told.out.splitlines()]
    assert lines == [["NAME", "ID"], ["Reception", desk_group], ["shop", "[2J", shop]]
    told = await wuts("groups", desk.name, "--json")
    assert [(event["event"], event["id"], event["members"]) for event in told.events] == [
        ("group", shop, 2),
        ("group", desk_group, 2),
    ]


async def test_contacts_are_listed_by_name(sim: Simulator, wuts: Wuts, desk: Device) -> None:
    sim.world.add_contact(desk.id, PHONE, full_name="Ana Souza")
    sim.world.add_contact(desk.id, "123456789@lid", push_name="Bruno")
    told = await wuts("contacts", desk.name)
    assert (told.code, told.err) == (0, "")
    assert [line.split("  ")[0].rstrip() for line in told.out.splitlines()] == [
        "NAME",
        "Ana Souza",
        "Bruno",
    ]
    assert SHOWN in told.out
    told = await wuts("contacts", desk.name, "--json")
    assert [event["phone_number"] for event in told.events] == [PHONE, None]


async def test_a_device_without_groups_and_contacts_says_so(wuts: Wuts, desk: Device) -> None:
    assert (await wuts("groups", desk.name)).out == "The device is not in any group.\n"
    assert (await wuts("contacts", desk.name)).out == "The phone has not synced any contacts.\n"


async def test_rows_that_are_unreadable_are_told(sim: Simulator, wuts: Wuts, desk: Device) -> None:
    body = {"success": True, "groups": [None, {"jid": "120363041234567890@g.us", "name": "A"}]}
    fault = Fault(kind=FaultKind.BODY, endpoint="GET /groups", status=200, body=body)
    sim.world.faults.add(fault)
    told = await wuts("groups", desk.name)
    assert told.code == 0
    assert told.error == "1 row is left out: unreadable."
