"""Answers against the contract, field by field."""

from pathlib import Path

import pytest

from tests.core.wuts.values import Json, documented
from wuts.doctor import Problem
from wuts.doctor.contract import compare, is_serious, load_contract
from wuts.doctor.findings import Deviation

ROOT = Path(__file__).parents[4]
OPENAPI = ROOT / "docs/openapi.yaml"

ROW = {
    "type": "object",
    "required": ["id", "connected"],
    "properties": {
        "id": {"type": "string"},
        "connected": {"type": "boolean"},
        "last_seen": {"type": ["string", "null"], "format": "date-time"},
        "status": {"enum": ["connected", "connecting"]},
        "timeout": {"type": "number"},
        "headers": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
LISTING = {
    "type": "object",
    "required": ["devices"],
    "properties": {"devices": {"type": "array", "items": ROW}},
}
GOOD = {"id": "one", "connected": True}


def deviations_of(row: Json) -> list[tuple[str, Problem, str, str]]:
    found = compare(LISTING, {"devices": [row]})
    return [(one.field, one.problem, one.expected, one.found) for one in found]


@pytest.mark.parametrize(
    "row",
    [
        GOOD,
        GOOD | {"last_seen": None},
        GOOD | {"last_seen": "2026-03-14T12:05:30Z", "timeout": 10, "headers": {"X-Any": "1"}},
    ],
)
def test_an_answer_as_documented_has_no_deviations(row: Json) -> None:
    assert deviations_of(row) == []


@pytest.mark.parametrize(
    ("row", "deviation"),
    [
        ({"id": "one"}, ("devices[].connected", Problem.MISSING, "", "")),
        (
            GOOD | {"connected": None},
            ("devices[].connected", Problem.WRONG_TYPE, "boolean", "null"),
        ),
        (GOOD | {"id": 7}, ("devices[].id", Problem.WRONG_TYPE, "string", "integer")),
        (
            GOOD | {"last_seen": 1.5},
            ("devices[].last_seen", Problem.WRONG_TYPE, "string or null", "number"),
        ),
        (
            GOOD | {"last_seen": "2026-03-14 12:05:30 +0000 UTC"},
            ("devices[].last_seen", Problem.WRONG_VALUE, "an RFC 3339 time", ""),
        ),
        (
            GOOD | {"status": "asleep"},
            ("devices[].status", Problem.WRONG_VALUE, "connected or connecting", ""),
        ),
        (
            GOOD | {"headers": {"X-Any": 1}},
            ("devices[].headers.*", Problem.WRONG_TYPE, "string", "integer"),
        ),
        (GOOD | {"battery": 80}, ("devices[].battery", Problem.UNKNOWN_FIELD, "", "integer")),
        ([1], ("devices[]", Problem.WRONG_TYPE, "object", "array")),
    ],
)
def test_each_way_to_deviate_is_told_apart_by_field(
    row: Json, deviation: tuple[str, Problem, str, str]
) -> None:
    assert deviations_of(row) == [deviation]


def test_alike_deviations_are_counted_and_the_required_ones_come_first() -> None:
    rows = [{"id": "one", "more": 1}, {"id": "two", "more": 2, "last_seen": False}]
    found = compare(LISTING, {"devices": rows})
    assert [(one.field, one.count) for one in found] == [
        ("devices[].connected", 2),
        ("devices[].last_seen", 1),
        ("devices[].more", 2),
    ]
    assert [is_serious(one) for one in found] == [True, False, False]


def test_of_two_documented_forms_the_closest_is_meant() -> None:
    forms = {"oneOf": [ROW, {"type": "null"}]}
    assert compare(forms, None) == ()
    assert [one.field for one in compare(forms, {"id": "one"})] == ["connected"]


def test_an_answer_that_is_no_object_is_one_deviation() -> None:
    (deviation,) = compare(LISTING, "hello")
    assert deviation.text() == "the answer should be object, is string"


def test_what_an_optional_object_requires_is_not_required_of_every_answer() -> None:
    schema = {"type": "object", "properties": {"webhook": ROW}}
    found = compare(schema, {"webhook": {"id": "one"}})
    assert found == (Deviation(field="webhook.connected", problem=Problem.MISSING),)
    assert not is_serious(found[0])


@pytest.mark.parametrize(
    ("read", "example"),
    [
        ("GET /devices", "devices_reference"),
        ("GET /devices", "devices_quickstart"),
        ("GET /devices", "devices_none"),
        ("GET /status", "status_connected"),
        ("GET /status", "status_connecting_quickstart"),
        ("GET /status", "status_never_paired"),
        ("GET /status", "status_never_paired_quickstart"),
        ("GET /qr/status", "qr_status_exists"),
        ("GET /qr/status", "qr_status_gone_quickstart"),
        ("GET /webhook", "webhook_none"),
        ("GET /webhook/events", "webhook_events"),
    ],
)
def test_every_documented_example_is_as_documented(read: str, example: str) -> None:
    assert compare(load_contract()[read], documented(example)) == ()


def test_a_webhook_is_documented_with_its_times() -> None:
    answer = documented("webhook")
    answer["webhook"] |= dict.fromkeys(("created_at", "updated_at"), "2026-03-14T12:00:00Z")
    assert compare(load_contract()["GET /webhook"], answer) == ()


@pytest.mark.skipif(not OPENAPI.is_file(), reason="docs/openapi.yaml is not there yet")
def test_the_doctors_contract_is_that_of_the_openapi_file() -> None:
    yaml = pytest.importorskip("yaml")
    from scripts.lib.doctor_contract import TARGET, contract_of  # noqa: PLC0415 - needs yaml

    wanted = contract_of(yaml.safe_load(OPENAPI.read_text("utf-8")))
    assert TARGET.read_text("utf-8") == wanted, (
        "run: .venv/bin/python scripts/lib/doctor_contract.py"
    )
