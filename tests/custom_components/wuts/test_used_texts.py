"""Every text is used, and every text that is used is there."""

import ast
import re

import pytest

from custom_components.wuts.alerts import issues
from custom_components.wuts.core.errors import (
    AmbiguousPhoneNumberError,
    CheckBudgetUsedUpError,
    ErrorCode,
    ForbiddenError,
    GatewayBusyError,
    GatewayError,
    InvalidPhoneNumberError,
    InvalidTokenError,
    RateLimitedError,
    RequestRefusedError,
    UnexpectedAnswerError,
    WrongDeviceError,
    WutsConnectionError,
    WutsError,
)
from custom_components.wuts.core.pairing import (
    FailureReason,
    PairingInProgressError,
    Stage,
    StallReason,
)
from custom_components.wuts.errors import (
    KEYS,
    KINDS,
    OF_PAIRING,
    OF_WAITS,
    Kind,
    key_of,
    placeholders_of,
)
from custom_components.wuts.flows import options as options_flow
from custom_components.wuts.pairing.steps import HOPELESS, PairingSteps
from custom_components.wuts.pairing.window import CHOICES, WAITING
from tests.custom_components.wuts.files import (
    INTEGRATION,
    Json,
    modules,
    quoted,
    read_json,
    sources,
    texts_of,
    words_of,
)

ENGLISH = read_json("translations/en.json")
CODE = sources()
FLOWS = {
    "config": ("config_flow.py",),
    "options": ("flows/options.py",),
    "config_subentries.device": ("flows/device.py", "pairing/*.py"),
    "config_subentries.recipient": ("flows/recipient.py",),
    "issues.needs_pairing.fix_flow": ("flows/pairing_repair.py", "pairing/*.py"),
    "issues.wrong_account.fix_flow": ("flows/phone_repair.py",),
    "issues.unchecked_account.fix_flow": ("flows/phone_repair.py",),
}
ENDS = {"paired", "wrong_account", "unchecked", "failed"}
"""Stages that are steps of their own."""

OF_THE_LIBRARY = {
    "error.message",
    "error.advice",
    "error.args",
    "str(error)",
    "failed.message",
    "waiting.reason",
}
"""What has English sentences."""

BY_HOME_ASSISTANT = {"already_configured", "reauth_successful", "reconfigure_successful"}
"""Texts of which Home Assistant itself gives the key."""


OWN = {
    "confuses_devices",
    "device_removed",
    "invalid_ca_file",
    "invalid_phone_number_home",
    "link_expired",
    "not_confirmed",
}
"""Errors that only the integration has."""

OF_NUMBERS = {
    key_of(error): placeholders_of(error).keys()
    for error in (
        InvalidPhoneNumberError(country="BR", codes=(55,)),
        AmbiguousPhoneNumberError(country="BR", codes=(55, 95)),
    )
}
"""The words of errors about numbers, wherever they appear."""

OF_THE_BUDGET = CheckBudgetUsedUpError(limit=200, left=3)
OF_ERRORS = OF_NUMBERS | {key_of(OF_THE_BUDGET): placeholders_of(OF_THE_BUDGET).keys()}
"""The words of errors that have some."""

OF_ANY_CALL = (
    WutsConnectionError,
    InvalidTokenError,
    ForbiddenError,
    GatewayBusyError,
    RateLimitedError,
    GatewayError,
    RequestRefusedError,
    UnexpectedAnswerError,
    WrongDeviceError,
)
"""What every call may end with, as the client documents it."""


def kinds_of(kind: type[WutsError]) -> set[type[WutsError]]:
    return {kind}.union(*(kinds_of(one) for one in kind.__subclasses__()))


ERRORS = {KEYS[kind.code] for one in OF_ANY_CALL for kind in kinds_of(one)}


def flow(path: str) -> Json:
    node = ENGLISH
    for key in path.split("."):
        node = node[key]
    return node


def code_of(path: str) -> str:
    return "\n".join(
        file.read_text("utf-8") for name in FLOWS[path] for file in INTEGRATION.glob(name)
    )


