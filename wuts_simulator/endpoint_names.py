"""The contract's calls by name, as faults and counters call them."""

from enum import StrEnum


class EndpointName(StrEnum):
    """Method and path of one call."""

    CREATE_DEVICE = "POST /devices"
    LIST_DEVICES = "GET /devices"
    DELETE_DEVICE = "DELETE /devices/{id}"
    QR = "GET /qr"
    QR_STATUS = "GET /qr/status"
    PAIR_CODE = "POST /paircode"
    STATUS = "GET /status"
    CONNECT = "POST /connect"
    DISCONNECT = "POST /disconnect"
    LOGOUT = "POST /logout"
    CHECK_CONTACTS = "POST /contact/check"
    SEND_TEXT = "POST /send/text"
    GET_WEBHOOK = "GET /webhook"
    SET_WEBHOOK = "POST /webhook"
    WEBHOOK_EVENTS = "GET /webhook/events"

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.value.partition(" ")[0]

    @property
    def path(self) -> str:
        """The path, with ``{id}`` where a device's id belongs."""
        return self.value.partition(" ")[2]

    @property
    def is_about_session(self) -> bool:
        """Whether its errors are documented without ``error_code``."""
        return self in _SESSION


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
