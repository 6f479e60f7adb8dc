"""Every call of the client, so that a test can say something about all of them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.core.wuts.values import PHONE
from wuts import Media, MediaKind, WebhookConfig, WutsClient
from wuts.http import endpoints
from wuts.http.endpoints import Endpoint
from wuts_simulator import Device, DeviceState, EndpointName, Simulator

WEBHOOK = WebhookConfig(url="https://hooks.example.com/wuts", events=("device.connected",))


CONTENTS = {
    MediaKind.IMAGE: b"\x89PNG\r\n\x1a\n",
    MediaKind.VIDEO: b"\0\0\0\x18ftypmp42",
    MediaKind.AUDIO: b"OggS\0\2",
    MediaKind.DOCUMENT: b"%PDF-1.7",
}
"""Files so short that they have nothing but their first bytes."""


@dataclass(frozen=True)
class Call:
    """One call, made with a device's id where it takes one.

    ``state`` is the state of a device for which it succeeds.
    """

    name: str
    endpoint: EndpointName
    make: Callable[[WutsClient, str], Awaitable[object]]
    state: DeviceState = DeviceState.CONNECTED
    about_device: bool = True

    def __str__(self) -> str:
        return self.name

    @property
    def constant(self) -> str:
        """The name of its endpoint in `wuts.http.endpoints`."""
        (name,) = (
            name
            for name, value in vars(endpoints).items()
            if isinstance(value, Endpoint) and f"{value.method} {value.path}" == self.endpoint
        )
        return name

    def device(self, sim: Simulator) -> Device:
        """Make a device for which it succeeds."""
        return sim.world.add_device(state=self.state)


CREATE_DEVICE = Call(
    "create_device",
    EndpointName.CREATE_DEVICE,
    lambda client, _: client.create_device("Reception"),
    about_device=False,
)
LIST_DEVICES = Call(
    "list_devices",
    EndpointName.LIST_DEVICES,
    lambda client, _: client.list_devices(),
    about_device=False,
)
DELETE_DEVICE = Call(
    "delete_device",
    EndpointName.DELETE_DEVICE,
    lambda client, device: client.delete_device(device),
)
GET_QR = Call(
    "get_qr",
    EndpointName.QR,
    lambda client, device: client.get_qr(device),
    DeviceState.NEVER_PAIRED,
)
GET_QR_STATUS = Call(
    "get_qr_status",
    EndpointName.QR_STATUS,
    lambda client, device: client.get_qr_status(device),
    DeviceState.NEVER_PAIRED,
)
PAIR_CODE = Call(
    "request_pair_code",
    EndpointName.PAIR_CODE,
    lambda client, device: client.request_pair_code(PHONE, device),
    DeviceState.NEVER_PAIRED,
)
STATUS = Call("get_status", EndpointName.STATUS, lambda client, device: client.get_status(device))
CONNECT = Call("connect", EndpointName.CONNECT, lambda client, device: client.connect(device))
DISCONNECT = Call(
    "disconnect", EndpointName.DISCONNECT, lambda client, device: client.disconnect(device)
)
LOGOUT = Call("logout", EndpointName.LOGOUT, lambda client, device: client.logout(device))
CHECK_CONTACTS = Call(
    "check_contacts",
    EndpointName.CHECK_CONTACTS,
    lambda client, device: client.check_contacts([PHONE], device),
)
SEND_TEXT = Call(
    "send_text",
    EndpointName.SEND_TEXT,
    lambda client, device: client.send_text(PHONE, "Hello", device),
)
LIST_CONTACTS = Call(
    "list_contacts", EndpointName.CONTACTS, lambda client, device: client.list_contacts(device)
)
LIST_GROUPS = Call(
    "list_groups", EndpointName.GROUPS, lambda client, device: client.list_groups(device)
)


def _sending(kind: MediaKind, endpoint: EndpointName, name: str | None = None) -> Call:
    media = Media.of(CONTENTS[kind], file_name=name)
    assert media.kind is kind
    return Call(
        f"send_media, {kind}",
        endpoint,
        lambda client, device: client.send_media(PHONE, media, device),
    )


SEND_IMAGE = _sending(MediaKind.IMAGE, EndpointName.SEND_IMAGE)
SEND_VIDEO = _sending(MediaKind.VIDEO, EndpointName.SEND_VIDEO)
SEND_AUDIO = _sending(MediaKind.AUDIO, EndpointName.SEND_AUDIO)
SEND_DOCUMENT = _sending(MediaKind.DOCUMENT, EndpointName.SEND_DOCUMENT, "door.pdf")
SENDS_OF_MEDIA = (SEND_IMAGE, SEND_VIDEO, SEND_AUDIO, SEND_DOCUMENT)
GET_WEBHOOK = Call(
    "get_webhook", EndpointName.GET_WEBHOOK, lambda client, device: client.get_webhook(device)
)
SET_WEBHOOK = Call(
    "set_webhook",
    EndpointName.SET_WEBHOOK,
    lambda client, device: client.set_webhook(WEBHOOK, device),
)
DELETE_WEBHOOK = Call(
    "delete_webhook",
    EndpointName.DELETE_WEBHOOK,
    lambda client, device: client.delete_webhook(device),
)
WEBHOOK_EVENTS = Call(
    "list_webhook_events",
    EndpointName.WEBHOOK_EVENTS,
    lambda client, _: client.list_webhook_events(),
    about_device=False,
)

EVERY_CALL = (
    CREATE_DEVICE,
    LIST_DEVICES,
    DELETE_DEVICE,
    GET_QR,
    GET_QR_STATUS,
    PAIR_CODE,
    STATUS,
    CONNECT,
    DISCONNECT,
    LOGOUT,
    CHECK_CONTACTS,
    LIST_CONTACTS,
    LIST_GROUPS,
    SEND_TEXT,
    *SENDS_OF_MEDIA,
    GET_WEBHOOK,
    SET_WEBHOOK,
    DELETE_WEBHOOK,
    WEBHOOK_EVENTS,
)
CALLS_ABOUT_A_DEVICE = tuple(call for call in EVERY_CALL if call.about_device)
CALLS_THAT_MAKE_CODES = (GET_QR, PAIR_CODE)
OTHER_CALLS = tuple(call for call in EVERY_CALL if call not in CALLS_THAT_MAKE_CODES)
