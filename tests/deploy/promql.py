"""What expressions of PromQL name, as far as texts tell."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from prometheus_client.parser import text_string_to_metric_families

from wuts.metrics import Metrics

# A metric of ours, and its matchers if it has any.
_SELECTOR = re.compile(r"\b(wuts_\w+)(?:\{([^}]*)\})?")
_MATCHER = re.compile(r'(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"')
_GROUPING = re.compile(r"\b(?:by|on) \(([^)]*)\)")

OF_PROMETHEUS = {"job", "instance"}
"""Labels that Prometheus adds itself."""

type Labels = Mapping[str, set[str]]


def shown_by(metrics: Metrics) -> dict[str, Labels]:
    """Return the names of all series of a page, and the values of each label."""
    found: dict[str, defaultdict[str, set[str]]] = {}
    for family in text_string_to_metric_families(metrics.text().decode()):
        for sample in family.samples:
            labels = found.setdefault(sample.name, defaultdict(set))
            for name, value in sample.labels.items():
                labels[name].add(value)
    return {name: dict(labels) for name, labels in found.items()}


def unknown_in(expression: str, shown: Mapping[str, Labels]) -> Iterator[str]:
    """Yield what an expression names that no page has: metrics, labels, values of labels."""
    grouped: set[str] = set()
    for name, matchers in _SELECTOR.findall(expression):
        if name not in shown:
            yield name
            continue
        grouped |= shown[name].keys()
        for label, operator, value in _MATCHER.findall(matchers):
            values = shown[name].get(label)
            if values is None:
                yield f"{name}{{{label}}}"
            elif not is_known(operator, value, values):
                yield f'{name}{{{label}="{value}"}}'
    for labels in _GROUPING.findall(expression):
        for label in labels.split(","):
            if label.strip() not in grouped | OF_PROMETHEUS:
                yield f"by ({label.strip()})"


def is_known(operator: str, value: str, values: set[str]) -> bool:
    """Tell whether a matcher's values are among those that a label has."""
    if value == "$account":
        return True
    wanted = set(value.split("|")) if "~" in operator else {value}
    return wanted <= values
