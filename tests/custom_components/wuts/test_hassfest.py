"""What hassfest and the HACS action check of the integration, checked here by our own rules.

The GitHub workflow runs both themselves; this finds the same before anything is pushed.
"""

import re
from urllib.parse import urlsplit

import pytest
import voluptuous as vol
from awesomeversion import AwesomeVersion, AwesomeVersionStrategy
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import condition, service, trigger
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.selector import TargetSelector, validate_selector
from homeassistant.setup import async_setup_component
from homeassistant.util.package import is_installed
from PIL import Image

from custom_components.wuts import PLATFORMS
from custom_components.wuts.alerts.services import SCHEMAS
from custom_components.wuts.condition import CONDITIONS
from custom_components.wuts.const import DOMAIN
from custom_components.wuts.services import ACTIONS
from custom_components.wuts.trigger import TRIGGERS
from tests.custom_components.wuts.files import (
    INTEGRATION,
    LANGUAGES,
    ROOT,
    Json,
    keys_of,
    modules,
    read_json,
    read_yaml,
    texts_of,
    words_of,
)

MANIFEST = read_json("manifest.json")
ICONS = read_json("icons.json")
HACS = read_json("/hacs.json")
ENGLISH = read_json("translations/en.json")

REQUIRED = {
    *("domain", "name", "codeowners", "documentation", "integration_type", "iot_class"),
    *("issue_tracker", "version"),
}
ALLOWED = REQUIRED | {
    *("after_dependencies", "categories", "config_flow", "connectivity", "dependencies"),
    *("loggers", "quality_scale", "requirements", "single_config_entry"),
}
SECTIONS = {
    *("common", "conditions", "config", "config_subentries", "device", "entity", "exceptions"),
    *("issues", "options", "selector", "services", "system_health", "title", "triggers"),
}
STEP = {
    *("data", "data_description", "description", "menu_options", "menu_option_descriptions"),
    *("sections", "submit", "title"),
}
KEY = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")
ADDRESS = re.compile(r"(https?://|www\.)[a-z0-9]+([-.][a-z0-9]+)*\.[a-z]{2,}", re.IGNORECASE)

# The manifest


def test_the_manifest_has_what_it_must_and_nothing_unknown() -> None:
    assert MANIFEST.keys() >= REQUIRED
    assert MANIFEST.keys() <= ALLOWED
    assert MANIFEST["domain"] == DOMAIN == INTEGRATION.name
    assert MANIFEST["config_flow"] is (INTEGRATION / "config_flow.py").is_file()
    assert MANIFEST["iot_class"] in {"cloud_polling", "cloud_push"}


def test_the_manifest_keys_are_in_order() -> None:
    domain, name, *others = MANIFEST
    assert (domain, name) == ("domain", "name")
    assert others == sorted(others)


def test_the_version_is_one_that_home_assistant_can_compare() -> None:
    strategies = [AwesomeVersionStrategy.SEMVER, AwesomeVersionStrategy.CALVER]
    AwesomeVersion(MANIFEST["version"], ensure_strategy=strategies)


@pytest.mark.parametrize("key", ["documentation", "issue_tracker"])
def test_the_manifest_points_at_pages(key: str) -> None:
    parts = urlsplit(MANIFEST[key])
    assert parts.scheme == "https"
    assert parts.hostname


def test_every_code_owner_is_named_as_on_github() -> None:
    assert isinstance(MANIFEST["codeowners"], list)
    assert all(owner.startswith("@") for owner in MANIFEST["codeowners"])


def test_requirements_are_pinned_and_installed() -> None:
    assert MANIFEST["requirements"] == sorted(MANIFEST["requirements"])
    for requirement in MANIFEST["requirements"]:
        # Home Assistant constrains pydantic itself, to another version with each release.
        assert re.fullmatch(r"pydantic>=[0-9.]+|[a-z0-9-]+==[0-9.]+", requirement)
        assert is_installed(requirement)


