"""A link, for whoever made it."""

from ..clock import Clock
from ..pairing import PairingView
from .state import LONGEST_WAIT, LinkState


class PairingLink:
    """A link to a pairing page, without its secret.

    Args:
        state: What is known of it.
        clock: That of the pages.
    """

    def __init__(self, state: LinkState, clock: Clock) -> None:
        self._state = state
        self._clock = clock

    @property
    def seconds_left(self) -> float:
        """Seconds until the link ends, at the latest."""
        return max(0.0, self._state.expires_at - self._clock())

    @property
    def is_over(self) -> bool:
        """Whether the link has expired, was ended, or its pairing has."""
        return self._state.is_over

    @property
    def is_owned(self) -> bool:
        """Whether a browser has opened it."""
        return self._state.is_owned

    async def opened(self) -> bool:
        """Wait for the browser that opens the link; return False if it ends before."""
        state = self._state
        while not state.is_owned and not state.is_over:
            await state.changed(state.version, within=LONGEST_WAIT)
        return state.is_owned and not state.is_over

    def show(self, view: PairingView) -> None:
        """Show a later view of the pairing.

        The end of the pairing is shown even if the link has expired by then. Nothing
        is shown after an end.
        """
        self._state.show(view)

    def end(self, reason: str | None = None) -> None:
        """End the link, unless it is over.

        Args:
            reason: A `wuts.pairing.FailureReason` or `wuts.ErrorCode` that the page explains, or
                None if somebody ended the pairing.
        """
        self._state.end(reason)

    async def seen(self, *, within: float) -> bool:
        """Wait until the end of the link has reached the browser that owns it.

        Args:
            within: Seconds to wait at most.

        Returns:
            Whether it has; without an owner there is nobody to wait for.
        """
        state = self._state
        deadline = self._clock() + within
        while state.is_owned and not state.is_seen:
            left = deadline - self._clock()
            if left <= 0:
                return False
            await state.changed(state.version, within=min(left, LONGEST_WAIT))
        return state.is_seen
