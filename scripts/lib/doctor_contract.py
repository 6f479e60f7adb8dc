"""Write what the doctor compares answers with: the schemas of the reads in docs/openapi.yaml.

The library reads JSON and needs no package for YAML; $ref and allOf are resolved here, and what the
doctor does not look at is left out.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "docs/openapi.yaml"
TARGET = ROOT / "core/wuts/doctor/contract.json"

READS = ("/devices", "/user/devices", "/status", "/qr/status", "/webhook", "/webhook/events")
"""What can be read without changing anything, and without a secret in the answer."""

# What yaml.safe_load returns.
type Node = Any


def contract_of(document: Node) -> str:
    """Return the doctor's contract as JSON text.

    Raises:
        KeyError: A read has no documented answer.
    """
    reads = {}
    for path in READS:
        responses = document["paths"][path]["get"]["responses"]
        answer = _resolved(responses["200"], document)["content"]["application/json"]
        reads[f"GET {path}"] = _schema(answer["schema"], document)
    contract = {"version": str(document["info"]["version"]), "reads": reads}
    return json.dumps(contract, indent=1, ensure_ascii=False) + "\n"


def _resolved(node: Node, document: Node) -> Node:
    """Follow references within the document."""
    while "$ref" in node:
        found = document
        for name in node["$ref"].removeprefix("#/").split("/"):
            found = found[name.replace("~1", "/").replace("~0", "~")]
        node = found
    return node


def _schema(node: Node, document: Node) -> dict[str, Node]:
    node = _resolved(node, document)
    schema: dict[str, Node] = {}
    for part in node.get("allOf", ()):
        _merge(schema, _schema(part, document))
    own: dict[str, Node] = {key: node[key] for key in ("type", "required", "enum") if key in node}
    if node.get("format") == "date-time":
        own["format"] = "date-time"
    if "const" in node:
        own["enum"] = [node["const"]]
    if "items" in node:
        own["items"] = _schema(node["items"], document)
    if "properties" in node:
        properties = node["properties"].items()
        own["properties"] = {name: _schema(inner, document) for name, inner in properties}
    if isinstance(node.get("additionalProperties"), Mapping):
        own["additionalProperties"] = _schema(node["additionalProperties"], document)
    branches = node.get("oneOf") or node.get("anyOf")
    if branches:
        own["oneOf"] = [_schema(branch, document) for branch in branches]
    _merge(schema, own)
    return schema


def _merge(schema: dict[str, Node], other: Mapping[str, Node]) -> None:
    for key, value in other.items():
        if key == "properties":
            schema[key] = {**schema.get(key, {}), **value}
        elif key == "required":
            schema[key] = [*schema.get(key, ()), *value]
        else:
            schema[key] = value


if __name__ == "__main__":
    if not SOURCE.is_file():
        sys.exit(f"error: {SOURCE.relative_to(ROOT)} is missing")
    TARGET.write_text(contract_of(yaml.safe_load(SOURCE.read_text("utf-8"))), "utf-8")
    print(f"wrote {TARGET.relative_to(ROOT)}")
