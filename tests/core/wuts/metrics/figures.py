"""Reads metrics as Prometheus would."""

from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from wuts.metrics import Metrics


def samples(metrics: Metrics) -> list[Sample]:
    """Return all samples."""
    families = text_string_to_metric_families(metrics.text().decode())
    return [sample for family in families for sample in family.samples]


def figure(metrics: Metrics, name: str, **labels: str) -> float | None:
    """Return one figure, or None where there is no such series."""
    found = [
        one.value for one in samples(metrics) if (one.name, dict(one.labels)) == (name, labels)
    ]
    return found[0] if found else None


def series(metrics: Metrics, **labels: str) -> set[str]:
    """Return the names of all series with these labels among theirs."""
    return {one.name for one in samples(metrics) if labels.items() <= one.labels.items()}
