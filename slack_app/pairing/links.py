"""Links to pairing pages, for whoever holds the phone and has no Slack."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aiohttp import web

from wuts.clock import Clock, steady_time
from wuts.page import PageAction, PageEvent, PairingLink, PairingPages

from ..devices.device import DeviceRef
from ..operations.audit import AuditAction, AuditEvent, AuditOutcome

PATH = "/pair"

_OUTCOMES = {
    PageAction.OPENED: AuditOutcome.OPENED,
    PageAction.LINKED: AuditOutcome.LINKED,
    PageAction.REFUSED: AuditOutcome.REFUSED,
}


@dataclass(frozen=True, slots=True)
class SentLink:
    """A link that was made for somebody to pass on.

    Attributes:
        url: Its address, which holds a secret: it is shown to whoever asked, and kept nowhere.
        link: What its page shows.
        until: When it ends, at the latest.
    """

    url: str = field(repr=False)
    link: PairingLink = field(repr=False)
    until: datetime


class Links:
    """Makes links and serves their pages, if people can reach the app.

    Args:
        public_url: Where browsers reach the app's server, or empty.
        lifetime: Seconds that a link is valid.
        proxies: How many proxies in front of the server append to ``X-Forwarded-For``.
        clock: Seconds by a steady clock, that of the pairings.
    """

    def __init__(
        self,
        public_url: str,
        *,
        lifetime: float,
        proxies: int,
        clock: Clock = steady_time,
    ) -> None:
        self._public_url = public_url.rstrip("/")
        self._pages = PairingPages(
            lifetime=lifetime, proxies=proxies, clock=clock, audit=self._audit
        )
        self._makers: dict[Hashable, str] = {}

    @property
    def are_possible(self) -> bool:
        """Whether browsers can reach the pages."""
        return bool(self._public_url)

    def make(self, ref: DeviceRef, name: str, user_id: str) -> SentLink:
        """Make a link for a device, which ends the device's older one.

        Args:
            ref: The device.
            name: The same for people, as it is.
            user_id: Who asks.
        """
        made = self._pages.offer(ref, name=name, base_url=f"{self._public_url}{PATH}")
        self._makers[ref] = user_id
        until = datetime.now(UTC) + timedelta(seconds=made.link.seconds_left)
        AuditEvent(user_id, AuditAction.LINK, ref.account, ref.device_id).log(AuditOutcome.MADE)
        return SentLink(made.url, made.link, until)

    def routes(self) -> list[web.RouteDef]:
        """Return what serves the pages; nothing if browsers cannot reach them."""
        return self._pages.routes(PATH) if self.are_possible else []

    def close(self) -> None:
        """End all links."""
        self._pages.close()

    def _audit(self, event: PageEvent) -> None:
        ref, user_id = event.key, self._makers.get(event.key, "")
        about = (ref.account, ref.device_id) if isinstance(ref, DeviceRef) else ("", "")
        line = AuditEvent(user_id, AuditAction.LINK, *about)
        line.log(_OUTCOMES[event.action], peer=event.peer, reason=event.reason)