@pytest.mark.parametrize("path", FLOWS)
def test_every_step_that_is_shown_has_texts_and_the_other_way_round(path: str) -> None:
    code = code_of(path)
    steps = set(re.findall(r"async_step_(\w+)\(", code))
    shown = set(re.findall(r'step_id="(\w+)"', code)) | set(
        re.findall(r'_show\(\s*"(\w+)", \w+_SCHEMA', code)
    )
    assert shown - {"progress"} <= flow(path)["step"].keys()
    assert flow(path)["step"].keys() <= steps & (quoted(code) | {*StallReason})


@pytest.mark.parametrize("path", FLOWS)
def test_every_choice_of_a_menu_is_a_step_and_is_named(path: str) -> None:
    steps = set(re.findall(r"async def async_step_(\w+)\(", code_of(path)))
    for step in flow(path)["step"].values():
        assert step.get("menu_options", {}).keys() <= steps


@pytest.mark.parametrize("path", FLOWS)
def test_every_abort_and_error_is_one_that_the_code_gives(path: str) -> None:
    given = (
        quoted(code_of(path))
        | set(KEYS.values())
        | {reason.value for reason in HOPELESS}
        | BY_HOME_ASSISTANT
        | OWN
        | set(OF_PAIRING.values())
        | variants("not_unlinked")
    )
    for part in ("abort", "error"):
        assert flow(path).get(part, {}).keys() <= given


@pytest.mark.parametrize("path", ["config_subentries.device", "issues.needs_pairing.fix_flow"])
def test_every_stage_of_a_pairing_has_a_text(path: str) -> None:
    waits = {f"waiting_{key}" for key in OF_WAITS}
    assert flow(path)["progress"].keys() == {stage.value for stage in WAITING} | waits
    shown = {"qr", "code", "stalled", *WAITING}
    assert shown == set(Stage) - ENDS
    assert CHOICES.keys() == {"qr", "code", "page", "large", "opened", *StallReason}
    for step, choices in CHOICES.items():
        assert flow(path)["step"][step]["menu_options"].keys() == set(choices)
    assert all(hasattr(PairingSteps, f"async_step_{end}") for end in ENDS)
    assert {reason.value for reason in HOPELESS} <= flow(path)["abort"].keys()
    assert words_of(flow(path)["step"]["qr"]["description"]) == {"qr"}
    assert words_of(flow(path)["step"]["code"]["description"]) == {"code", "phone"}


def test_every_problem_has_a_text_wherever_it_is_told() -> None:
    assert KEYS.keys() == OF_PAIRING.keys() == set(ErrorCode)
    assert set(KEYS.values()) <= ENGLISH["exceptions"].keys()
    assert KINDS.keys() == set(ErrorCode)


@pytest.mark.parametrize("path", ["config_subentries.device", "issues.needs_pairing.fix_flow"])
def test_a_dialog_can_say_of_every_pairing_why_it_failed(path: str) -> None:
    ends = {OF_PAIRING[ErrorCode(reason)] for reason in FailureReason if reason not in HOPELESS}
    not_unlinked = {"not_verified", "wrong_device", "confuses_devices", "pairing_logout_failed"}
    broken_off = {"link_expired", "unexpected_error"}
    assert ends | OF_WAITS | not_unlinked | broken_off <= flow(path)["error"].keys()


def variants(key: str) -> set[str]:
    """Return the keys of a text and of its variants by kinds of problems."""
    return {key, *(f"{key}_{kind}" for kind in Kind)}


def test_no_text_of_ours_is_looked_up_to_stand_in_another() -> None:
    looking = {
        str(module.relative_to(INTEGRATION))
        for module in modules()
        if re.search(r"get_(cached_)?translations", module.read_text("utf-8"))
    }
    # A message on WhatsApp and a notification have no reader whose language is known.
    assert looking == {"messaging/self_test.py"}


