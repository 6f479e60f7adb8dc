import json
import logging
import sys

import pytest

from slack_app.operations.audit import AUDIT_LOGGER, AuditAction, AuditEvent, AuditOutcome
from slack_app.operations.logs import CleanFormatter, JsonFormatter, TextFormatter

SECRET = "gateway-secret-1234"
BOTH = pytest.mark.parametrize("formatter", [JsonFormatter([SECRET]), TextFormatter([SECRET])])


@BOTH
@pytest.mark.parametrize(
    "secret",
    [SECRET, "xoxb-12-ab", "xapp-1-A-2", "+55 11 91234-4321", "2@" + "a" * 60, "ABCD-1234"],
)
def test_what_looks_like_a_secret_is_left_out(formatter: CleanFormatter, secret: str) -> None:
    line = formatter.format(record("Asked with %s", secret))
    assert secret not in line
    assert "Asked with [redacted]" in line


@BOTH
def test_a_traceback_has_no_secret_either(formatter: CleanFormatter) -> None:
    broken = record("It broke")
    try:
        int(f"refused {SECRET}")
    except ValueError:
        broken.exc_info = sys.exc_info()
    line = formatter.format(broken)
    assert "ValueError: invalid literal for int() with base 10: 'refused [redacted]'" in line
    assert SECRET not in line


@BOTH
def test_nobody_can_forge_a_second_line(formatter: CleanFormatter) -> None:
    assert "\n" not in formatter.format(record("Named %s", "a\nb"))


def test_a_json_line_has_what_programs_look_for(caplog: pytest.LogCaptureFixture) -> None:
    line = json.loads(JsonFormatter().format(audited(caplog)))
    assert line.pop("at").endswith("+00:00")
    assert line == {
        "level": "info",
        "logger": AUDIT_LOGGER,
        "message": "pair: refused",
        "user": "U1",
        "deed": "pair",
        "outcome": "refused",
        "account": "home",
        "device": "",
    }


def test_a_line_for_people_says_who_did_what(caplog: pytest.LogCaptureFixture) -> None:
    line = TextFormatter().format(audited(caplog))
    assert line.endswith(
        "info slack_app.audit: pair: refused user=U1 deed=pair outcome=refused account=home"
    )


def audited(caplog: pytest.LogCaptureFixture) -> logging.LogRecord:
    with caplog.at_level(logging.INFO, AUDIT_LOGGER):
        AuditEvent("U1", AuditAction.PAIR, account="home").log(AuditOutcome.REFUSED)
    return caplog.records[0]


def record(message: str, *arguments: object) -> logging.LogRecord:
    return logging.LogRecord("slack_app", logging.INFO, "file", 1, message, arguments, None)
