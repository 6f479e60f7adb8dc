"""A signed JSON webhook: one POST for each update of a notification."""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import override

from ..clock import Clock
from ..errors import InvalidInputError
from ..supervisor.alerts.notifications import Notification
from .document import VERSION, document_of
from .post import checked_url, post
from .receiver import AddressedReceiver
from .words import Words

SIGNATURE_HEADER = "X-WUTS-Signature"
TIMESTAMP_HEADER = "X-WUTS-Timestamp"
ID_HEADER = "X-WUTS-Id"

SHORTEST_SECRET = 16
"""Characters: a shorter secret could be guessed."""

_NO_ADDRESS = "A webhook's address must look like wuts+https://HOST/PATH."
_NO_SECRET = (
    f"A webhook needs a secret of {SHORTEST_SECRET} characters or more, to sign what is "
    "sent. Create a long random one, such as openssl rand -hex 32 prints."
)


def signature_of(secret: str, timestamp: str, body: bytes) -> str:
    """Return the signature of a delivery, as ``X-WUTS-Signature`` has it.

    Args:
        secret: The receiver's.
        timestamp: What ``X-WUTS-Timestamp`` says: seconds since 1970.
        body: The bytes as they were sent.
    """
    signed = timestamp.encode() + b"." + body
    return f"sha256={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


class WebhookReceiver(AddressedReceiver):
    """Posts a document that programs can check and tell from a repeat.

    Args:
        url: Where to; http or https.
        secret: Signs what is sent.
        words: The language of its title and text.
        dashboard_url: Where to see more.
        wall_clock: Returns seconds since 1970.

    Raises:
        InvalidInputError: The address or the secret is not usable.
    """

    def __init__(
        self,
        url: str,
        secret: str | None,
        *,
        words: Words,
        dashboard_url: str | None = None,
        wall_clock: Clock = time.time,
    ) -> None:
        super().__init__("Webhook")
        checked_url(url, _NO_ADDRESS)
        if secret is None or len(secret) < SHORTEST_SECRET:
            raise InvalidInputError(_NO_SECRET)
        self._url = url
        self._secret = secret
        self._words = words
        self._dashboard_url = dashboard_url
        self._clock = wall_clock

    @override
    def _send(self, notification: Notification) -> None:
        document = document_of(notification, self._words, dashboard_url=self._dashboard_url)
        self._post(document, f"{notification.id}:{notification.sequence}")

    @override
    def _send_test(self, name: str) -> None:
        body = self._words.test_body.format(name=name)
        document = {"version": VERSION, "news": "test", "title": self._words.test_title}
        self._post({**document, "text": body}, f"test:{time.time_ns()}")

    def _post(self, document: Mapping[str, object], id_: str) -> None:
        body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        timestamp = str(int(self._clock()))
        headers = {
            ID_HEADER: id_,
            TIMESTAMP_HEADER: timestamp,
            SIGNATURE_HEADER: signature_of(self._secret, timestamp, body),
        }
        post(self._url, body, headers)
