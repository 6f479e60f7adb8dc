"""What the app does and what its manifest asks for are the same."""

import ast
import re
from collections.abc import Iterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from slack_app.blocks.names import Shortcut
from slack_app.messages.parser import SLASH
from slack_app.slack.methods import METHODS, SCOPES
from tests.slack_app.manifest import MANIFEST, ROOT, listed, value
from tests.slack_app.slack_scopes import NEEDS

APP = ROOT / "slack_app"
OF_SLACK = {name for name in vars(AsyncWebClient) if "_" in name.strip("_")}


def test_the_manifest_asks_for_the_scopes_that_are_needed_and_no_more() -> None:
    assert set(listed("bot")) == SCOPES


@pytest.mark.slow
def test_the_methods_that_are_called_are_those_whose_scopes_are_known() -> None:
    called = {node.attr for node in nodes() if isinstance(node, ast.Attribute)} & OF_SLACK
    assert called == {method.replace(".", "_") for method in METHODS}


def test_each_scope_is_what_slack_wants_for_its_method() -> None:
    for method, scopes in METHODS.items():
        assert NEEDS.get(method, set()) <= scopes


def test_the_manifest_subscribes_to_the_events_that_are_listened_to() -> None:
    assert set(listed("bot_events")) == set(heard("event"))


def test_the_manifest_has_the_command() -> None:
    assert set(heard("command")) == {"SLASH"}
    assert value("command") == SLASH


def test_the_manifest_has_the_shortcuts_that_are_heard() -> None:
    assert set(heard("shortcut")) == {f"Shortcut.{one.name}.value" for one in Shortcut}
    assert re.findall(r"callback_id: (\w+)", MANIFEST.read_text()) == list(Shortcut)


def test_clicks_and_windows_reach_the_app() -> None:
    assert {*heard("action"), *heard("view"), *heard("options")}
    assert value("is_enabled") == "true"
    assert value("home_tab_enabled") == "true"


def test_the_defaults_of_manifest_and_app_are_socket_mode() -> None:
    assert value("socket_mode_enabled") == "true"
    assert value("token_rotation_enabled") == "false"


def heard(kind: str) -> Iterator[str]:
    """Yield what listeners of a kind are registered for: their literals, or the names of those."""
    for node in nodes():
        if isinstance(node, ast.Call) and ast.unparse(node.func) == f"app.{kind}":
            (first, *_) = node.args
            yield str(first.value) if isinstance(first, ast.Constant) else ast.unparse(first)


def nodes() -> Iterator[ast.AST]:
    for path in APP.rglob("*.py"):
        yield from ast.walk(ast.parse(path.read_text()))
