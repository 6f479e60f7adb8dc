"""How many wrong guesses are answered, by peer and in all."""

from collections import OrderedDict
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from ..clock import Clock

GUESSES = 10
"""Wrong guesses of one peer that are answered at once; then one in `REFILL` seconds."""

REFILL = 6.0
"""Seconds until a peer may guess wrong once more."""

GUESSES_IN_ALL = 100
"""The same for all peers together, refilled ten times as fast."""

MOST_PEERS = 10_000
"""Peers that are remembered; the one that was silent longest is forgotten first."""

_IPV6_NETWORK = 64


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float

    def take(self, now: float, *, size: int, rate: float) -> bool:
        self.tokens = min(size, self.tokens + (now - self.filled_at) * rate)
        self.filled_at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


class GuessLimiter:
    """Counts wrong guesses. Somebody who knows a secret never waits because of others who guess.

    Args:
        clock: Seconds by a steady clock.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._in_all = _Bucket(GUESSES_IN_ALL, clock())
        self._peers: OrderedDict[str, _Bucket] = OrderedDict()

    def allows(self, peer: str) -> bool:
        """Count a wrong guess; return whether it gets an answer of its own."""
        now, key = self._clock(), _network(peer)
        bucket = self._peers.setdefault(key, _Bucket(GUESSES, now))
        self._peers.move_to_end(key)
        if len(self._peers) > MOST_PEERS:
            self._peers.popitem(last=False)
        return bucket.take(now, size=GUESSES, rate=1 / REFILL) and self._in_all.take(
            now, size=GUESSES_IN_ALL, rate=10 / REFILL
        )


def _network(peer: str) -> str:
    """Return an address, or the network that one machine has to itself with IPv6."""
    try:
        address = ip_address(peer.partition("%")[0])
    except ValueError:
        return peer[:64]
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Address(int(address) >> _IPV6_NETWORK << _IPV6_NETWORK))
