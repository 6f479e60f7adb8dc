"""The page of the contract shows what the file says, and what it does not know."""

from scripts.lib.docs.openapi_page import render
from tests.core.wuts.values import Json
from tests.docs.contract import document

LONG = "data:image/png;base64," + "A" * 300


def small_document(**schema: Json) -> Json:
    """Return a document of one operation that answers with one schema."""
    answer = {
        "schema": schema,
        "examples": {"one": {"x-source": ["a/page"], "value": {"png": LONG}}},
    }
    operation = {
        "tags": ["devices"],
        "summary": "List",
        "x-unknown": ["The longest name."],
        "parameters": [{"$ref": "#/components/parameters/Id"}],
        "responses": {"200": {"description": "They.", "content": {"application/json": answer}}},
    }
    return {
        "info": {"title": "API", "summary": "Short.", "description": "Long."},
        "tags": [{"name": "devices"}],
        "paths": {"/devices": {"get": operation}},
        "webhooks": {},
        "components": {
            "parameters": {
                "Id": {"name": "id", "in": "query", "required": True, "schema": {"type": "string"}}
            },
            "schemas": {"Device": {"type": "object", "properties": {"a": {"type": "string"}}}},
        },
    }


def test_an_operation_shows_how_it_is_called_and_what_nobody_knows() -> None:
    page = render(small_document(type="object"))
    assert "### List\n\n`GET /devices`" in page
    assert "No page says:\n\n- The longest name." in page
    assert "| `id` | query, required | string |" in page


def test_a_schema_names_its_fields_at_every_depth() -> None:
    row = {"type": "object", "required": ["b"], "properties": {"b": {"type": ["string", "null"]}}}
    page = render(
        small_document(
            properties={
                "one": row,
                "many": {"type": "array", "items": row},
                "either": {"oneOf": [{"$ref": "#/components/schemas/Device"}, {"type": "null"}]},
                "state": {"enum": ["on", "off"], "description": "A|B"},
            }
        )
    )
    assert "| `one.b` | string or null |" in page
    assert "| `many[].b` | string or null |" in page
    assert "| `either` | [Device](#device) or null, optional |" in page
    assert '| `state` | `"on"` or `"off"`, optional | A\\|B |' in page


def test_an_example_is_shown_without_the_picture_that_nobody_reads() -> None:
    page = render(small_document(type="object"))
    assert "Example *one*, of `a/page`:" in page
    assert LONG not in page
    assert LONG[:60] + "…" in page


def test_the_page_has_every_operation_of_the_file() -> None:
    page = render(document())
    for path, item in document()["paths"].items():
        for method, operation in item.items():
            assert f"### {operation['summary']}\n\n`{method.upper()} {path}`" in page
    for name in document()["components"]["schemas"]:
        assert f"\n### {name}\n" in page