def test_the_english_of_the_library_is_for_the_log_alone() -> None:
    """And for the editor of an automation, which shows what is wrong in no other language."""
    for module in modules():
        tree = ast.parse(module.read_text("utf-8"))
        in_the_log = {
            id(part)
            for call in ast.walk(tree)
            if isinstance(call, ast.Call) and ast.unparse(call.func).startswith("LOGGER.")
            for part in ast.walk(call)
        }
        for part in ast.walk(tree):
            if isinstance(part, ast.Attribute | ast.Call) and ast.unparse(part) in OF_THE_LIBRARY:
                is_for_the_editor = module.name == "message_trigger.py"
                assert id(part) in in_the_log or is_for_the_editor, f"{module.name}:{part.lineno}"


@pytest.mark.parametrize(
    ("path", "but"),
    [
        # A refusal of a listing speaks of the token, and a listing is about no device.
        ("config.error", {"not_allowed", "wrong_device"}),
        ("config_subentries.device.abort", set()),
        ("config_subentries.device.error", set()),
        ("config_subentries.recipient.error", set()),
        ("options.error", set()),
        ("exceptions", set()),
    ],
)
def test_every_error_of_a_call_has_a_text_where_the_call_is_made(path: str, but: set[str]) -> None:
    assert ERRORS - but | {"invalid_token", "invalid_ca_file"} <= flow(path).keys()


def test_what_is_wrong_with_a_connection_is_told_apart() -> None:
    kinds = kinds_of(WutsConnectionError) - {WutsConnectionError}
    keys = {KEYS[kind.code] for kind in kinds}
    assert len(keys) == len({kind.code for kind in kinds}) == 7
    assert len({flow("config.error")[key] for key in keys}) == 7


def test_every_exception_is_one_that_the_code_raises() -> None:
    keys = quoted(CODE) | set(KEYS.values()) | variants("partly_sent")
    assert ENGLISH["exceptions"].keys() <= keys
    assert ENGLISH["exceptions"].keys() & (set(OF_PAIRING.values()) - set(KEYS.values())) <= {
        key_of(PairingInProgressError(""))
    }


@pytest.mark.parametrize("key", sorted(ENGLISH["exceptions"].keys() - variants("partly_sent")))
def test_an_exception_is_given_the_words_that_its_text_has(key: str) -> None:
    for word in words_of(ENGLISH["exceptions"][key]["message"]) - OF_ERRORS.get(key, {}.keys()):
        given = re.search(rf'"{key}"[^)]*translation_placeholders=[^)]*"{word}":', CODE)
        assert given, f"{word} is not filled in"


def test_every_issue_is_one_that_the_code_raises() -> None:
    keys = {
        issues.NEEDS_PAIRING,
        issues.DEVICE_GONE,
        issues.GATEWAY_DOWN,
        "push_taken",
        "still_linked",
    }
    assert ENGLISH["issues"].keys() >= keys
    told = variants("push_stopped") | variants("still_linked") | {"temporary_ban_until"}
    assert ENGLISH["issues"].keys() <= quoted(CODE) | told
    for path, text in texts_of(ENGLISH["issues"]).items():
        if "fix_flow" not in path:
            known = {"account", "count", "hands_on", "host", "name", "until"}
            assert words_of(text) <= known


def test_every_option_is_named() -> None:
    schema = options_flow.SEVERAL_DEVICES.schema
    assert {str(marker) for marker in schema} == ENGLISH["options"]["step"]["init"]["data"].keys()


def test_every_entity_that_is_named_exists_and_the_other_way_round() -> None:
    rooms = {"event": "push/message_event.py"}
    for platform, entities in ENGLISH["entity"].items():
        names = [f"{platform}.py", *filter(None, [rooms.get(platform)])]
        code = "".join((INTEGRATION / name).read_text("utf-8") for name in names)
        assert entities.keys() == set(re.findall(r'translation_key="(\w+)"', code)), platform


@pytest.mark.parametrize("path", ["config_subentries.device", "config_subentries.recipient"])
@pytest.mark.parametrize("key", OF_NUMBERS)
def test_an_error_about_a_number_is_given_its_words_in_a_dialog_too(path: str, key: str) -> None:
    words = words_of(flow(path)["error"][key])
    assert words
    assert words <= OF_NUMBERS[key]
