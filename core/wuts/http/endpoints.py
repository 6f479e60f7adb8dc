"""The gateway's calls: what each is, and a request to make one."""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from urllib.parse import quote, urlencode

from ..inputs import check_device_id
from .bodies import Upload

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One call of the contract.

    Attributes:
        method: The HTTP method.
        path: The path, with ``{id}`` where a device's id belongs.
        timeout: Seconds from sending to the last byte of the answer.
        max_bytes: The longest answer that is read.
        makes_code: Whether the gateway waits for WhatsApp's QR event in it.
    """

    method: str
    path: str
    timeout: float = 30.0
    max_bytes: int = MIB
    makes_code: bool = False

    @property
    def label(self) -> str:
        """What the call is known by, the same for every device: ``DELETE /devices/{id}``."""
        return f"{self.method} {self.path}"


CREATE_DEVICE = Endpoint(method="POST", path="/devices")
LIST_DEVICES = Endpoint(method="GET", path="/devices", max_bytes=64 * MIB)
DELETE_DEVICE = Endpoint(method="DELETE", path="/devices/{id}")
GET_QR = Endpoint(method="GET", path="/qr", timeout=120.0, makes_code=True)
GET_QR_STATUS = Endpoint(method="GET", path="/qr/status", timeout=10.0)
CREATE_PAIR_CODE = Endpoint(method="POST", path="/paircode", timeout=120.0, makes_code=True)
GET_STATUS = Endpoint(method="GET", path="/status", timeout=10.0)
CONNECT = Endpoint(method="POST", path="/connect", timeout=60.0)
DISCONNECT = Endpoint(method="POST", path="/disconnect")
LOGOUT = Endpoint(method="POST", path="/logout")
CHECK_CONTACTS = Endpoint(method="POST", path="/contact/check", timeout=60.0)
LIST_CONTACTS = Endpoint(method="GET", path="/contacts", timeout=60.0, max_bytes=16 * MIB)
LIST_GROUPS = Endpoint(method="GET", path="/groups", timeout=60.0, max_bytes=16 * MIB)
SEND_TEXT = Endpoint(method="POST", path="/send/text", timeout=60.0)
SEND_IMAGE = Endpoint(method="POST", path="/send/image", timeout=120.0)
SEND_VIDEO = Endpoint(method="POST", path="/send/video", timeout=120.0)
SEND_AUDIO = Endpoint(method="POST", path="/send/audio", timeout=120.0)
SEND_DOCUMENT = Endpoint(method="POST", path="/send/document", timeout=120.0)
GET_WEBHOOK = Endpoint(method="GET", path="/webhook")
SET_WEBHOOK = Endpoint(method="POST", path="/webhook")
DELETE_WEBHOOK = Endpoint(method="DELETE", path="/webhook")
LIST_WEBHOOK_EVENTS = Endpoint(method="GET", path="/webhook/events")

ENDPOINTS = tuple(value for value in list(globals().values()) if isinstance(value, Endpoint))
"""All of the above."""


@dataclass(frozen=True, slots=True, repr=False)
class Request:
    """What to send; it has no repr of its own, since a body may hold a phone number.

    Attributes:
        endpoint: The call.
        device_id: The device it is about, put into the path or the query, or None.
        params: More of the query.
        headers: More headers.
        body: Sent as JSON, or None for no body.
        upload: A file in the body, or None.

    Raises:
        InvalidInputError: The device's id cannot be one.
    """

    endpoint: Endpoint
    device_id: str | None = None
    _: KW_ONLY
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, object] | None = None
    upload: Upload | None = None

    def __post_init__(self) -> None:
        """Check the id before it stands in a path or a query."""
        if self.device_id is not None:
            check_device_id(self.device_id)

    @property
    def target(self) -> str:
        """The path and query, with the device's id where it belongs.

        One string, because the HTTP library parses the URL again for each part that is added.
        """
        query = urlencode(self._query, quote_via=quote)
        return f"{self._path}?{query}" if query else self._path

    @property
    def _path(self) -> str:
        if "{id}" not in self.endpoint.path:
            return self.endpoint.path
        return self.endpoint.path.format(id=quote(self.device_id or "", safe=""))

    @property
    def _query(self) -> Mapping[str, str]:
        in_body = self.body is not None and "device_id" in self.body
        if self.device_id is None or in_body or "{id}" in self.endpoint.path:
            return self.params
        return {"device_id": self.device_id, **self.params}
