"""``wuts send``, ``wuts groups`` and ``wuts contacts``."""

import mimetypes
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer
from rich.console import RenderableType
from rich.table import Table

from wuts import Media, MediaKind, Quoted, WutsClient
from wuts.errors import MediaTooLargeError
from wuts.media import LONGEST_MEDIA, kind_of
from wuts.models import Device, SentMessage
from wuts.phone_numbers import read_recipient
from wuts_cli.country import assumed_country
from wuts_cli.errors import UsageError
from wuts_cli.output import Output, complain
from wuts_cli.runner import reporting_failures, run_on_device
from wuts_cli.text import NOTHING, phone, printable, shown_name

from . import CountryOption, DeviceArgument, JsonOption

ToArgument = Annotated[
    str, typer.Argument(metavar="TO", help="A phone number, or a group's id (see wuts groups).")
]
TextArgument = Annotated[str | None, typer.Argument(metavar="[TEXT]", help="The message.")]
MediaOption = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="A file to send, or an https:// address that the gateway downloads.",
        show_default="none",
    ),
]
CaptionOption = Annotated[
    str | None, typer.Option(metavar="TEXT", help="The caption of the file.", show_default="none")
]
KindOption = Annotated[
    MediaKind | None,
    typer.Option("--as", help="How to show the file.", show_default="by file type"),
]
ViewOnceOption = Annotated[bool, typer.Option("--view-once", help="Let it be opened only once.")]
VoiceNoteOption = Annotated[bool, typer.Option("--voice-note", help="Send audio as a voice note.")]
ReplyOption = Annotated[
    str | None,
    typer.Option(metavar="ID", help="The id of the message to reply to.", show_default="none"),
]


def send(  # noqa: PLR0913 - one parameter an option
    device: DeviceArgument,
    to: ToArgument,
    text: TextArgument = None,
    *,
    media: MediaOption = None,
    caption: CaptionOption = None,
    kind: KindOption = None,
    view_once: ViewOnceOption = False,
    voice_note: VoiceNoteOption = False,
    reply_to: ReplyOption = None,
    country: CountryOption = None,
    json: JsonOption = False,
) -> None:
    """Send text, an image, a video, an audio file or a document."""
    output = Output(json=json)
    with reporting_failures(output):
        recipient = read_recipient(to, assumed_country(country, os.environ))
        _check_options(text, media, with_media=[caption, kind, view_once, voice_note])
        file = None if media is None else _read(media, kind)
    quoted = None if reply_to is None else Quoted(reply_to)

    async def work(client: WutsClient, found: Device) -> None:
        if file is None:
            sent = await client.send_text(recipient, text or "", found.id, reply_to=quoted)
        else:
            sent = await client.send_media(
                recipient,
                file,
                found.id,
                caption=caption,
                reply_to=quoted,
                view_once=view_once,
                voice_note=voice_note,
            )
        _tell(output, found, recipient, sent)

    run_on_device(work, device, output)


def groups(device: DeviceArgument, *, json: JsonOption = False) -> None:
    """List the groups that a device is in."""
    output = Output(json=json)

    async def work(client: WutsClient, found: Device) -> None:
        listed = await client.list_groups(found.id)
        for group in listed:
            output.event(
                "group",
                device_id=found.id,
                id=group.jid,
                name=group.name,
                members=group.members_count,
                only_admins_send=group.is_announce,
            )
        rows = ((one.name, one.jid) for one in sorted(listed, key=lambda it: it.name.casefold()))
        output.say(_table(("NAME", "ID"), rows, "The device is not in any group."))
        _tell_unreadable(listed.unreadable)

    run_on_device(work, device, output)


def contacts(device: DeviceArgument, *, json: JsonOption = False) -> None:
    """List the contacts that a device's phone has synced."""
    output = Output(json=json)

    async def work(client: WutsClient, found: Device) -> None:
        listed = await client.list_contacts(found.id)
        for one in listed:
            output.event(
                "contact",
                device_id=found.id,
                id=one.jid,
                name=one.name,
                phone_number=one.phone_number,
            )
        known = sorted(listed, key=lambda it: (not it.name, it.name.casefold()))
        rows = ((one.name or NOTHING, phone(one.phone_number)) for one in known)
        output.say(_table(("NAME", "PHONE"), rows, "The phone has not synced any contacts."))
        _tell_unreadable(listed.unreadable)

    run_on_device(work, device, output)


def _check_options(text: str | None, media: str | None, *, with_media: Iterable[object]) -> None:
    if media is None and any(with_media):
        raise UsageError("--caption, --as, --view-once and --voice-note need --media.")
    if media is None and text is None:
        raise UsageError("Give a TEXT, or a file with --media.")
    if media is not None and text is not None:
        raise UsageError("With --media, give the text as --caption.")


def _read(media: str, kind: MediaKind | None) -> Media:
    """Return the file of a path, or the address.

    Raises:
        UsageError: It cannot be read.
        InvalidInputError: It cannot be sent.
    """
    if media.startswith(("https://", "http://")):
        name = urlsplit(media).path
        mime_type, _ = mimetypes.guess_type(name)
        kind = kind or kind_of(mime_type or "")
        return Media.at(media, kind, mime_type=mime_type, file_name=name.rpartition("/")[2])
    path = Path(media)
    try:
        if path.stat().st_size > LONGEST_MEDIA:
            raise MediaTooLargeError
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"The file cannot be read: {error.strerror}.") from None
    mime_type, _ = mimetypes.guess_type(path.name)
    return Media.of(content, mime_type=mime_type, file_name=path.name, kind=kind)


def _tell(output: Output, device: Device, recipient: str, sent: SentMessage) -> None:
    output.event(
        "sent",
        device_id=device.id,
        name=device.name,
        to=recipient,
        message_id=sent.message_id or None,
        job_id=sent.job_id,
    )
    to = recipient if "@" in recipient else phone(recipient)
    if sent.queued:
        output.say(f"“{shown_name(device)}” is sending it to {to}.")
    else:
        output.say(f"Sent by “{shown_name(device)}” to {to}, id {printable(sent.message_id)}.")


def _table(
    headings: tuple[str, ...], rows: Iterable[tuple[str, ...]], nothing: str
) -> RenderableType:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*map(printable, row))
    return table if table.row_count else nothing


def _tell_unreadable(count: int) -> None:
    if count:
        rows = "1 row is" if count == 1 else f"{count} rows are"
        complain(f"{rows} left out: unreadable.")
