"""Checks of the integration's own code and page, one for each rule that code can show."""

import ast
import configparser
import re
import tomllib
from collections.abc import Callable, Iterator

from homeassistant.const import Platform

from custom_components.wuts import PLATFORMS
from custom_components.wuts.core.supervisor import SupervisorSettings
from tests.custom_components.wuts.files import INTEGRATION, ROOT, modules, read_json, read_yaml

MANIFEST = read_json("manifest.json")
ENGLISH = read_json("translations/en.json")
ICONS = read_json("icons.json")
PAGE = (ROOT / "docs/home-assistant.md").read_text("utf-8")

TRANSLATED = {
    *("ConfigEntryAuthFailed", "ConfigEntryNotReady", "HomeAssistantError"),
    *("ServiceValidationError", "UpdateFailed", "kind"),
}
"""What people may hear of; ``kind`` is one of them, chosen before it is raised."""


def tree(name: str) -> ast.Module:
    return ast.parse((INTEGRATION / name).read_text("utf-8"))


def functions(name: str) -> dict[str, ast.AsyncFunctionDef | ast.FunctionDef]:
    kinds = (ast.AsyncFunctionDef, ast.FunctionDef)
    return {one.name: one for one in ast.walk(tree(name)) if isinstance(one, kinds)}


def called(node: ast.AST) -> Iterator[str]:
    """Yield the last name of everything that is called."""
    for one in ast.walk(node):
        if isinstance(one, ast.Call):
            match one.func:
                case ast.Attribute(attr=name) | ast.Name(id=name):
                    yield name


def platform_files() -> list[str]:
    return [f"{one}.py" for one in Platform if (INTEGRATION / f"{one}.py").is_file()]


def has_actions_set_up_apart() -> bool:
    """Registered in ``async_setup``, and nowhere where an account is set up."""
    setups = [functions(name)["async_setup_entry"] for name in ("__init__.py", *platform_files())]
    return "async_setup_services" in called(functions("__init__.py")["async_setup"]) and not any(
        call.startswith(("async_register", "async_setup_services"))
        for setup in setups
        for call in called(setup)
    )


def polls_politely() -> bool:
    return SupervisorSettings().interval >= 30


def has_brand_images() -> bool:
    return {"icon.png", "logo.png"} <= {one.name for one in (INTEGRATION / "brand").iterdir()}


def has_common_modules() -> bool:
    return all((INTEGRATION / name).is_file() for name in ("coordinator.py", "entity.py"))


def has_config_flow() -> bool:
    return MANIFEST["config_flow"] is True and "async_step_user" in functions("config_flow.py")


def requires_what_is_locked() -> bool:
    locked = (ROOT / "requirements/home-assistant.txt").read_text("utf-8")
    names = (re.split("[=>]", one)[0] for one in MANIFEST["requirements"])
    return all(re.search(rf"^{name}==", locked, re.MULTILINE) for name in names)


def documents(part: str) -> bool:
    return all(f"`wuts.{name}`" in PAGE for name in read_yaml(f"{part}.yaml"))


def documents_options() -> bool:
    return all(text in PAGE for text in ENGLISH["options"]["step"]["init"]["data"].values())


def documents_fields() -> bool:
    user = ENGLISH["config"]["step"]["user"]
    sections = user.get("sections", {}).values()
    return all(text in PAGE for one in (user, *sections) for text in one["data"].values())


def documents_entities() -> bool:
    entities = {key: one for part in ENGLISH["entity"].values() for key, one in part.items()}
    return all(one["name"] in PAGE for one in entities.values())


def subscribes_when_added() -> bool:
    """No entity listens before it is added, or after it is removed."""
    for name in platform_files():
        listening = [f for f, node in functions(name).items() if set(called(node)) & _LISTEN]
        if set(listening) - {"async_added_to_hass"}:
            return False
    return True


_LISTEN = {"async_dispatcher_connect", "async_listen", "async_track_time_interval"}


def names_its_entities() -> bool:
    return "_attr_has_entity_name = True" in (INTEGRATION / "entity.py").read_text("utf-8")


def keeps_runtime_data() -> bool:
    setup = functions("__init__.py")["async_setup_entry"]
    typed = [function.args.args[1] for function in _with_entries()]
    return "entry.runtime_data = " in ast.unparse(setup) and all(
        one.annotation is not None and ast.unparse(one.annotation) == "WutsConfigEntry"
        for one in typed
    )


_OF_ENTRIES = re.compile(r"async_(setup|unload|remove|migrate|get)_\w*(entry|device)\w*")


