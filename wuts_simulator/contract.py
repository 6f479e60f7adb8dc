"""The contract in names: its calls, its webhook events, and the words of its errors."""

from enum import StrEnum
from http import HTTPStatus


class EndpointName(StrEnum):
    """Method and path of a call; faults and counters use these names."""

    CREATE_DEVICE = "POST /devices"
    LIST_DEVICES = "GET /devices"
    USER_DEVICES = "GET /user/devices"
    DELETE_DEVICE = "DELETE /devices/{id}"
    QR = "GET /qr"
    QR_STATUS = "GET /qr/status"
    PAIR_CODE = "POST /paircode"
    STATUS = "GET /status"
    CONNECT = "POST /connect"
    DISCONNECT = "POST /disconnect"
    LOGOUT = "POST /logout"
    CHECK_CONTACTS = "POST /contact/check"
    CONTACTS = "GET /contacts"
    GROUPS = "GET /groups"
    SEND_TEXT = "POST /send/text"
    SEND_IMAGE = "POST /send/image"
    SEND_VIDEO = "POST /send/video"
    SEND_AUDIO = "POST /send/audio"
    SEND_DOCUMENT = "POST /send/document"
    SEND_STICKER = "POST /send/sticker"
    SEND_LOCATION = "POST /send/location"
    SEND_POLL = "POST /send/poll"
    SEND_BUTTONS = "POST /send/buttons"
    SEND_INTERACTIVE = "POST /send/interactive"
    SEND_PRODUCT = "POST /send/product"
    GET_WEBHOOK = "GET /webhook"
    SET_WEBHOOK = "POST /webhook"
    DELETE_WEBHOOK = "DELETE /webhook"
    SET_USER_WEBHOOK = "POST /user/webhook"
    WEBHOOK_EVENTS = "GET /webhook/events"

    @property
    def is_about_session(self) -> bool:
        """Whether its errors are documented without ``error_code``."""
        return self in _SESSION

    @property
    def takes_files(self) -> bool:
        """Whether a file may be in its body."""
        return self in _WITH_FILES


_WITH_FILES = frozenset(
    {
        EndpointName.SEND_IMAGE,
        EndpointName.SEND_VIDEO,
        EndpointName.SEND_AUDIO,
        EndpointName.SEND_DOCUMENT,
        EndpointName.SEND_STICKER,
    }
)
_SESSION = frozenset(
    {
        EndpointName.QR,
        EndpointName.QR_STATUS,
        EndpointName.PAIR_CODE,
        EndpointName.STATUS,
        EndpointName.CONNECT,
        EndpointName.DISCONNECT,
    }
)


class EventName(StrEnum):
    """An event that happens here (WUTS reference, Webhook events)."""

    CONNECTED = "device.connected"
    DISCONNECTED = "device.disconnected"
    LOGGED_OUT = "device.logged_out"
    QR_GENERATED = "qr.generated"
    PAIR_SUCCESS = "pair.success"
    PAIR_ERROR = "connection.pair_error"
    STREAM_REPLACED = "connection.stream_replaced"
    FAILURE = "connection.failure"
    TEMPORARY_BAN = "connection.temporary_ban"
    MANUAL_RECONNECT = "connection.manual_reconnect"
    KEEPALIVE_TIMEOUT = "connection.keepalive_timeout"
    KEEPALIVE_RESTORED = "connection.keepalive_restored"
    MESSAGE_RECEIVED = "message.received"


_OTHER_EVENTS = """
    message.sent message.delivered message.read message.undecryptable message.delete_for_me
    mention.sent media.retry contact.presence contact.changed contact.pushname contact.about
    contact.picture chat.presence chat.mark_as_read chat.pin chat.mute chat.archive chat.delete
    chat.clear group.info group.joined call.offer call.accept call.pre_accept call.reject
    call.terminate call.relay_latency call.transport call.unknown identity.change
    privacy.blocklist privacy.settings settings.unarchive_chats settings.user_status_mute
    label.edit label.association_chat label.association_message newsletter.join newsletter.leave
    newsletter.live_update newsletter.mute_change history.sync offline.sync_preview
    offline.sync_completed app_state.sync_complete
"""
EVENTS = (*EventName, *_OTHER_EVENTS.split())
"""Every event that a webhook can ask for."""


_PAIR_CODE_TIMEOUT = "failed to generate pair code: timeout waiting for WhatsApp QR event"
_DOCUMENTED: dict[tuple[EndpointName | None, int], str] = {
    (EndpointName.QR, 400): "already connected",
    (EndpointName.QR, 504): "timeout waiting for QR code",
    (EndpointName.QR, 500): "failed to initialize device",
    (EndpointName.QR_STATUS, 400): "device_id is required",
    (EndpointName.PAIR_CODE, 400): "invalid phone number format",
    (EndpointName.PAIR_CODE, 504): _PAIR_CODE_TIMEOUT,
    (EndpointName.PAIR_CODE, 500): _PAIR_CODE_TIMEOUT,
    (EndpointName.CONNECT, 503): "reconnect failed",
    (EndpointName.DISCONNECT, 404): "device not found or not connected",
    (None, 401): "Invalid token",
    (None, 404): "device not found",
}


def documented_error(endpoint: EndpointName, status: int) -> str:
    """Return the ``error`` that the contract documents for a call and a status."""
    words = _DOCUMENTED.get((endpoint, status)) or _DOCUMENTED.get((None, status))
    return words or phrase(status).lower()


def phrase(status: int) -> str:
    """Return the name of an HTTP status, whatever its number."""
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else "Unknown status"
