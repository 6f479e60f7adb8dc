"""What Slack did not take is explained, with what to do, in both languages."""

import pytest

from slack_app.messages import EN, PT_BR, Strings
from slack_app.slack.errors import WORDS, failure_of
from slack_app.slack.words import slack_text, unwritable_text

LANGUAGES = pytest.mark.parametrize("strings", [EN, PT_BR], ids=["en", "pt_br"])
NAMED = [
    "user_disabled",
    "channel_not_found",
    "is_archived",
    "file_uploads_disabled",
    "ratelimited",
    "missing_scope",
    "not_in_channel",
    "account_inactive",
    "token_revoked",
    "invalid_auth",
]
"""The refusals that a person meets; each says what to do."""


@LANGUAGES
@pytest.mark.parametrize("code", sorted(WORDS))
def test_each_code_has_words(code: str, strings: Strings) -> None:
    for text in (
        slack_text(failure_of(code), strings),
        unwritable_text("C1", failure_of(code), strings),
    ):
        assert "{" not in text
        assert text.endswith(".")


@LANGUAGES
@pytest.mark.parametrize("code", NAMED)
def test_what_people_meet_says_what_is_wrong_and_what_to_do(code: str, strings: Strings) -> None:
    text = slack_text(failure_of(code), strings)
    assert text != slack_text(failure_of("any_other"), strings)
    assert text.count(". ") + text.count(": ") >= 1


@LANGUAGES
def test_a_missing_scope_is_named(strings: Strings) -> None:
    failure = failure_of("missing_scope", needed=frozenset({"im:write", "users:read"}))
    assert "`im:write`, `users:read`" in slack_text(failure, strings)
    assert "wuts-slack manifest" in slack_text(failure, strings)


@LANGUAGES
def test_where_nobody_may_upload_a_pair_code_is_offered(strings: Strings) -> None:
    assert strings.button_use_code.split()[-1] in slack_text(
        failure_of("file_uploads_disabled"), strings
    )


@LANGUAGES
def test_what_passes_says_so(strings: Strings) -> None:
    assert "503" not in slack_text(failure_of("unreadable_answer", 503), strings)
    assert slack_text(failure_of("timeout"), strings) == strings.slack_transient.format(
        error="timeout"
    )
