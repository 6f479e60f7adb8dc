"""The page that a person may paste anywhere."""

import json
from datetime import UTC, datetime
from string import Formatter

import pytest

from tests.core.wuts.values import PAYLOAD, PHONE, TOKEN
from wuts.doctor import Deviation, Finding, FindingCode, Level, Problem, Report
from wuts.doctor.findings import Parameter
from wuts.doctor.vocabulary import SENTENCES

NOW = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)


def report_of(*findings: Finding) -> Report:
    return Report.of(findings, at=NOW, secret=TOKEN)


def test_every_code_has_a_sentence() -> None:
    assert set(SENTENCES) == set(FindingCode)


@pytest.mark.parametrize("code", FindingCode)
def test_every_sentence_can_be_written(code: FindingCode) -> None:
    names = [name for _, name, _, _ in Formatter().parse(SENTENCES[code]) if name]
    parameters = dict[str, Parameter]((name, 1) for name in names)
    (line,) = report_of(Finding(code, parameters)).lines()
    assert line.startswith(Finding(code).level)
    assert "{" not in line


@pytest.mark.parametrize("secret", [TOKEN, PHONE, "+55 11 99999-9999", PAYLOAD, "ABCD-1234"])
def test_a_secret_in_any_text_is_redacted(secret: str) -> None:
    report = report_of(
        Finding(FindingCode.CERTIFICATE_TRUSTED, {"subject": secret, "issuer": f"by {secret}"}),
        Finding(
            FindingCode.READ_MATCHES,
            {"read": "GET /devices"},
            (Deviation(field=f"data.{secret}", problem=Problem.UNKNOWN_FIELD, found="string"),),
        ),
    )
    page = json.dumps(report.as_json()) + "".join(report.lines()) + repr(report)
    assert secret not in page
    assert "[redacted]" in page


def test_dates_and_figures_of_ours_are_not_redacted() -> None:
    parameters: dict[str, Parameter] = {"subject": "a", "expires": NOW, "days": 1234567890}
    report = report_of(Finding(FindingCode.CERTIFICATE_TRUSTED, parameters))
    (line,) = report.lines()
    assert "2026-11-25" in line
    assert "1234567890" in line
    assert "2026-11-25T12:30:00Z" in json.dumps(report.as_json())


@pytest.mark.parametrize(
    ("codes", "worst"),
    [
        ([], Level.OK),
        ([FindingCode.TOKEN_ACCEPTED, FindingCode.ROLE_UNKNOWN], Level.UNKNOWN),
        ([FindingCode.ROLE_UNKNOWN, FindingCode.ROLE_ADMIN], Level.WARN),
        ([FindingCode.ROLE_ADMIN, FindingCode.TOKEN_REFUSED], Level.FAIL),
    ],
)
def test_the_worst_finding_counts(codes: list[FindingCode], worst: Level) -> None:
    assert report_of(*map(Finding, codes)).worst is worst


def test_a_page_stays_a_page_whatever_a_gateway_answers() -> None:
    deviations = [
        Deviation(field=f"field\x1b[2J{'x' * 500}{place}", problem=Problem.UNKNOWN_FIELD)
        for place in range(500)
    ]
    report = report_of(Finding(FindingCode.READ_MATCHES, {"read": "GET /"}, tuple(deviations)))
    assert len(report.lines()) == 32
    assert all(line.isprintable() and len(line) < 300 for line in report.lines())
    assert "and 470 more" in report.lines()[-1]
