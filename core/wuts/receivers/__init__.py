"""Receivers of notifications: Apprise's services, an Alertmanager, a signed webhook.

`receiver_of` makes one from an address; hand it to `wuts.supervisor.Supervisor`. Apprise's services
need the package ``apprise`` (the extra ``receivers``).
"""

from .addresses import receiver_of
from .receiver import AddressedReceiver, NotTakenError
from .text import Text, text_of
from .webhook import SIGNATURE_HEADER, TIMESTAMP_HEADER, signature_of
from .words import LANGUAGES, Words, words_of

__all__ = [
    "LANGUAGES",
    "SIGNATURE_HEADER",
    "TIMESTAMP_HEADER",
    "AddressedReceiver",
    "NotTakenError",
    "Text",
    "Words",
    "receiver_of",
    "signature_of",
    "text_of",
    "words_of",
]
