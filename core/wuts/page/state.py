"""What is known of one link: who may open it, until when, and what it shows."""

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
        note: A line for whoever holds the phone, or an empty one.
        view: The pairing; None before it began.
        over: Why the link ended without an outcome of the pairing, or None.
    """

    name: str
    note: str = ""
    view: PairingView | None = field(repr=False)
    over: str | None

    @property
    def is_final(self) -> bool:
        """Whether nothing will change any longer."""
        return self.over is not None or (self.view is not None and self.view.outcome is not None)

    @property
    def signature(self) -> object:
        """What distinguishes two scenes for a person, except the seconds that are left."""
        view = self.view
        if view is None:
            return self.over
        shown = (view.stage, view.offer, view.stalled, view.notice, view.outcome)
        return shown, view.is_expired


class LinkState:
    """What is known of one link: the secret in its address is not.

    Attributes:
        key: The device, as the maker named it.
        name: The same for people.
        note: A line for whoever holds the phone, or an empty one.
        expires_at: When it ends, by the pages' clock.
        is_secure: Whether its address is an https one.
        is_seen: Whether the end has been sent to the owner's browser.
        version: A number that grows with each change.
    """

    def __init__(  # noqa: PLR0913 - all but two are named
        self,
        key: Hashable,
        name: str,
        *,
        note: str,
        path: str,
        is_secure: bool,
        expires_at: float,
        clock: Clock,
        audit: Audit,
    ) -> None:
        self.key = key
        self.name = name
        self.note = note
        self.expires_at = expires_at
        self._path = path
        self.is_secure = is_secure
        self._clock = clock
        self._audit = audit
        self._owner: bytes | None = None
        self._view: PairingView | None = None
        self._over: str | None = None
        self.is_seen = False
        self.version = 0
        self._changed = asyncio.Event()

    @property
    def is_over(self) -> bool:
        """Whether the link has expired, was ended, or its pairing has."""
        return self.scene.is_final

    @property
    def is_owned(self) -> bool:
        """Whether a browser has opened it."""
        return self._owner is not None

    def show(self, view: PairingView) -> None:
        """Take a later view: an outcome even after the link's time, but nothing after an end."""
        is_late = self._over is None and view.outcome is not None and not self._has_outcome
        if self.is_over and not is_late:
            return
        self._view = view
        self._tell()
        if view.outcome is not None and not isinstance(view.outcome, Failed):
            event = PageEvent(PageAction.LINKED, key=self.key, peer=None, reason=view.stage)
            self._audit(event)

    def end(self, reason: str | None = None) -> None:
        """End the link, unless it is over."""
        if not self.is_over:
            self._over = str(reason or CANCELLED)
            self._view = None
            self._tell()

    @property
    def scene(self) -> Scene:
        """What to show now."""
        now, view = self._clock(), self._view
        over = self._over
        if over is None and now >= self.expires_at and not self._outlives_its_time:
            over = EXPIRED
        shown = None if over or view is None else view.at(now)
        return Scene(name=self.name, note=self.note, view=shown, over=over)

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
        """Return whether a browser with this cookie owns the link."""
        return (
            self._owner is not None
            and cookie is not None
            and hmac.compare_digest(self._owner, hash_of(cookie))
        )

    def claim(self) -> str | None:
        """Return the cookie of a new owner, or None if there is one or the link is over."""
        if self.is_owned or self.is_over:
            return None
        cookie = secrets.token_urlsafe(SECRET_BYTES)
        self._owner = hash_of(cookie)
        self._tell()
        return cookie

    def mark_seen(self) -> None:
        """Note that the owner's browser was sent the end."""
        self.is_seen = True
        self._tell()

    async def changed(self, since: int, *, within: float) -> None:
        """Wait until the version is another than ``since``, for that many seconds at most."""
        try:
            async with asyncio.timeout(within):
                while self.version == since:
                    await self._changed.wait()
        except TimeoutError:
            return

    def _tell(self) -> None:
        self.version += 1
        self._changed.set()
        self._changed = asyncio.Event()


def hash_of(secret: str) -> bytes:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).digest()
