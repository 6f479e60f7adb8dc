"""What a device does with messages: its calls, which `WutsClient` has."""

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass

from .chats import Contact, Group, Listed
from .errors import InvalidInputError
from .http import endpoints
from .http.bodies import Upload
from .http.endpoints import Endpoint, Request
from .http.envelopes import (
    ContactsEnvelope,
    DataEnvelope,
    GroupsEnvelope,
    ListingEnvelope,
    MediaSentEnvelope,
    SentEnvelope,
)
from .http.transport import Transport
from .inputs import (
    check_caption,
    check_mentions,
    check_message,
    check_message_id,
    check_numbers,
    check_recipient,
)
from .media import Media, MediaKind
from .models import ContactCheck, MaybeTold, SentMessage


@dataclass(frozen=True, slots=True)
class Quoted:
    """A message that is replied to (WUTS reference, Send text).

    The pages of pictures, sounds and documents name replies too, but not their form; the library
    uses the same.

    Attributes:
        message_id: Its id, as a delivery or `SentMessage` has it.
        from_me: Whether this device sent it.
        text: What it said, to be shown above the reply.
    """

    message_id: str
    _: KW_ONLY
    from_me: bool = False
    text: str = ""

    def __repr__(self) -> str:
        """Show the id, and not what it said."""
        return f"{type(self).__name__}({self.message_id!r}, from_me={self.from_me})"

    def body(self) -> dict[str, object]:
        """Return what is sent.

        Raises:
            InvalidInputError: The message id is malformed.
        """
        key = {"id": check_message_id(self.message_id), "fromMe": self.from_me}
        return {"key": key, "message": {"conversation": self.text}}


class Messaging:
    """The calls about messages, contacts and groups: `WutsClient` has them."""

    _transport: Transport

    async def check_contacts(
        self, numbers: Iterable[str], device_id: str | None = None
    ) -> ContactCheck:
        """Return which numbers are on WhatsApp (WUTS reference, Check contacts).

        Raises:
            InvalidPhoneNumberError: One is not usable; nothing was sent.
            InvalidInputError: None was given.
        """
        asked = check_numbers(numbers)
        request = Request(endpoints.CHECK_CONTACTS, device_id, body={"numbers": asked})
        told = (await self._transport.ask(request, DataEnvelope[dict[str, MaybeTold]])).data
        return ContactCheck.answered(asked, told)

    async def list_contacts(self, device_id: str | None = None) -> Listed[Contact]:
        """Return the contacts that the phone has synced (WUTS reference, List synced contacts).

        Of several rows with one address the last counts. At most 16 MiB are read.

        Raises:
            DeviceNotReadyError: The device's session is down.
        """
        request = Request(endpoints.LIST_CONTACTS, device_id)
        return _listed(await self._transport.ask(request, ContactsEnvelope))

    async def list_groups(self, device_id: str | None = None) -> Listed[Group]:
        """Return the groups that the device is in (WUTS reference, List joined groups).

        Of several rows with one address the last counts. At most 16 MiB are read.

        Raises:
            DeviceNotReadyError: The device's session is down.
        """
        request = Request(endpoints.LIST_GROUPS, device_id)
        return _listed(await self._transport.ask(request, GroupsEnvelope))

    async def send_text(  # noqa: PLR0913 - all but the first are named by the caller
        self,
        to: str,
        text: str,
        device_id: str | None = None,
        *,
        delay: int | None = None,
        typing_duration: int | None = None,
        mentions: Iterable[str] = (),
        reply_to: Quoted | None = None,
    ) -> SentMessage:
        """Send a text (WUTS reference, Send text).

        Args:
            to: A phone number with country code, or a group's JID (``…@g.us``).
            text: 1 to 4096 characters.
            device_id: The device that sends.
            delay: Sent as ``delay`` when given.
            typing_duration: Sent as ``typingDuration`` when given.
            mentions: Phone numbers or JIDs of people that the text names as ``@`` and digits.
            reply_to: The message that this one answers.

        Raises:
            InvalidPhoneNumberError: A recipient or a mention is not usable; nothing was sent.
            InvalidInputError: The text is empty or too long; nothing was sent.
            DeviceNotReadyError: The device's session is down.
        """
        body: dict[str, object] = {"number": check_recipient(to), "text": check_message(text)}
        body |= _extras(delay, mentions, reply_to)
        if typing_duration is not None:
            body["typingDuration"] = typing_duration
        request = Request(endpoints.SEND_TEXT, device_id, body=body)
        return await self._transport.ask(request, SentEnvelope)

    async def send_media(  # noqa: PLR0913 - all but the first are named by the caller
        self,
        to: str,
        media: Media,
        device_id: str | None = None,
        *,
        caption: str | None = None,
        delay: int | None = None,
        mentions: Iterable[str] = (),
        reply_to: Quoted | None = None,
        view_once: bool = False,
        voice_note: bool = False,
    ) -> SentMessage:
        """Send a picture, a video, a sound or a document (WUTS guide, Working with media).

        May take up to 120 s. A large video or sound may only be queued: see `SentMessage`.

        Args:
            to: A phone number with country code, or a group's JID (``…@g.us``).
            media: The file, or the address from which the gateway downloads it.
            device_id: The device that sends.
            caption: A text below it, at most 1024 characters.
            delay: Sent as ``delay`` when given.
            mentions: Phone numbers or JIDs of people that the caption names as ``@`` and digits.
            reply_to: The message that this one answers.
            view_once: Whether it can be opened once only; not for documents.
            voice_note: Whether a sound is shown as a voice note.

        Raises:
            InvalidPhoneNumberError: A recipient or a mention is not usable; nothing was sent.
            InvalidInputError: The caption is too long, or this kind of file cannot be sent so.
            MediaTooLargeError: The gateway does not take a file of this size.
            DeviceNotReadyError: The device's session is down.
        """
        body: dict[str, object] = {"number": check_recipient(to)}
        if caption:
            body["caption"] = check_caption(caption)
        body |= _file_fields(media) | _extras(delay, mentions, reply_to)
        body |= _flags(media, view_once=view_once, voice_note=voice_note)
        request = Request(_endpoint(media.kind), device_id, body=body, upload=_upload(media))
        return await self._transport.ask(request, MediaSentEnvelope)


