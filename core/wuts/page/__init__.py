"""The pairing page: shows a pairing to somebody who has only a link. Needs the extra ``page``.

Whoever holds the phone opens the link in any browser, and sees the QR or the code, what to do with
it, and how it ended. `PairingPages` makes links and serves them, in any aiohttp application.
"""

from .access_log import hide_secrets
from .audit import Audit, PageAction, PageEvent, log_event
from .link import PairingLink
from .pages import Offered, PairingPages, is_page_address

__all__ = [
    "Audit",
    "Offered",
    "PageAction",
    "PageEvent",
    "PairingLink",
    "PairingPages",
    "hide_secrets",
    "is_page_address",
    "log_event",
]
