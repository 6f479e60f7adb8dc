"""Compares an answer with the contract, field by field.

The contract is `contract.json`, which ``scripts/lib/doctor_contract.py`` makes of
``docs/openapi.yaml``: for each read the schema of its answer, as the little of JSON Schema that is
understood here.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from .findings import Deviation, Problem

# What a JSON Schema is, and what json.loads returns.
type Schema = Mapping[str, Any]
type Json = Any

_TYPES: tuple[tuple[type, str], ...] = (
    (bool, "boolean"),
    (int, "integer"),
    (float, "number"),
    (str, "string"),
    (list, "array"),
    (dict, "object"),
)


_ROOT = "the answer"


@cache
def load_contract() -> Mapping[str, Schema]:
    """Return the schema of each read's answer, such as that of ``GET /devices``.

    It reads a file: in an event loop call it in a thread first.
    """
    text = Path(__file__).with_name("contract.json").read_text("utf-8")
    reads: Mapping[str, Schema] = json.loads(text)["reads"]
    return reads


def compare(schema: Schema, answer: Json) -> tuple[Deviation, ...]:
    """Return what of an answer is not as the schema says; what is alike is counted.

    What the contract requires comes first, unknown fields last.
    """
    counts = Counter(_deviations(schema, answer, "", required=True))
    found = [replace(one, count=count) for one, count in counts.items()]
    return tuple(sorted(found, key=_rank))


def is_serious(deviation: Deviation) -> bool:
    """Return whether it is about a field that every answer must have."""
    return deviation.required and deviation.problem is not Problem.UNKNOWN_FIELD


def _rank(deviation: Deviation) -> tuple[bool, bool, str]:
    unknown = deviation.problem is Problem.UNKNOWN_FIELD
    return not is_serious(deviation), unknown, deviation.field


def _deviations(schema: Schema, value: Json, path: str, *, required: bool) -> Iterator[Deviation]:
    if "oneOf" in schema:
        yield from _of_closest(schema["oneOf"], value, path, required=required)
        return
    found = _type_of(value)
    if not _fits(schema, found):
        yield Deviation(
            field=path or _ROOT,
            problem=Problem.WRONG_TYPE,
            expected=" or ".join(_types(schema)),
            found=found,
            required=required,
        )
    elif isinstance(value, dict):
        yield from _of_object(schema, value, path, required=required)
    elif isinstance(value, list):
        for item in value:
            yield from _deviations(schema.get("items", {}), item, f"{path}[]", required=required)
    elif expected := _wrong_value(schema, value):
        yield Deviation(
            field=path, problem=Problem.WRONG_VALUE, expected=expected, required=required
        )


def _of_closest(
    branches: Sequence[Schema], value: Json, path: str, *, required: bool
) -> Iterator[Deviation]:
    """The documented form that the answer is closest to."""
    each = [tuple(_deviations(branch, value, path, required=required)) for branch in branches]
    yield from min(each, key=lambda found: _distance(found, path or _ROOT))


def _distance(found: Sequence[Deviation], path: str) -> tuple[bool, int, int]:
    is_other_type = any((one.field, one.problem) == (path, Problem.WRONG_TYPE) for one in found)
    return is_other_type, sum(map(is_serious, found)), len(found)


def _of_object(
    schema: Schema, value: Mapping[str, Json], path: str, *, required: bool
) -> Iterator[Deviation]:
    known: Mapping[str, Schema] = schema.get("properties", {})
    needed = schema.get("required", ())
    for name in needed:
        if name not in value:
            yield Deviation(field=_join(path, name), problem=Problem.MISSING, required=required)
    others = schema.get("additionalProperties")
    for name, inner in value.items():
        if name in known:
            here = _join(path, name)
            is_needed = required and name in needed
            yield from _deviations(known[name], inner, here, required=is_needed)
        elif isinstance(others, Mapping):
            # The names are values here, such as phone numbers.
            yield from _deviations(others, inner, _join(path, "*"), required=False)
        elif known:
            yield Deviation(
                field=_join(path, name), problem=Problem.UNKNOWN_FIELD, found=_type_of(inner)
            )


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _types(schema: Schema) -> Sequence[str]:
    types: str | Sequence[str] = schema.get("type", ())
    return (types,) if isinstance(types, str) else types


def _fits(schema: Schema, found: str) -> bool:
    types = _types(schema)
    return not types or found in types or (found == "integer" and "number" in types)


def _type_of(value: Json) -> str:
    return next((name for kind, name in _TYPES if isinstance(value, kind)), "null")


def _wrong_value(schema: Schema, value: Json) -> str:
    """Return in words which value is expected, or nothing when it is such a one."""
    if "enum" in schema and value not in schema["enum"]:
        return " or ".join(map(str, schema["enum"]))
    if schema.get("format") == "date-time" and isinstance(value, str) and not _is_time(value):
        return "an RFC 3339 time"
    return ""


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
