"""Reads docs/openapi.yaml: its operations, and its examples with the schemas they belong to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml
from openapi_schema_validator import OAS31Validator, oas31_format_checker

from tests.core.wuts.values import Json

PATH = Path(__file__).parents[2] / "docs/openapi.yaml"

_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Example:
    """One example; ``status`` is None for what is sent, ``4XX`` where only the kind is known."""

    name: str
    status: str | None
    value: Json = field(repr=False)
    schema: Json = field(repr=False)
    source: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.status or 'sent'}-{self.name}"

    @property
    def is_success(self) -> bool:
        return self.status is not None and self.status.startswith("2")

    @property
    def is_error(self) -> bool:
        return self.status is not None and not self.is_success

    @property
    def statuses(self) -> tuple[int, ...]:
        """What an answer with this example may be sent as."""
        assert self.status is not None
        if self.status.endswith("XX"):
            kind = int(self.status[0]) * 100
            return kind, kind + 9
        return (int(self.status),)

    @property
    def violations(self) -> list[str]:
        return violations(self.schema, self.value)


@dataclass(frozen=True)
class Operation:
    """One operation, with every reference resolved."""

    method: str
    path: str
    content: Mapping[str, Json] = field(repr=False)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def parameters(self, place: str) -> dict[str, Json]:
        """Return the schemas of the parameters in ``query``, ``header`` or ``path``."""
        declared = self.content.get("parameters", [])
        return {p["name"]: p["schema"] for p in declared if p["in"] == place}

    @property
    def body(self) -> Json:
        """The schema of what is sent, or None where there is no body."""
        request = self.content.get("requestBody")
        return request and request["content"]["application/json"]["schema"]

    @property
    def examples(self) -> list[Example]:
        sent = [_read(None, self.content["requestBody"])] if self.body else []
        answered = [_read(status, said) for status, said in self.content["responses"].items()]
        return [example for examples in (*sent, *answered) for example in examples]


def violations(schema: Json, value: Json) -> list[str]:
    """Return what is wrong with a value."""
    validator = OAS31Validator(schema, format_checker=oas31_format_checker)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


@cache
def document() -> Json:
    """Return the file as it is."""
    return yaml.safe_load(PATH.read_text("utf-8"))


@cache
def operations() -> dict[str, Operation]:
    """Return every operation by its method and path, such as ``GET /devices``."""
    found = _operations(document()["paths"])
    return {str(operation): operation for operation in found}


@cache
def deliveries() -> tuple[Operation, ...]:
    """Return what the gateway sends of itself."""
    return tuple(_operations(document()["webhooks"]))


def _operations(paths: Json) -> Iterator[Operation]:
    for path, item in paths.items():
        for method in _METHODS:
            if method in item:
                yield Operation(method.upper(), path, _resolve(item[method]))


def _read(status: str | None, part: Json) -> list[Example]:
    content = part.get("content", {}).get("application/json", {})
    return [
        Example(name, status, example["value"], content["schema"], tuple(example["x-source"]))
        for name, example in content.get("examples", {}).items()
    ]


def _resolve(node: Json) -> Json:
    """Put what is meant in place of each reference."""
    match node:
        case {"$ref": str(reference)}:
            target = document()
            for name in reference.removeprefix("#/").split("/"):
                target = target[name]
            return _resolve(target)
        case dict():
            return {name: _resolve(inner) for name, inner in node.items()}
        case list():
            return [_resolve(inner) for inner in node]
        case _:
            return node
