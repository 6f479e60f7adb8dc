"""Writes what the integration shows as Home Assistant's frontend writes it, in all languages.

Every dialog, repair and error of every test is written: a text that is missing, that lacks a word
or that is given a word which it does not have fails the test.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from homeassistant import exceptions
from homeassistant.config_entries import (
    ConfigEntriesFlowManager,
    ConfigSubentryFlowManager,
    OptionsFlowManager,
)
from homeassistant.data_entry_flow import FlowHandler, FlowManager, FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.selector import SelectSelector

from custom_components.wuts.const import DOMAIN
from custom_components.wuts.pairing.steps import PairingSteps
from tests.custom_components.wuts.files import LANGUAGES, Json, read_json, texts_of, words_of

TEXTS = {language: read_json(f"translations/{language}.json") for language in LANGUAGES}

REPAIR = "issues.needs_pairing.fix_flow"

type Words = Mapping[str, Any]


class NotShownError(AssertionError):
    """A text is missing, or its words do not fit."""


def node_of(language: str, path: str) -> Json:
    """Return a part of the translations, or None."""
    node = TEXTS[language]
    for key in path.split("."):
        node = node.get(key) if isinstance(node, dict) else None
    return node


class Renderer:
    """Writes texts, and keeps which it wrote and what was wrong.

    Attributes:
        written: The paths of the texts that were written.
        wrong: What could not be written, and why.
    """

    def __init__(self) -> None:
        self.written: set[str] = set()
        self.wrong: list[str] = []

    @contextmanager
    def collects(self, what: str) -> Iterator[None]:
        """Keep what is wrong, since whoever shows the text may catch all errors."""
        try:
            yield
        except NotShownError as error:
            self.wrong.append(f"{what}: {error}")

    def write(self, paths: Iterable[str], words: Words | None) -> dict[str, list[str]]:
        """Return some texts, in all languages, that together have exactly these words."""
        given = dict(words or {})
        found: dict[str, list[str]] = {}
        for language in LANGUAGES:
            texts = [text for path in paths for text in self._texts(language, path)]
            wanted = {word for text in texts for word in words_of(text)}
            if wanted != given.keys():
                raise NotShownError(
                    f"{language} has the words {sorted(wanted)}, given are {sorted(given)}"
                )
            found[language] = [text.format(**given) for text in texts]
        return found

    def _texts(self, language: str, path: str) -> list[str]:
        node = node_of(language, path)
        if not node:
            raise NotShownError(f"{language} has no {path}")
        texts = {path: node} if isinstance(node, str) else texts_of(node, path)
        self.written |= texts.keys()
        return list(texts.values())

    def flow(self, path: str, result: Mapping[str, Any]) -> None:
        """Write what a step of a flow shows."""
        words = dict(result.get("description_placeholders") or {})
        if path == "config":
            words.pop("name", None)  # Home Assistant's own, for every dialog about a token
        match result["type"]:
            case FlowResultType.FORM:
                self._form(path, result, words)
            case FlowResultType.MENU:
                step = f"{path}.step.{result['step_id']}"
                choices = [f"{step}.menu_options.{one}" for one in result["menu_options"]]
                self.write([*parts_of(step, {"menu_options"}), *choices], words)
            case FlowResultType.SHOW_PROGRESS:
                # The frontend gives the title no words.
                self.write([f"{path}.step.{result['step_id']}"], None)
                self.write([f"{path}.progress.{result['progress_action']}"], words)
            case FlowResultType.ABORT:
                self.write([f"{path}.abort.{result['reason']}"], words)

    def _form(self, path: str, result: Mapping[str, Any], words: Words) -> None:
        step = f"{path}.step.{result['step_id']}"
        fields = result["data_schema"].schema
        for field, selector in fields.items():
            self._field(step, str(field), selector)
        shown = {str(field) for field in fields} if fields else set()
        unseen = [
            f"{step}.{part}.{field}" for part in ("data", "data_description") for field in shown
        ]
        errors = [f"{path}.error.{one}" for one in (result.get("errors") or {}).values()]
        texts = [one for one in unseen if node_of("en", one)]
        rest = parts_of(step, {"data", "data_description"})
        self.write([*rest, *texts, *errors], words)

    def _field(self, step: str, field: str, selector: object) -> None:
        kind = f"{step}.sections.{field}.name"
        if not (node_of("en", f"{step}.data.{field}") or node_of("en", kind)):
            raise NotShownError(f"{step} does not name {field}")
        key = (
            selector.config.get("translation_key") if isinstance(selector, SelectSelector) else None
        )
        if key is None:
            return
        assert isinstance(selector, SelectSelector)
        for option in selector.config["options"]:
            value, label = (
                (option, option) if isinstance(option, str) else (option["value"], option["label"])
            )
            if value == label:  # what has another label needs no text
                self.write([f"selector.{key}.options.{value}"], None)

    def issue(self, key: str, words: Words | None, *, is_fixable: bool) -> None:
        """Write a repair as the list of repairs shows it."""
        parts = ["title"] if is_fixable else ["title", "description"]
        self.write([f"issues.{key}.{part}" for part in parts], words)


def parts_of(path: str, but: set[str]) -> list[str]:
    """Return the parts of a step, except some."""
    return [f"{path}.{key}" for key in node_of("en", path) or {"title": ""} if key not in but]


def path_of(manager: object, flow: FlowHandler[Any, Any, Any]) -> str | None:
    """Return where the texts of a flow are, or None if it is not one of ours."""
    if isinstance(manager, ConfigEntriesFlowManager):
        return "config" if flow.handler == DOMAIN else None
    if isinstance(manager, ConfigSubentryFlowManager):
        return f"config_subentries.{flow.handler[1]}"
    if isinstance(manager, OptionsFlowManager):
        return "options"
    issue_id = flow.context.get("issue_id", "")
    keys = [key for key in TEXTS["en"]["issues"] if issue_id.startswith(f"{key}_")]
    return f"issues.{max(keys, key=len)}.fix_flow" if keys else None


def paths_of(path: str, flow: object, result: Mapping[str, Any]) -> set[str]:
    """Return where the texts of a step are: those of a pairing are in the repair that pairs too."""
    has_begun = isinstance(flow, PairingSteps) and hasattr(flow, "device_id")
    is_shared = has_begun and result.get("reason") != "paired"
    return {path, REPAIR} if is_shared else {path}


def install(renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have all that is shown written."""
    handle, create = FlowManager._async_handle_step, ir.async_create_issue
    begin = exceptions.HomeAssistantError.__init__

    async def handle_and_write(
        manager: Any,  # noqa: ANN401 - of any kind of flow
        flow: FlowHandler[Any, Any, Any],
        *args: Any,  # noqa: ANN401 - as Home Assistant has it
    ) -> Any:  # noqa: ANN401 - as Home Assistant has it
        path = path_of(manager, flow)
        result = await handle(manager, flow, *args)
        shown = result.get("step_id") or result.get("reason")
        for one in () if path is None else paths_of(path, flow, result):
            with renderer.collects(f"{one} {shown}"):
                renderer.flow(one, result)
        return result

    def create_and_write(*args: Any, **issue: Any) -> None:  # noqa: ANN401 - as it is
        create(*args, **issue)
        if args[1] == DOMAIN:
            with renderer.collects(f"issue {issue['translation_key']}"):
                renderer.issue(
                    issue["translation_key"],
                    issue.get("translation_placeholders"),
                    is_fixable=issue["is_fixable"],
                )

    def raise_and_write(error: Any, *args: object, **about: Any) -> None:  # noqa: ANN401 - as it is
        begin(error, *args, **about)
        if about.get("translation_domain") == DOMAIN:
            key = about["translation_key"]
            with renderer.collects(f"exception {key}"):
                words = about.get("translation_placeholders")
                renderer.write([f"exceptions.{key}.message"], words)

    monkeypatch.setattr(FlowManager, "_async_handle_step", handle_and_write)
    monkeypatch.setattr(ir, "async_create_issue", create_and_write)
    monkeypatch.setattr(exceptions.HomeAssistantError, "__init__", raise_and_write)
