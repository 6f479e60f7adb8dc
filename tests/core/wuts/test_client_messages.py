"""Pictures, videos, sounds and documents arrive as they were."""

import asyncio
import gc
import io
import tracemalloc
from collections.abc import Awaitable, Callable
from random import Random

import pytest
from PIL import Image

from tests.core.wuts.calls import CONTENTS, SENDS_OF_MEDIA, Call
from tests.core.wuts.conftest import MakeClient, StartSimulator
from tests.core.wuts.outcomes import error_of, outcome_of
from tests.core.wuts.raw_gateway import RawGateway, http_answer
from tests.core.wuts.values import DEVICE, GROUP, OTHER_PHONE, PHONE
from wuts import Media, MediaKind, Quoted, WutsClient
from wuts.errors import (
    DeviceNotReadyError,
    InvalidInputError,
    InvalidPhoneNumberError,
    MediaTooLargeError,
    UnexpectedAnswerError,
    WrongDeviceError,
)
from wuts.http.bodies import PIECE
from wuts.media import LONGEST_MEDIA
from wuts_simulator import DeviceState, Fault, FaultKind, Settings, Simulator

NOISE = Random(7).randbytes
MEBIBYTE = 1024 * 1024


def picture() -> bytes:
    """Return a PNG that nothing shortens."""
    png = io.BytesIO()
    Image.frombytes("RGB", (320, 240), NOISE(320 * 240 * 3)).save(png, "PNG")
    return png.getvalue()


async def test_a_picture_arrives_as_it_was(
    dialect_client: WutsClient, dialect_sim: Simulator
) -> None:
    device = dialect_sim.world.add_device(state="connected")
    png = picture()
    sent = await dialect_client.send_media(
        "+55 21 98888-8888", Media.of(png), device.id, caption="Olá! 👋", view_once=True
    )
    (message,) = dialect_sim.world.messages
    assert (message.id, message.kind, message.text) == (sent.message_id, "image", "Olá! 👋")
    assert message.chat_jid == sent.chat_jid == f"{OTHER_PHONE}@s.whatsapp.net"
    assert message.file
    assert (message.file.mime_type, message.file.view_once) == ("image/png", True)
    assert message.file.content == png
    assert Image.open(io.BytesIO(message.file.content)).size == (320, 240)
    assert not sent.queued


@pytest.mark.parametrize(
    "size", [1, 2, 3, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE + 1, 5 * MEBIBYTE + 1]
)
async def test_a_file_of_any_size_arrives_whole(
    client: WutsClient, sim: Simulator, size: int
) -> None:
    device = sim.world.add_device(state="connected")
    content = NOISE(size)
    await client.send_media(GROUP, Media.of(content, file_name="noise.bin"), device.id)
    (message,) = sim.world.messages
    assert message.file
    assert message.file.content == content
    assert (message.kind, message.file.file_name) == ("document", "noise.bin")


async def test_the_length_is_told_before_a_file_is_sent(
    raw: RawGateway, raw_client: WutsClient
) -> None:
    raw.answers({"success": True, "message_id": "1"})
    await raw_client.send_media(PHONE, Media.of(NOISE(PIECE * 2)), DEVICE)
    assert "transfer-encoding" not in raw.request.headers
    assert int(raw.request.headers["content-length"]) == len(raw.request.content)


async def test_a_sound_is_a_voice_note_and_answers_a_message(
    client: WutsClient, sim: Simulator
) -> None:
    sim.world.add_device(state="connected")
    media = Media.of(CONTENTS[MediaKind.AUDIO])
    quoted = Quoted("3EB0C431", text="Are you there?")
    await client.send_media(
        GROUP, media, voice_note=True, reply_to=quoted, mentions=[PHONE, "123456789@lid"]
    )
    (message,) = sim.world.messages
    assert message.file
    assert message.file.voice_note
    assert message.quoted == "3EB0C431"
    assert message.mentioned == (f"{PHONE}@s.whatsapp.net", "123456789@lid")


async def test_a_text_answers_a_message_and_names_people(
    client: WutsClient, sim: Simulator
) -> None:
    sim.world.add_device(state="connected")
    reply = Quoted("3EB0C431", from_me=True)
    await client.send_text(GROUP, f"@{PHONE} ready", mentions=[PHONE], reply_to=reply)
    (message,) = sim.world.messages
    assert (message.quoted, message.mentioned) == ("3EB0C431", (f"{PHONE}@s.whatsapp.net",))


@pytest.mark.parametrize("kind", [MediaKind.VIDEO, MediaKind.AUDIO])
async def test_a_large_video_or_sound_may_be_queued(
    start_simulator: StartSimulator, make_client: MakeClient, kind: MediaKind
) -> None:
    sim = await start_simulator(Settings(queue_media_over=1))
    sim.world.add_device(state="connected")
    sent = await make_client(sim.url).send_media(PHONE, Media.of(CONTENTS[kind]))
    assert sent.queued
    assert (sent.status, sent.message_id) == ("processing", "")
    assert sent.job_id


