"""The gateway's calls: method, path, how long each may take, how long its answer may be."""

from dataclasses import dataclass

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
SEND_TEXT = Endpoint(method="POST", path="/send/text", timeout=60.0)
GET_WEBHOOK = Endpoint(method="GET", path="/webhook")
SET_WEBHOOK = Endpoint(method="POST", path="/webhook")
LIST_WEBHOOK_EVENTS = Endpoint(method="GET", path="/webhook/events")
