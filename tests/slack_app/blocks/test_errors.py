from datetime import UTC, datetime

import pytest

from slack_app.blocks.errors import TEXTS, error_text, failure_text
from slack_app.messages import EN, PT_BR, Strings
from wuts.errors import (
    AmbiguousDeviceError,
    CheckBudgetUsedUpError,
    ErrorCode,
    InvalidPhoneNumberError,
    UnknownDeviceError,
)
from wuts.models import Device
from wuts.pairing import FailureReason

LANGUAGES = pytest.mark.parametrize("strings", [EN, PT_BR], ids=["en", "pt_br"])


@LANGUAGES
def test_every_code_has_its_string_in_every_language(strings: Strings) -> None:
    assert set(TEXTS) == set(ErrorCode)
    assert all(getattr(strings, name) for name in TEXTS.values())


@LANGUAGES
@pytest.mark.parametrize("reason", FailureReason)
def test_every_failure_of_a_pairing_is_a_whole_sentence(
    reason: FailureReason, strings: Strings
) -> None:
    text = failure_text(ErrorCode(reason.value), strings)
    assert "{" not in text
    assert text.endswith((".", "…"))


@LANGUAGES
def test_every_trouble_of_a_connection_has_words_of_its_own(strings: Strings) -> None:
    troubles = [
        ErrorCode.GATEWAY_UNREACHABLE,
        ErrorCode.CERTIFICATE_UNTRUSTED,
        ErrorCode.CERTIFICATE_EXPIRED,
        ErrorCode.CERTIFICATE_WRONG_HOST,
        ErrorCode.NAME_NOT_FOUND,
        ErrorCode.CONNECTION_REFUSED,
        ErrorCode.NO_ANSWER,
        ErrorCode.TOO_MANY_OPEN_FILES,
        ErrorCode.UNEXPECTED_ANSWER,
        ErrorCode.WRONG_DEVICE,
        ErrorCode.NOT_VERIFIED,
    ]
    texts = [getattr(strings, TEXTS[code]) for code in troubles]
    assert len(set(texts)) == len(troubles)
    assert all(text.count(".") > 1 for text in texts), "what is wrong, then what to do"


@LANGUAGES
def test_a_budget_says_what_is_left_and_when_there_is_more(strings: Strings) -> None:
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    text = error_text(CheckBudgetUsedUpError(limit=200, left=7, free_at=noon), strings)
    assert "7" in text
    assert "200" in text
    assert f"<!date^{int(noon.timestamp())}^" in text
    assert "200" in error_text(CheckBudgetUsedUpError(limit=200, left=7), strings)


def test_a_number_of_several_is_named_by_its_place() -> None:
    text = error_text(InvalidPhoneNumberError(place=2), EN)
    assert text == EN.problem_phone_at.format(place=2, problem=EN.problem_phone)


def test_an_unknown_name_is_never_read_as_a_mention() -> None:
    assert "<!channel>" not in error_text(UnknownDeviceError(wanted="<!channel>"), EN)


def test_devices_of_one_name_are_told_apart_by_their_ids() -> None:
    twins = tuple(Device(id=name, name="Twin", connected=False) for name in ("d1", "d2"))
    text = error_text(AmbiguousDeviceError(wanted="twin", candidates=twins), EN)
    assert text == "Several devices are named *twin*. Which one? `d1`, `d2`"
