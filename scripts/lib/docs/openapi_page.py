"""Make a page of docs/openapi.yaml that can be read and searched without JavaScript."""

import json
from collections.abc import Iterator
from typing import Any

REPOSITORY_FILE = "https://github.com/wuts/wuts/blob/main/docs/openapi.yaml"

type Json = Any


def render(document: Json) -> str:
    """Return the page."""
    info = document["info"]
    lines = [f"# {info['title']}", "", info["summary"], "", info["description"], ""]
    lines += [f"As a file: [openapi.yaml]({REPOSITORY_FILE}).", "", *_unknown(info)]
    for tag in document["tags"]:
        lines += [f"## {tag['name'].capitalize()}", "", tag.get("description", ""), ""]
        for method, path, operation in _operations(document, tag["name"]):
            lines += _operation(document, f"{method.upper()} {path}".strip(), operation)
    lines += ["## Schemas", ""]
    for name, schema in document["components"]["schemas"].items():
        lines += [f"### {name}", "", *_schema(schema), ""]
    return "\n".join(lines) + "\n"


def _operations(document: Json, tag: str) -> Iterator[tuple[str, str, Json]]:
    for place in ("paths", "webhooks"):
        for path, item in document[place].items():
            for method, operation in item.items():
                if tag in operation["tags"]:
                    yield method, path if place == "paths" else "to your address", operation


def _operation(document: Json, call: str, operation: Json) -> Iterator[str]:
    yield from (f"### {operation['summary']}", "", f"`{call}`", "")
    yield from (operation.get("description", ""), "")
    yield from _unknown(operation)
    parameters = [_resolved(document, one) for one in operation.get("parameters", [])]
    if parameters:
        yield from ("| parameter | in | type | |", "|---|---|---|---|")
        for one in parameters:
            must = ", required" if one.get("required") else ""
            about = _cell(one.get("description", ""))
            yield f"| `{one['name']}` | {one['in']}{must} | {_kind(one['schema'])} | {about} |"
        yield ""
    if body := operation.get("requestBody"):
        yield from ("**Sent**", "", *_content(document, body))
    for status, answer in operation["responses"].items():
        found = _resolved(document, answer)
        yield from (f"**{status}**: {found['description']}", "", *_content(document, found))


def _content(document: Json, part: Json) -> Iterator[str]:
    """Yield the schema of what is sent or answered, and its examples."""
    content = part.get("content", {}).get("application/json")
    if content is None:
        return
    yield from (*_schema(content["schema"]), "")
    for name, given in content.get("examples", {}).items():
        example = _resolved(document, given)
        pages = ", ".join(f"`{page}`" for page in example.get("x-source", []))
        yield from (f"Example *{name}*" + (f", of {pages}:" if pages else ":"), "")
        yield from (
            "```json",
            json.dumps(_shortened(example["value"]), indent=2, ensure_ascii=False),
            "```",
            "",
        )


def _shortened(value: Json) -> Json:
    """Cut what no reader reads: a picture in Base64."""
    match value:
        case dict():
            return {name: _shortened(inner) for name, inner in value.items()}
        case list():
            return [_shortened(inner) for inner in value]
        case str() if len(value) > 200:  # noqa: PLR2004 - about two lines
            return value[:60] + "…"
        case _:
            return value


def _schema(schema: Json) -> Iterator[str]:
    if about := schema.get("description"):
        yield from (about, "")
    properties = schema.get("properties")
    if properties is None:
        yield f"Type: {_kind(schema)}"
        return
    yield from ("| field | type | |", "|---|---|---|")
    yield from _rows(schema, "")


def _rows(schema: Json, prefix: str) -> Iterator[str]:
    required = schema.get("required", [])
    for name, inner in schema["properties"].items():
        must = "" if name in required else ", optional"
        yield f"| `{prefix}{name}` | {_kind(inner)}{must} | {_cell(inner.get('description', ''))} |"
        of_list = inner.get("items", {})
        if "properties" in inner:
            yield from _rows(inner, f"{prefix}{name}.")
        elif "properties" in of_list:
            yield from _rows(of_list, f"{prefix}{name}[].")


def _kind(schema: Json) -> str:
    """Say in a few words what a schema takes."""
    if reference := schema.get("$ref"):
        name = reference.rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    for word, joint in (("oneOf", " or "), ("anyOf", " or "), ("allOf", " and ")):
        if word in schema:
            return joint.join(_kind(one) for one in schema[word])
    if "enum" in schema:
        return " or ".join(f"`{json.dumps(one)}`" for one in schema["enum"])
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    kinds = schema.get("type", "object" if "required" in schema else "anything")
    text = " or ".join(kinds) if isinstance(kinds, list) else kinds
    if text == "array" and "items" in schema:
        text = f"list of {_kind(schema['items'])}"
    if schema.get("required") and "properties" not in schema:
        text += " with " + ", ".join(f"`{name}`" for name in schema["required"])
    return text + "".join(f", {limit}" for limit in _limits(schema))


def _limits(schema: Json) -> Iterator[str]:
    words = {
        "format": "{}",
        "minimum": "at least {}",
        "maximum": "at most {}",
        "minLength": "{} characters or more",
        "maxLength": "{} characters at most",
        "minItems": "{} or more",
        "maxItems": "{} at most",
        "default": "default `{}`",
    }
    for name, words_of_it in words.items():
        if name in schema:
            yield words_of_it.format(schema[name])
    if pattern := schema.get("pattern"):
        yield f"`{_cell(pattern)}`"


def _unknown(part: Json) -> Iterator[str]:
    if not (unknown := part.get("x-unknown")):
        return
    yield from ("No page says:", "", *(f"- {line}" for line in unknown), "")


def _resolved(document: Json, part: Json) -> Json:
    reference = part.get("$ref")
    if reference is None:
        return part
    found = document
    for name in reference.removeprefix("#/").split("/"):
        found = found[name]
    return found


def _cell(text: str) -> str:
    """Return a text as it stands in a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")