def test_every_component_that_is_used_is_a_dependency_or_always_there() -> None:
    """Platforms and what flows belong to don't have to be named."""
    free = {*Platform, *("diagnostics", "persistent_notification", "repairs", "system_health")}
    used = {
        name
        for path in modules()
        for name in re.findall(
            r"from homeassistant\.components(?:\.(\w+)|(?= import))", path.read_text("utf-8")
        )
        if name
    }
    imported = {
        name
        for path in modules()
        for name in re.findall(
            r"from homeassistant\.components import (\w+)", path.read_text("utf-8")
        )
    }
    # Its view is a helper's, and its server stands at `hass`.
    served = {"http" for path in modules() if "hass.http." in path.read_text("utf-8")}
    named = {*MANIFEST["dependencies"], *MANIFEST.get("after_dependencies", ())}
    assert used | imported | served <= free | named
    assert named <= used | imported | served


# The translations


def problem_of(text: str) -> str:
    """Say why Home Assistant would not show a text as it is; empty if it would."""
    if not text or text != text.strip():
        return "empty, or space around it"
    try:
        cv.string_with_no_html(text)
    except vol.Invalid:
        return "HTML"
    if ADDRESS.search(text):
        return "an address is filled in, not translated"
    if re.search(r"'\{\w+\}'", text):
        return "quotes keep a word from being filled in"
    if not all(word.isidentifier() for word in words_of(text)):
        return "a word that cannot be filled in"
    return ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_texts_are_such_as_home_assistant_shows(language: str) -> None:
    texts = texts_of(read_json(f"translations/{language}.json"))
    assert len(texts) > 500
    assert {path: why for path, text in texts.items() if (why := problem_of(text))} == {}


