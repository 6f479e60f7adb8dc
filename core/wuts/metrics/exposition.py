"""The page that Prometheus reads, put together from parts."""

from collections.abc import Iterable, Iterator

from prometheus_client import generate_latest
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""What a page is (Prometheus, Exposition formats: the text format)."""

_HEAD = 2
"""Lines that name a metric: its help and its type."""


class Page:
    """All metrics; those of one name may come in several parts."""

    def __init__(self) -> None:
        self._parts: dict[str, list[bytes]] = {}

    def add(self, families: Iterable[Family]) -> None:
        """Add metrics, or more series of those that were added before."""
        for family in families:
            # When a counter began is left out: a series more for each, which only OpenMetrics uses.
            created = f"{family.name}_created"
            family.samples = [one for one in family.samples if one.name != created]
            text = generate_latest(_One(family))
            known = self._parts.setdefault(family.name, [])
            known.append(text.split(b"\n", _HEAD)[_HEAD] if known else text)

    def text(self) -> bytes:
        """Return the page."""
        return b"".join(part for parts in self._parts.values() for part in parts)


class _One(Collector):
    def __init__(self, family: Family) -> None:
        self._family = family

    def collect(self) -> Iterator[Family]:
        yield self._family
