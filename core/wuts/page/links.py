"""Links to pairing pages: who may open one, until when, and what it shows."""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Hashable
from dataclasses import dataclass, field

from ..clock import Clock
from ..pairing import Failed, PairingView, Stage
from .audit import Audit, PageAction, PageEvent

SECRET_BYTES = 32
"""Random bytes of a link's secret, and of the cookie that its owner gets."""

KEPT = 3600.0
"""Seconds for which the browser that owned a link still learns how it ended."""

LONGEST_WAIT = 1.0
"""Seconds until the clock is looked at again, at most: timers do not run while a machine sleeps."""

EXPIRED = "expired"
"""Why a link is over: its time has passed."""

CANCELLED = "cancelled"
"""Why a link is over: whoever made it ended it, or made another for the same device."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What the page of a link shows at one moment.

    Attributes:
        name: The device's name.
        view: The pairing; None before it began.
        over: Why the link ended without an outcome of the pairing, or None.
    """

    name: str
    view: PairingView | None = field(repr=False)
    over: str | None

    @property
    def is_final(self) -> bool:
        """Whether nothing will change any more."""
        return self.over is not None or (self.view is not None and self.view.outcome is not None)

    @property
    def signature(self) -> object:
        """What tells two scenes apart for a person, but for the seconds that are left."""
        view = self.view
        seen = None if view is None else (view.stage, view.offer, view.notice, view.outcome)
        return seen, self.over, view is not None and view.is_expired


class PairingLink:
    """One link, for whoever made it: the secret in its address is not kept.

    Attributes:
        key: The device, as the maker named it.
        name: The same for people.
        expires_at: When it ends, by the pages' clock.
    """

    def __init__(  # noqa: PLR0913 - all but two are named
        self,
        key: Hashable,
        name: str,
        *,
        path: str,
        is_secure: bool,
        expires_at: float,
        clock: Clock,
        audit: Audit,
    ) -> None:
        self.key = key
        self.name = name
        self.expires_at = expires_at
        self._path = path
        self._is_secure = is_secure
        self._clock = clock
        self._audit = audit
        self._owner: bytes | None = None
        self._view: PairingView | None = None
        self._over: str | None = None
        self._is_seen = False
        self._version = 0
        self._changed = asyncio.Event()

    @property
    def seconds_left(self) -> float:
        """Seconds until the link ends, at the latest."""
        return max(0.0, self.expires_at - self._clock())

    @property
    def is_over(self) -> bool:
        """Whether the link has expired, was ended, or its pairing has."""
        return self.scene.is_final

    @property
    def is_owned(self) -> bool:
        """Whether a browser has opened it."""
        return self._owner is not None

    async def opened(self) -> bool:
        """Wait for the browser that opens the link; return False if it ends before."""
        while not self.is_owned and not self.is_over:
            await self.changed(self._version, within=LONGEST_WAIT)
        return self.is_owned and not self.is_over

    def show(self, view: PairingView) -> None:
        """Show a later view of the pairing.

        The end of the pairing is shown even when the time of the link has passed meanwhile. Nothing
        is shown after an end.
        """
        is_late = self._over is None and view.outcome is not None and not self._has_outcome
        if self.is_over and not is_late:
            return
        self._view = view
        self._tell()
        if view.outcome is not None and not isinstance(view.outcome, Failed):
            event = PageEvent(PageAction.LINKED, key=self.key, peer=None, reason=view.stage)
            self._audit(event)

    def end(self, reason: str | None = None) -> None:
        """End the link, unless it is over.

        Args:
            reason: A `wuts.pairing.FailureReason` or `wuts.ErrorCode` that the page explains, or
                None where somebody ended the pairing.
        """
        if not self.is_over:
            self._over = str(reason or CANCELLED)
            self._view = None
            self._tell()

    async def seen(self, *, within: float) -> bool:
        """Wait until the end of the link has reached the browser that owns it.

        Args:
            within: Seconds to wait at most.

        Returns:
            Whether it has; without an owner there is nobody to wait for.
        """
        deadline = self._clock() + within
        while self.is_owned and not self._is_seen:
            left = deadline - self._clock()
            if left <= 0:
                return False
            await self.changed(self._version, within=min(left, LONGEST_WAIT))
        return self._is_seen

    # What follows is for the pages alone.

    @property
    def is_secure(self) -> bool:
        """Whether the address is an https one."""
        return self._is_secure

    @property
    def version(self) -> int:
        """A number that grows with each change."""
        return self._version

    @property
    def scene(self) -> Scene:
        """What to show now."""
        now, view = self._clock(), self._view
        over = self._over
        if over is None and now >= self.expires_at and not self._outlives_its_time:
            over = EXPIRED
        return Scene(name=self.name, view=None if over or view is None else view.at(now), over=over)

    @property
    def _outlives_its_time(self) -> bool:
        """Whether a phone is linked, or about to be: somebody waits to learn of that."""
        scanned = self._view is not None and self._view.stage is Stage.SCANNED
        return scanned or self._has_outcome

    @property
    def _has_outcome(self) -> bool:
        return self._view is not None and self._view.outcome is not None

    def path_of(self, secret: str) -> str:
        """Return the page's path, as browsers know it."""
        return f"{self._path}/{secret}"

    def is_owned_by(self, cookie: str | None) -> bool:
        """Tell whether a browser with this cookie owns the link."""
        return (
            self._owner is not None
            and cookie is not None
            and hmac.compare_digest(self._owner, _hash(cookie))
        )

    def claim(self) -> str | None:
        """Return the cookie of a new owner, or None if there is one or the link is over."""
        if self.is_owned or self.is_over:
            return None
        cookie = secrets.token_urlsafe(SECRET_BYTES)
        self._owner = _hash(cookie)
        self._tell()
        return cookie

    def mark_seen(self) -> None:
        """Note that the owner's browser was sent the end."""
        self._is_seen = True
        self._tell()

    async def changed(self, since: int, *, within: float) -> None:
        """Wait until the version is another than ``since``, for that many seconds at most."""
        try:
            async with asyncio.timeout(within):
                while self._version == since:
                    await self._changed.wait()
        except TimeoutError:
            return

    def _tell(self) -> None:
        self._version += 1
        self._changed.set()
        self._changed = asyncio.Event()


class LinkStore:
    """The links of a process, found by the hash of their secret; one a device.

    Args:
        clock: Seconds by a steady clock.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._links: dict[bytes, PairingLink] = {}
        self._newest: dict[Hashable, PairingLink] = {}

    def add(self, link: PairingLink) -> str:
        """Keep a link, in place of the device's older one; return its secret."""
        self._forget_the_dead()
        if (older := self._newest.get(link.key)) is not None:
            older.end()
        secret = secrets.token_urlsafe(SECRET_BYTES)
        self._links[_hash(secret)] = self._newest[link.key] = link
        return secret

    def find(self, secret: str) -> PairingLink | None:
        """Return the link of a secret, or None."""
        link = self._links.get(_hash(secret))
        return None if link is None or self._is_dead(link) else link

    def end_all(self) -> None:
        """End every link."""
        for link in self._links.values():
            link.end()

    def _is_dead(self, link: PairingLink) -> bool:
        return self._clock() >= link.expires_at + KEPT

    def _forget_the_dead(self) -> None:
        self._links = {
            hashed: link for hashed, link in self._links.items() if not self._is_dead(link)
        }
        self._newest = {link.key: link for link in self._links.values()}


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode(errors="surrogatepass")).digest()