@pytest.mark.parametrize(
    "text", ["", " Add", "<b>Add</b>", "See https://wuts.example", "The '{name}' is up", "{a b}"]
)
def test_others_are_found(text: str) -> None:
    assert problem_of(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_translations_have_known_parts_and_keys(language: str) -> None:
    texts = read_json(f"translations/{language}.json")
    assert texts.keys() <= SECTIONS
    assert all(KEY.fullmatch(key) for key in keys_of(texts))


def flows_of(texts: Json) -> dict[str, Json]:
    """Return the texts of every dialog."""
    return {
        "config": texts["config"],
        "options": texts["options"],
        **{f"subentry {key}": flow for key, flow in texts["config_subentries"].items()},
        **{
            f"issue {key}": issue["fix_flow"]
            for key, issue in texts["issues"].items()
            if "fix_flow" in issue
        },
    }


@pytest.mark.parametrize("flow", flows_of(ENGLISH))
def test_the_texts_of_a_dialog_are_complete(flow: str) -> None:
    texts = flows_of(ENGLISH)[flow]
    known = {"step", "error", "abort", "progress", "create_entry", "flow_title"}
    if flow.startswith("subentry"):
        known |= {"entry_type", "initiate_flow"}
        assert texts["entry_type"]
        assert texts["initiate_flow"]["user"]
    assert texts.keys() <= known
    for step in texts["step"].values():
        assert step.keys() <= STEP
        assert step["title"]
        for part in (step, *step.get("sections", {}).values()):
            assert part.get("data_description", {}).keys() == part.get("data", {}).keys()


def test_an_issue_is_described_or_has_a_dialog_and_not_both() -> None:
    for issue in ENGLISH["issues"].values():
        assert issue["title"]
        assert len(issue.keys() & {"description", "fix_flow"}) == 1


# Actions, triggers and conditions


@pytest.mark.parametrize(
    ("part", "registered"),
    [
        ("services", {*(action.name for action in ACTIONS), *SCHEMAS}),
        ("triggers", set(TRIGGERS)),
        ("conditions", set(CONDITIONS)),
    ],
)
def test_what_automations_use_is_described_translated_and_has_an_icon(
    part: str, registered: set[str]
) -> None:
    described = read_yaml(f"{part}.yaml")
    assert described.keys() == registered
    assert ENGLISH[part].keys() == registered
    assert ICONS[part].keys() == registered
    for name, one in described.items():
        texts = ENGLISH[part][name]
        assert texts["name"]
        assert texts["description"]
        assert one.keys() <= {"fields", "target"}
        assert texts.get("fields", {}).keys() == one.get("fields", {}).keys()
        for text in texts.get("fields", {}).values():
            assert text["name"]
            assert text["description"]
        if "target" in one:
            TargetSelector.CONFIG_SCHEMA(one["target"])
        for field in one.get("fields", {}).values():
            assert field.keys() <= {"default", "example", "required", "selector"}
            validate_selector(field["selector"])


async def test_the_installed_home_assistant_reads_what_automations_use(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    assert await async_setup_component(hass, "automation", {})
    assert await async_setup_component(hass, DOMAIN, {})
    services = (await service.async_get_all_descriptions(hass))[DOMAIN]
    triggers = await trigger.async_get_all_descriptions(hass)
    conditions = await condition.async_get_all_descriptions(hass)
    for name, described in read_yaml("services.yaml").items():
        assert services[name]["fields"].keys() == described.get("fields", {}).keys()
    for part, known in (("triggers", triggers), ("conditions", conditions)):
        for name, described in read_yaml(f"{part}.yaml").items():
            read = known[f"{DOMAIN}.{name}"] or {}
            assert read.get("fields", {}).keys() == described.get("fields", {}).keys()
    assert "Unable to parse" not in caplog.text


# The icons


def test_the_icons_have_known_parts() -> None:
    assert ICONS.keys() <= {"conditions", "entity", "services", "triggers"}
    icons = texts_of(ICONS)
    assert all(re.fullmatch(r"mdi:[a-z0-9-]+", icon) for icon in icons.values())
    shapes = {"services": "service", "triggers": "trigger", "conditions": "condition"}
    for part, shape in shapes.items():
        assert all(icon.keys() == {shape} for icon in ICONS[part].values())


def test_every_icon_of_an_entity_has_a_name_and_its_states_exist() -> None:
    for platform, entities in ICONS["entity"].items():
        assert platform in PLATFORMS
        for key, icon in entities.items():
            text = ENGLISH["entity"][platform][key]
            assert text["name"]
            if platform != Platform.SWITCH:  # a switch's states are not ours to name
                assert icon.get("state", {}).keys() <= text.get("state", {}).keys()


def test_no_state_names_the_icon_that_it_has_anyway() -> None:
    for entities in ICONS["entity"].values():
        for icon in entities.values():
            assert icon["default"] not in icon.get("state", {}).values()


# The images


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("name", ["icon", "logo", "dark_icon", "dark_logo"])
def test_an_image_has_the_size_that_home_assistant_asks_for(name: str, times: int) -> None:
    suffix = "" if times == 1 else f"@{times}x"
    with Image.open(INTEGRATION / f"brand/{name}{suffix}.png") as image:
        assert image.format == "PNG"
        if name.endswith("icon"):
            assert image.size == (256 * times, 256 * times)
        assert 128 * times <= min(image.size) <= 256 * times
        assert image.mode == "RGBA", "it has no transparent ground"


# HACS


def test_hacs_knows_what_to_install() -> None:
    allowed = {
        *("content_in_root", "country", "filename", "hacs", "hide_default_branch"),
        *("homeassistant", "name", "persistent_directory", "render_readme", "zip_release"),
    }
    assert HACS.keys() <= allowed
    assert HACS["name"] == MANIFEST["name"]
    assert HACS["zip_release"] is True
    assert HACS["filename"] == f"{DOMAIN}.zip"
    assert f'/wuts" "$1/{HACS["filename"]}"\n' in (ROOT / "scripts/build").read_text("utf-8")
    assert HACS["hide_default_branch"] is True, "the default branch has core as a symlink only"
    assert AwesomeVersion(HACS["homeassistant"]) >= AwesomeVersion("2026.10.0")


def test_hacs_finds_what_a_repository_must_have() -> None:
    assert (ROOT / "README.md").is_file()
    assert [path.name for path in (ROOT / "custom_components").iterdir() if path.is_dir()] == [
        DOMAIN
    ]


@pytest.mark.parametrize("action", ["hassfest", "hacs/action"])
def test_the_workflow_runs_the_checks_themselves(action: str) -> None:
    assert action in (ROOT / ".github/workflows/validate.yml").read_text("utf-8")
