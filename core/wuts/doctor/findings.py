"""What the doctor found: codes with parameters, as JSON and as English text, without secrets."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum

from ..redaction import redact
from .vocabulary import SENTENCES, FindingCode, Level, level_of

type Parameter = str | int | float | datetime | None

MOST_DEVIATIONS = 30
"""The most deviations that are shown of one answer; a page must stay a page."""


_NOT_KNOWN = "unknown"

_WORST_FIRST = (Level.FAIL, Level.WARN, Level.UNKNOWN, Level.OK)


class Problem(StrEnum):
    """How a field deviates from the contract."""

    MISSING = "missing"
    WRONG_TYPE = "wrong_type"
    WRONG_VALUE = "wrong_value"
    UNKNOWN_FIELD = "unknown_field"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """One field that is not as the contract says; it never holds the field's value.

    Attributes:
        field: Where it is, such as ``devices[].connected``.
        problem: What is wrong with it.
        expected: The documented type or values.
        found: The type that came instead.
        required: Whether the contract requires the field.
        count: In how many places of one answer.
    """

    field: str
    problem: Problem
    expected: str = ""
    found: str = ""
    required: bool = False
    count: int = 1

    def as_json(self) -> dict[str, object]:
        """Return it for JSON."""
        return {
            "field": self.field,
            "problem": self.problem.value,
            "expected": self.expected or None,
            "found": self.found or None,
            "required": self.required,
            "count": self.count,
        }

    def text(self) -> str:
        """Return it in English."""
        words = {
            Problem.MISSING: "is missing",
            Problem.WRONG_TYPE: f"should be {self.expected}, is {self.found}",
            Problem.WRONG_VALUE: f"should be {self.expected}",
            Problem.UNKNOWN_FIELD: f"is not documented ({self.found})",
        }[self.problem]
        return f"{self.field} {words}" + (f", {self.count} times" if self.count > 1 else "")


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found.

    Attributes:
        code: What it is.
        parameters: What belongs to the code's sentence.
        deviations: Of a read: field by field, what is not as documented.
        more: How many deviations were left out.
    """

    code: FindingCode
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    deviations: tuple[Deviation, ...] = ()
    more: int = 0

    @property
    def level(self) -> Level:
        """How bad it is."""
        return level_of(self.code)

    def redacted(self, secret: str) -> "Finding":
        """Return it without secrets, long numbers and control characters in any text."""
        return Finding(
            self.code,
            {name: _clean(value, secret) for name, value in self.parameters.items()},
            tuple(
                replace(one, field=redact(one.field, secret=secret))
                for one in self.deviations[:MOST_DEVIATIONS]
            ),
            max(0, len(self.deviations) - MOST_DEVIATIONS),
        )

    def as_json(self) -> dict[str, object]:
        """Return it for JSON: ``code``, ``level``, ``parameters``, ``deviations`` and ``more``."""
        return {
            "code": self.code.value,
            "level": self.level.value,
            "parameters": {name: _plain(value) for name, value in self.parameters.items()},
            "deviations": [one.as_json() for one in self.deviations],
            "more": self.more,
        }

    def lines(self) -> list[str]:
        """Return it in English: a sentence, and a line for each deviation."""
        parameters = {name: _shown(value) for name, value in self.parameters.items()}
        shown = defaultdict(lambda: _NOT_KNOWN, parameters)
        sentence = SENTENCES[self.code].format_map(shown)
        details = [f"         - {one.text()}" for one in self.deviations]
        if self.more:
            details.append(f"         and {self.more} more")
        return [f"{self.level.value:<8} {sentence}", *details]


@dataclass(frozen=True, slots=True)
class Report:
    """All that the doctor found, without secrets and phone numbers.

    Attributes:
        at: When, in UTC.
        findings: In the order of the checks.
    """

    at: datetime
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, findings: Iterable[Finding], *, at: datetime, secret: str) -> "Report":
        """Make a report, and redact each finding."""
        return cls(at.astimezone(UTC), tuple(one.redacted(secret) for one in findings))

    @property
    def worst(self) -> Level:
        """The worst level of all findings."""
        levels = {finding.level for finding in self.findings}
        return next((level for level in _WORST_FIRST if level in levels), Level.OK)

    def as_json(self) -> dict[str, object]:
        """Return it for JSON: ``at``, ``worst`` and ``findings``."""
        return {
            "at": _plain(self.at),
            "worst": self.worst.value,
            "findings": [finding.as_json() for finding in self.findings],
        }

    def lines(self) -> list[str]:
        """Return one page of English text."""
        return [line for finding in self.findings for line in finding.lines()]


def _clean(value: Parameter, secret: str) -> Parameter:
    """Numbers, times and words of ours say nothing secret; any other text might."""
    if isinstance(value, str) and not isinstance(value, StrEnum):
        return redact(value, secret=secret)
    return value


def _plain(value: Parameter) -> str | int | float | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return value.value if isinstance(value, StrEnum) else value


def _shown(value: Parameter) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).date().isoformat()
    return _NOT_KNOWN if value is None else str(value).replace("_", " ")
