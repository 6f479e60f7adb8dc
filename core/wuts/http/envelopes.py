"""The wrappers the gateway puts around its answers (WUTS reference, Conventions)."""

import json
from typing import Annotated, Self, override

from pydantic import BeforeValidator, Field, ValidationError

from ..models import Device, Model, OptionalText, SentMessage, ShownText, Text, Webhook

LONGEST_LABEL = 200
"""Characters of an id by which an unreadable row is named, at most."""


def _true_or_false(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _true_if_untold(value: object) -> object:
    return True if value is None else value


type MaybeTold = Annotated[bool | None, BeforeValidator(_true_or_false)]
"""Whether something is so, as far as the gateway says."""


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
        try:
            is_success = Envelope.model_validate_json(body).is_success
            answer = json.loads(body)
        except ValueError:
            return None
        rows = answer.get("devices", "missing")
        rows = [] if rows is None else rows
        if not is_success or not isinstance(rows, list):
            return None
        read = [_read_row(place, row) for place, row in enumerate(rows, start=1)]
        return cls(
            devices=tuple(row for row in read if isinstance(row, Device)),
            unreadable=tuple(row for row in read if isinstance(row, str)),
        )


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


class SentEnvelope(Envelope, SentMessage):
    """``POST /send/text`` has no ``data``."""

    @override
    def _about_inside(self) -> str | None:
        return self.metadata.device_id if self.metadata else None


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

    No page shows ``device_id`` here; where a gateway sends one, it is checked.
    """

    success: bool | None = None
    error: Text = ""
    device_id: ShownText = ""
    error_code: OptionalText = None
    validation: tuple[Complaint, ...] | None = None