def _endpoint(kind: MediaKind) -> Endpoint:
    match kind:
        case MediaKind.IMAGE:
            return endpoints.SEND_IMAGE
        case MediaKind.VIDEO:
            return endpoints.SEND_VIDEO
        case MediaKind.AUDIO:
            return endpoints.SEND_AUDIO
        case MediaKind.DOCUMENT:
            return endpoints.SEND_DOCUMENT


def _file_fields(media: Media) -> dict[str, object]:
    fields: dict[str, object] = {}
    if media.url is not None:
        fields[f"{media.kind}_url"] = media.url
    if media.kind is MediaKind.DOCUMENT:
        fields["file_name"] = media.file_name
        if media.mime_type is not None:
            fields["mime_type"] = media.mime_type
    return fields


def _upload(media: Media) -> Upload | None:
    if media.content is None:
        return None
    mime_type = media.mime_type or "application/octet-stream"
    return Upload(field=media.kind.value, mime_type=mime_type, content=media.content)


def _flags(media: Media, *, view_once: bool, voice_note: bool) -> dict[str, object]:
    if view_once and media.kind is MediaKind.DOCUMENT:
        raise InvalidInputError("A document can't be sent as view once.")
    if voice_note and media.kind is not MediaKind.AUDIO:
        raise InvalidInputError("Only audio can be a voice note.")
    flags: dict[str, object] = {"viewOnce": view_once, "ptt": voice_note}
    return {name: True for name, is_set in flags.items() if is_set}


def _extras(
    delay: int | None, mentions: Iterable[str], reply_to: Quoted | None
) -> dict[str, object]:
    fields: dict[str, object] = {}
    if delay is not None:
        fields["delay"] = delay
    if mentioned := check_mentions(mentions):
        fields["mentioned"] = mentioned
    if reply_to is not None:
        fields["quoted"] = reply_to.body()
    return fields


def _listed[M: (Contact, Group)](answer: ListingEnvelope[M]) -> Listed[M]:
    """Return what a listing holds, each address once."""
    rows = {row.jid: row for row in answer.rows}
    return Listed(rows.values(), answer.unreadable, answer.count)
