"""What answers show, without any I/O."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.core.wuts.values import Json
from wuts.doctor import FindingCode
from wuts.doctor.judge import (
    Reply,
    judge_clock,
    judge_latency,
    judge_read,
    judge_role,
    judge_signatures,
    judge_status_device,
    judge_token,
    judge_webhook_scope,
)
from wuts.signatures import Signature

NOW = datetime(2026, 11, 25, 12, 0, 0, tzinfo=UTC)
REFUSED = {"success": False, "error": "Invalid token"}


def reply(
    content: Json, status: int = 200, *, skew: float | None = 0.0, seconds: float = 0.1
) -> Reply:
    date = None if skew is None else (NOW + timedelta(seconds=skew)).replace(microsecond=0)
    return Reply(status=status, content=content, date=date, sent_at=NOW, seconds=seconds)


def listing(*owners: str | None) -> Reply:
    return reply({"success": True, "devices": [{"user_id": owner} for owner in owners]})


def own(**more: Json) -> Reply:
    return reply({"success": True, "data": {"devices": [], "user_id": "ana", **more}})


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (reply({"success": True, "devices": []}), FindingCode.TOKEN_ACCEPTED),
        (reply(REFUSED, 401), FindingCode.TOKEN_REFUSED),
        (reply(REFUSED, 403), FindingCode.TOKEN_REFUSED),
        (reply(None, 401), FindingCode.TOKEN_UNKNOWN),
        (reply({"message": "blocked"}, 403), FindingCode.TOKEN_UNKNOWN),
        (reply(REFUSED, 503), FindingCode.TOKEN_UNKNOWN),
    ],
)
def test_only_the_gateways_own_refusal_speaks_of_the_token(
    answer: Reply, code: FindingCode
) -> None:
    assert judge_token(answer).code is code


@pytest.mark.parametrize(
    ("devices", "mine", "code"),
    [
        (listing("ana"), own(role="admin"), FindingCode.ROLE_ADMIN),
        (listing("ana"), own(user={"role": "Admin"}), FindingCode.ROLE_ADMIN),
        (listing("ana"), own(role="user"), FindingCode.ROLE_KNOWN),
        (listing("ana"), own(role="king"), FindingCode.ROLE_UNKNOWN),
        (listing("ana", "bob", None), own(), FindingCode.ROLE_SEES_OTHERS),
        (listing("ana"), own(), FindingCode.ROLE_UNKNOWN),
        (listing("ana"), reply(None, 404), FindingCode.ROLE_UNKNOWN),
        (listing("ana"), None, FindingCode.ROLE_UNKNOWN),
    ],
)
def test_a_role_is_unknown_unless_an_answer_tells_it(
    devices: Reply, mine: Reply | None, code: FindingCode
) -> None:
    assert judge_role(devices, mine).code is code


def test_devices_of_other_users_are_counted() -> None:
    assert judge_role(listing("ana", "bob", "eve"), own()).parameters == {"others": 2}


@pytest.mark.parametrize(
    ("skew", "code"),
    [
        (0, FindingCode.CLOCK_AGREES),
        (4, FindingCode.CLOCK_AGREES),
        (-4, FindingCode.CLOCK_AGREES),
        (7, FindingCode.CLOCK_SKEWED),
        (-7, FindingCode.CLOCK_SKEWED),
        (None, FindingCode.CLOCK_UNKNOWN),
    ],
)
def test_clocks_that_are_over_five_seconds_apart_are_warned_of(
    skew: float | None, code: FindingCode
) -> None:
    assert judge_clock([reply({}, skew=skew)]).code is code


def test_the_quickest_answer_says_most_about_the_clock() -> None:
    slow, quick = reply({}, skew=60, seconds=30), reply({}, skew=0, seconds=0.1)
    assert judge_clock([slow, quick]).parameters == {"skew": 0}


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        ([0.1, 0.2, 9.0], FindingCode.LATENCY_GOOD),
        ([1.5, 1.2, 0.1], FindingCode.LATENCY_HIGH),
        ([], FindingCode.LATENCY_UNKNOWN),
    ],
)
def test_latency_is_the_median_of_a_few_reads(seconds: list[float], code: FindingCode) -> None:
    assert judge_latency(seconds).code is code


SCHEMA = {
    "type": "object",
    "required": ["success", "events"],
    "properties": {
        "success": {"type": "boolean"},
        "events": {"type": "array"},
        "count": {"type": "integer"},
    },
}


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (reply({"success": True, "events": []}), FindingCode.READ_MATCHES),
        (reply({"success": True, "events": [], "more": 1}), FindingCode.READ_MATCHES),
        (reply({"success": True, "events": [], "count": "1"}), FindingCode.READ_DEVIATES),
        (reply({"success": True, "events": None}), FindingCode.READ_BROKEN),
        (reply(None), FindingCode.READ_FAILED),
        (reply(REFUSED, 400), FindingCode.READ_FAILED),
        (reply({"success": False, "error": "device not found"}, 404), FindingCode.READ_FAILED),
        (reply(REFUSED), FindingCode.READ_FAILED),
        (reply({"success": False, "error": "not found"}, 404), FindingCode.READ_NOT_OFFERED),
        (reply(None, 404), FindingCode.READ_NOT_OFFERED),
        (reply(None, 405), FindingCode.READ_NOT_OFFERED),
    ],
)
def test_a_read_is_judged_by_the_worst_deviation(answer: Reply, code: FindingCode) -> None:
    assert judge_read("GET /webhook/events", answer, SCHEMA).code is code


def test_an_answer_about_another_device_is_a_failure() -> None:
    right = reply({"success": True, "data": {"device_id": "a"}})
    assert judge_status_device({"a": right}) is not None
    wrong = judge_status_device({"a": right, "b": right})
    assert wrong is not None
    assert wrong.code is FindingCode.STATUS_OTHER_DEVICE
    assert judge_status_device({"a": reply({"success": True, "data": {}})}) is None


def webhook(webhook_id: str | None) -> Reply:
    inner = None if webhook_id is None else {"id": webhook_id}
    return reply({"success": True, "webhook": inner})


@pytest.mark.parametrize(
    ("ids", "code"),
    [
        (["x", "x"], FindingCode.WEBHOOK_SHARED),
        (["x", "y"], FindingCode.WEBHOOK_PER_DEVICE),
        (["x", None], FindingCode.WEBHOOK_PER_DEVICE),
        ([None, None], FindingCode.WEBHOOK_SCOPE_UNKNOWN),
        (["x"], FindingCode.WEBHOOK_SCOPE_UNKNOWN),
        ([], FindingCode.WEBHOOK_SCOPE_UNKNOWN),
        (["x", "y", "x"], FindingCode.WEBHOOK_SHARED),
    ],
)
def test_equal_webhook_ids_of_two_devices_show_that_the_device_is_ignored(
    ids: list[str | None], code: FindingCode
) -> None:
    assert judge_webhook_scope(map(webhook, ids)).code is code


@pytest.mark.parametrize(
    ("counts", "code"),
    [
        ({}, FindingCode.SIGNATURES_MISSING),
        ({Signature.MISSING: 3}, FindingCode.SIGNATURES_MISSING),
        ({Signature.OF_BODY: 2, Signature.MISSING: 1}, FindingCode.SIGNATURES_RIGHT),
        ({Signature.OF_DATA: 2}, FindingCode.SIGNATURES_RIGHT),
        ({Signature.OF_BODY: 2, Signature.WRONG: 1}, FindingCode.SIGNATURES_WRONG),
    ],
)
def test_the_signatures_of_deliveries_are_judged(
    counts: dict[Signature, int], code: FindingCode
) -> None:
    finding = judge_signatures(counts)
    assert finding.code is code
    assert {
        one.value: counts.get(one, 0) for one in Signature
    }.items() <= finding.parameters.items()
    assert "unknown" not in "".join(finding.lines()[0].split()[1:])
