"""The session events a webhook can be told of (WUTS reference, Webhook events)."""

from enum import StrEnum


class EventName(StrEnum):
    """A documented event."""

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