def _with_entries() -> Iterator[ast.AsyncFunctionDef | ast.FunctionDef]:
    """Yield what Home Assistant calls with an account."""
    for name in ("__init__.py", "diagnostics.py", *platform_files()):
        for function, node in functions(name).items():
            if re.fullmatch(
                r"async_(setup|unload|remove|migrate|get)_\w*(entry|device)\w*", function
            ):
                yield node


def refreshes_first() -> bool:
    setup = functions("__init__.py")["async_setup_entry"]
    return "async_config_entry_first_refresh" in called(setup)


def unloads() -> bool:
    return "async_unload_platforms" in called(functions("__init__.py")["async_unload_entry"])


def limits_parallel_updates() -> bool:
    return all(
        any("PARALLEL_UPDATES" in ast.unparse(one) for one in tree(name).body if is_assigned(one))
        for name in platform_files()
    )


def is_assigned(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign)


def covers_with_tests() -> bool:
    settings = configparser.ConfigParser()
    settings.read(ROOT / "tests/custom_components/coverage.ini")
    return settings.getint("report", "fail_under") > 95


def has_diagnostics() -> bool:
    wanted = {"async_get_config_entry_diagnostics", "async_get_device_diagnostics"}
    return wanted <= functions("diagnostics.py").keys()


def translates_entities() -> bool:
    """Each has a key with a name, or is named by its device class or as its device."""
    return {key for key, _ in _keys()} <= {
        key for part in ENGLISH["entity"].values() for key in part
    } and ENGLISH["entity"].keys() <= {*PLATFORMS}


def has_icons() -> bool:
    return all(key in ICONS["entity"].get(platform, {}) for key, platform in _keys())


def _keys() -> Iterator[tuple[str, str]]:
    for name in platform_files():
        source = (INTEGRATION / name).read_text("utf-8")
        for key in re.findall(r'translation_key="(\w+)"', source):
            yield key, name.removesuffix(".py")


def translates_exceptions() -> bool:
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Raise) or not isinstance(node.exc, ast.Call):
                continue
            names = {one.arg for one in node.exc.keywords}
            if ast.unparse(node.exc.func) in TRANSLATED and "translation_key" not in names:
                return False
    return True


def is_asynchronous() -> bool:
    """Nothing waits for a socket in a thread: neither we nor what we require."""
    code = "\n".join(path.read_text("utf-8") for path in modules())
    return not re.search(r"^\s*(import|from) (requests|urllib3|http\.client)\b", code, re.MULTILINE)


def uses_home_assistants_client() -> bool:
    return "get_async_client" in called(functions("account/client.py")["client_of"])


def is_strictly_typed() -> bool:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mypy"]
    tested = (ROOT / "scripts/test_home_assistant").read_text("utf-8")
    return (
        settings["strict"] is True and "mypy" in tested and (ROOT / "core/wuts/py.typed").exists()
    )


CHECKS: dict[str, Callable[[], bool]] = {
    "action-setup": has_actions_set_up_apart,
    "appropriate-polling": polls_politely,
    "async-dependency": is_asynchronous,
    "brands": has_brand_images,
    "common-modules": has_common_modules,
    "config-entry-unloading": unloads,
    "config-flow": has_config_flow,
    "dependency-transparency": requires_what_is_locked,
    "devices": lambda: "DeviceInfo" in called(tree("entity.py")),
    "diagnostics": has_diagnostics,
    "docs-actions": lambda: documents("services"),
    "docs-conditions": lambda: documents("conditions"),
    "docs-configuration-parameters": documents_options,
    "docs-installation-parameters": documents_fields,
    "docs-supported-functions": documents_entities,
    "docs-triggers": lambda: documents("triggers"),
    "entity-event-setup": subscribes_when_added,
    "entity-translations": translates_entities,
    "exception-translations": translates_exceptions,
    "has-entity-name": names_its_entities,
    "icon-translations": has_icons,
    "inject-websession": uses_home_assistants_client,
    "integration-owner": lambda: bool(MANIFEST["codeowners"]),
    "parallel-updates": limits_parallel_updates,
    "reauthentication-flow": lambda: "async_step_reauth" in functions("config_flow.py"),
    "reconfiguration-flow": lambda: "async_step_reconfigure" in functions("config_flow.py"),
    "runtime-data": keeps_runtime_data,
    "strict-typing": is_strictly_typed,
    "test-before-setup": refreshes_first,
    "test-coverage": covers_with_tests,
}
