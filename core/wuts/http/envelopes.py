"""The wrappers the gateway puts around its answers (WUTS reference, Conventions)."""

from pydantic import Field

from ..models import Device, Model, OptionalText, SentMessage, Text, Webhook


class Envelope(Model):
    """Every answer says whether it is a success; one that does not say counts as one."""

    success: bool = True


class DataEnvelope[T](Envelope):
    """``{"success", "data": …}``."""

    data: T


class DevicesEnvelope(Envelope):
    """``{"success", "devices": […]}``."""

    devices: tuple[Device, ...]


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
    """``{"success", "message"}`` of ``DELETE /devices/{id}``."""

    message: Text = ""


class SentEnvelope(Envelope, SentMessage):
    """``POST /send/text`` has no ``data``."""


class WebhookEnvelope(Envelope):
    """``{"webhook": {…}}``, null where none is configured."""

    webhook: Webhook | None = None


class WebhookEventsEnvelope(Envelope):
    """``{"events": […]}``."""

    events: tuple[str, ...]


class Complaint(Model):
    """One entry of an error's ``validation`` list."""

    field: Text = ""
    message: Text = ""


class ErrorEnvelope(Model):
    """``{"success": false, "error", "error_code"?, "validation"?}``, as far as it is read."""

    success: bool | None = None
    error: Text = ""
    error_code: OptionalText = None
    validation: tuple[Complaint, ...] | None = None
