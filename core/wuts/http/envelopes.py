"""The wrappers the gateway puts around its answers (WUTS reference, Conventions)."""

import json
from typing import Annotated, ClassVar, Self, override

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from ..chats import Contact, Group
from ..models import (
    Device,
    MaybeCount,
    Model,
    OptionalText,
    SentMessage,
    ShownText,
    Text,
    Webhook,
)

LONGEST_LABEL = 200
"""Characters of an id by which an unreadable row is named, at most."""


def _true_if_untold(value: object) -> object:
    return True if value is None else value


class Envelope(Model):
    """Every answer says whether it is a success; one that does not say, nor why not, is one."""

    success: Annotated[bool, BeforeValidator(_true_if_untold)] = True
    error: ShownText = ""
    device_id: ShownText = ""

    @property
    def is_success(self) -> bool:
        """Whether the gateway did as asked; some failures are shown as ``{"error": …}`` alone."""
        return self.success and (not self.error or "success" in self.model_fields_set)

    @property
    def about(self) -> tuple[str, ...]:
        """The ids of the devices that the answer names; a good one names one or none."""
        return tuple(filter(None, (self.device_id, self._about_inside())))

    def _about_inside(self) -> str | None:
        """Return the device that what is wrapped names."""
        return None

    @classmethod
    def salvage(cls, _body: bytes) -> Self | None:
        """Return what can be read of an answer that is not as documented, or None: nothing."""
        return None


class DataEnvelope[T](Envelope):
    """``{"success", "data": …}``."""

    data: T

    @override
    def _about_inside(self) -> str | None:
        return getattr(self.data, "device_id", None)


class DevicesEnvelope(Envelope):
    """``{"success", "devices": […]}``."""

    devices: tuple[Device, ...]
    unreadable: tuple[str, ...] = ()

    @classmethod
    @override
    def salvage(cls, body: bytes) -> Self | None:
        """Read a listing row by row: one that is odd hides no other device."""
        rows = _rows_of(_parsed(body), "devices")
        if rows is None:
            return None
        read = [_read_row(place, row) for place, row in enumerate(rows, start=1)]
        return cls(
            devices=tuple(row for row in read if isinstance(row, Device)),
            unreadable=tuple(row for row in read if isinstance(row, str)),
        )


def _parsed(body: bytes) -> dict[str, object]:
    """Return an answer that says it is a success; an empty one otherwise."""
    try:
        is_success = Envelope.model_validate_json(body).is_success
        answer: dict[str, object] = json.loads(body)
    except ValueError:
        return {}
    return answer if is_success else {}


def _rows_of(answer: dict[str, object], field: str) -> list[object] | None:
    """Return the rows of a listing; null counts as none at all."""
    rows = answer.get(field, "missing")
    rows = [] if rows is None else rows
    return rows if isinstance(rows, list) else None


def _read_row(place: int, row: object) -> Device | str:
    """Return a row's device, or what to call the row where it cannot be read."""
    try:
        return Device.model_validate(row)
    except ValidationError:
        name = row.get("id") if isinstance(row, dict) else None
        is_name = isinstance(name, str | int) and not isinstance(name, bool)
        label = str(name) if is_name else ""
        usable = label.isprintable() and 0 < len(label) <= LONGEST_LABEL
        return label if usable else f"row {place}"


class CreatedData(Model):
    """The short answer of ``POST /devices``."""

    device_id: str = Field(min_length=1)
    name: Text = ""


class CreatedEnvelope(Envelope):
    """Both answers of ``POST /devices``: ``device`` in full, or ``data`` with id and name."""

    device: Device | None = None
    data: CreatedData | None = None

    def created(self) -> Device | None:
        """Return the new device, or None when the answer names none."""
        if self.device:
            return self.device
        if self.data is None:
            return None
        return Device(id=self.data.device_id, name=self.data.name, connected=False)


class AcknowledgementEnvelope(Envelope):
    """``{"success", "message"}`` of ``DELETE /devices/{id}`` and ``DELETE /webhook``."""

    message: ShownText = ""


class ListingEnvelope[M: Model](Envelope):
    """A listing of contacts or groups: read row by row where one of them is odd."""

    rows_at: ClassVar[str]
    row: ClassVar[type[Model]]

    count: MaybeCount = None
    unreadable: int = 0

    @property
    def rows(self) -> tuple[M, ...]:
        """What the listing holds."""
        rows: tuple[M, ...] = getattr(self, self.rows_at)
        return rows

    @classmethod
    @override
    def salvage(cls, body: bytes) -> Self | None:
        """Leave out and count the rows that cannot be read."""
        answer = _parsed(body)
        rows = _rows_of(answer, cls.rows_at)
        if rows is None:
            return None
        read = [row for row in map(cls._read_row, rows) if row is not None]
        told = {name: answer[name] for name in ("count", "device_id") if name in answer}
        left_out = len(rows) - len(read)
        return cls.model_validate({**told, cls.rows_at: read, "unreadable": left_out})

    @classmethod
    def _read_row(cls, row: object) -> Model | None:
        try:
            return cls.row.model_validate(row)
        except ValidationError:
            return None


class ContactsEnvelope(ListingEnvelope[Contact]):
    """``{"success", "count", "contacts": […]}``."""

    rows_at = "contacts"
    row: ClassVar[type[Model]] = Contact

    contacts: tuple[Contact, ...]


class GroupsEnvelope(ListingEnvelope[Group]):
    """``{"success", "groups": […]}``."""

    rows_at = "groups"
    row: ClassVar[type[Model]] = Group

    groups: tuple[Group, ...]


class SentEnvelope(Envelope, SentMessage):
    """``POST /send/text`` has no ``data``."""

    message_id: str

    @override
    def _about_inside(self) -> str | None:
        return self.metadata.device_id if self.metadata else None


class MediaSentEnvelope(SentEnvelope):
    """``POST /send/image`` and the like: sent, or queued with a job's id."""

    message_id: Text = ""

    @model_validator(mode="after")
    def _say_what_became_of_it(self) -> Self:
        if self.success and not self.message_id and not self.job_id:
            raise ValueError("neither a message's id nor a job's")
        return self


class WebhookEnvelope(Envelope):
    """``{"webhook": {…}}``, null where none is configured."""

    webhook: Webhook | None = None

    @override
    def _about_inside(self) -> str | None:
        return self.webhook.device_id if self.webhook else None


class WebhookEventsEnvelope(Envelope):
    """``{"events": […]}``."""

    events: tuple[str, ...]


class Complaint(Model):
    """One entry of an error's ``validation`` list."""

    field: Text = ""
    message: Text = ""


class ErrorEnvelope(Model):
    """``{"success": false, "error", "error_code"?, "validation"?}``, as far as it is read.

    No page shows ``device_id`` here; if a gateway sends one, it is checked.
    """

    success: bool | None = None
    error: Text = ""
    device_id: ShownText = ""
    error_code: OptionalText = None
    validation: tuple[Complaint, ...] | None = None