@pytest.mark.parametrize("call", SENDS_OF_MEDIA, ids=str)
async def test_an_answer_without_any_id_is_no_success(
    call: Call, raw: RawGateway, raw_client: WutsClient
) -> None:
    raw.answers({"success": True, "status": "sent", "message_id": ""})
    assert isinstance(await error_of(call.make(raw_client, DEVICE)), UnexpectedAnswerError)


@pytest.mark.parametrize("call", SENDS_OF_MEDIA, ids=str)
async def test_a_file_that_another_device_sent_is_told(
    call: Call, raw: RawGateway, raw_client: WutsClient
) -> None:
    raw.answers({"success": True, "message_id": "1", "metadata": {"device_id": "other"}})
    assert isinstance(await error_of(call.make(raw_client, DEVICE)), WrongDeviceError)


@pytest.mark.parametrize("call", SENDS_OF_MEDIA, ids=str)
async def test_no_file_is_sent_while_the_session_is_down(
    call: Call, client: WutsClient, sim: Simulator
) -> None:
    device = sim.world.add_device(state=DeviceState.DISCONNECTED)
    assert isinstance(await error_of(call.make(client, device.id)), DeviceNotReadyError)
    assert sim.world.messages == []


@pytest.mark.parametrize("kind", [FaultKind.STATUS, FaultKind.HTML])
@pytest.mark.parametrize("call", SENDS_OF_MEDIA, ids=str)
async def test_a_file_that_the_gateway_or_its_proxy_finds_too_large_is_told(
    call: Call, kind: FaultKind, client: WutsClient, sim: Simulator
) -> None:
    sim.world.faults.add(Fault(kind=kind, status=413))
    error = await error_of(call.make(client, DEVICE))
    assert isinstance(error, MediaTooLargeError)
    assert error.from_gateway is (kind is FaultKind.STATUS)


async def test_a_gateway_that_hangs_up_while_it_is_sent_a_file_has_its_answer_read(
    make_client: MakeClient,
) -> None:
    refusal = http_answer({"success": False, "error": "too large"}, 413)

    async def refuse_early(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(refusal)
        await writer.drain()
        while await reader.read(MEBIBYTE):  # a socket that closes on unread bytes resets
            pass
        writer.close()

    async with await asyncio.start_server(refuse_early, "127.0.0.1", 0) as server:
        client = make_client(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        error = await error_of(client.send_media(PHONE, Media.of(NOISE(MEBIBYTE)), DEVICE))
    assert isinstance(error, MediaTooLargeError)


@pytest.mark.parametrize(
    "make",
    [
        lambda c: c.send_media("12", Media.of(b"a")),
        lambda c: c.send_media(PHONE, Media.of(b"a"), caption="x" * 1025),
        lambda c: c.send_media(PHONE, Media.of(b"a"), caption="half: \ud83d"),
        lambda c: c.send_media(PHONE, Media.of(b"a"), view_once=True),
        lambda c: c.send_media(PHONE, Media.of(CONTENTS[MediaKind.IMAGE]), voice_note=True),
        lambda c: c.send_media(PHONE, Media.of(b"a"), mentions=["nobody"]),
        lambda c: c.send_media(PHONE, Media.of(b"a"), reply_to=Quoted("")),
        lambda c: c.send_text(PHONE, "Hi", mentions=[GROUP]),
        lambda c: c.send_text(PHONE, "Hi", reply_to=Quoted("two words")),
    ],
)
async def test_what_cannot_be_sent_is_refused_before_anything_is(
    client: WutsClient, sim: Simulator, make: Callable[[WutsClient], Awaitable[object]]
) -> None:
    assert isinstance(await outcome_of(make(client)), InvalidInputError)
    assert sim.world.requests.total() == 0


async def test_the_second_of_two_wrong_mentions_is_named(client: WutsClient) -> None:
    with pytest.raises(InvalidPhoneNumberError, match="Number 2"):
        await client.send_text(PHONE, "Hi", mentions=[PHONE, "12"])


async def test_others_get_their_turn_while_a_large_file_is_sent(
    client: WutsClient, sim: Simulator
) -> None:
    """And no second copy of it is made: what is sent is encoded piece by piece."""
    sim.world.add_device(state="connected")
    turns, sending = 0, True

    async def count() -> None:
        nonlocal turns
        while sending:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    await client.send_media(PHONE, Media.of(NOISE(8 * MEBIBYTE), file_name="noise"))
    sending = False
    await counting
    assert turns >= 8 * MEBIBYTE / PIECE


async def test_a_large_file_is_not_held_twice(make_client: MakeClient) -> None:
    answer = http_answer({"success": True, "message_id": "1"})

    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        left = int(head.partition(b"content-length:")[2].split()[0])
        while left:
            left -= len(await reader.read(min(left, PIECE)))
        writer.write(answer)
        await writer.drain()
        writer.close()

    media = Media.of(bytes(LONGEST_MEDIA))
    async with await asyncio.start_server(swallow, "127.0.0.1", 0) as server:
        client = make_client(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        gc.collect()
        tracemalloc.start()
        try:
            await client.send_media(PHONE, media, DEVICE)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < LONGEST_MEDIA / 2
