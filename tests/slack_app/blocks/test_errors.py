import pytest

from slack_app.blocks.errors import TEXTS, error_text, failure_text
from slack_app.messages import EN, PT_BR, Strings
from wuts.errors import AmbiguousDeviceError, ErrorCode, InvalidPhoneNumberError, UnknownDeviceError
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


def test_a_number_of_several_is_named_by_its_place() -> None:
    text = error_text(InvalidPhoneNumberError(place=2), EN)
    assert text == EN.problem_phone_at.format(place=2, problem=EN.problem_phone)


def test_an_unknown_name_is_never_read_as_a_mention() -> None:
    assert "<!channel>" not in error_text(UnknownDeviceError(wanted="<!channel>"), EN)


def test_devices_of_one_name_are_told_apart_by_their_ids() -> None:
    twins = tuple(Device(id=name, name="Twin", connected=False) for name in ("d1", "d2"))
    text = error_text(AmbiguousDeviceError(wanted="twin", candidates=twins), EN)
    assert text == "Several devices are named *twin*. Which one? `d1`, `d2`"
