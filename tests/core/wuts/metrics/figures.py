"""Reads metrics as Prometheus would."""

from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from wuts.metrics import Metrics


def samples(metrics: Metrics) -> list[Sample]:
    """Return all samples."""
    return _read(metrics.text().decode())


def figure(metrics: Metrics, name: str, **labels: str) -> float | None:
    """Return one figure, or None where there is no such series."""
    # It is asked again and again, and to read the whole page each time would be slow.
    lines = [
        line
        for line in metrics.text().decode().splitlines(keepends=True)
        if line.startswith((f"{name}{{", f"{name} "))
    ]
    found = [one.value for one in _read("".join(lines)) if dict(one.labels) == labels]
    return found[0] if found else None


def series(metrics: Metrics, **labels: str) -> set[str]:
    """Return the names of all series with these labels among theirs."""
    return {one.name for one in samples(metrics) if labels.items() <= one.labels.items()}


def _read(text: str) -> list[Sample]:
    families = text_string_to_metric_families(text)
    return [sample for family in families for sample in family.samples]
