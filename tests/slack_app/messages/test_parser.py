from typing import Any

import pytest

from slack_app.messages.parser import (
    OTHER_WORDS,
    SCHEMA,
    Command,
    Invocation,
    Mistake,
    MistakeKind,
    parse,
)


def test_nothing_asks_for_help() -> None:
    assert parse("  ") == Invocation(command=Command.HELP)


def test_a_device_name_may_have_spaces() -> None:
    assert parse("pair  Front   desk ") == Invocation(command=Command.PAIR, argument="Front desk")


@pytest.mark.parametrize(
    "phone",
    [
        "+55 11 91234-4321",
        "5511912344321",
        "+55 (11) 91234.4321",
        "+55 11 91234\N{NON-BREAKING HYPHEN}4321",
        "\N{LEFT-TO-RIGHT EMBEDDING}+55/11/91234/4321\N{POP DIRECTIONAL FORMATTING}",
    ],
)
def test_a_pair_code_is_asked_for_by_a_phone_number(phone: str) -> None:
    wanted = Invocation(command=Command.PAIR, argument="Front desk", phone=phone)
    assert parse(f"pair Front desk code {phone}") == wanted


def test_a_name_may_have_the_word_code_in_it() -> None:
    assert parse("pair Zip code desk").argument == "Zip code desk"  # type: ignore[union-attr]


def test_a_name_may_end_in_the_word_code_and_a_number_in_letters() -> None:
    assert parse("pair Code red").argument == "Code red"  # type: ignore[union-attr]
    assert parse("pair Desk code 7b").argument == "Desk code 7b"  # type: ignore[union-attr]


def test_a_pair_code_needs_a_device() -> None:
    missing = Mistake(kind=MistakeKind.ARGUMENT_MISSING, command=Command.PAIR)
    assert parse("pair code +5511912344321") == missing


@pytest.mark.parametrize("share", ["--share", "—share", "–share"])  # noqa: RUF001 - Slack's dashes
def test_a_status_can_be_shared_anywhere_in_the_command(share: str) -> None:
    shared = Invocation(command=Command.STATUS, argument="Front desk", share=True)
    assert parse(f"status {share} Front desk") == shared
    assert parse(f"status Front desk {share}") == shared


@pytest.mark.parametrize(
    ("word", "nearest"),
    [
        ("statsu", Command.STATUS),
        ("PIAR", Command.PAIR),
        ("reconect", Command.RECONNECT),
    ],
)
def test_an_unknown_word_gets_the_nearest_command(word: str, nearest: Command) -> None:
    assert parse(word) == Mistake(kind=MistakeKind.UNKNOWN, word=word, command=nearest)


def test_a_word_that_is_near_to_nothing_gets_none() -> None:
    assert parse("xyzzy") == Mistake(kind=MistakeKind.UNKNOWN, word="xyzzy")


@pytest.mark.parametrize("command", [one for one in Command if SCHEMA[one].needed])
def test_a_command_that_needs_something_says_so(command: Command) -> None:
    assert parse(command) == Mistake(kind=MistakeKind.ARGUMENT_MISSING, command=command)


def test_help_takes_nothing() -> None:
    assert parse("help me") == Mistake(kind=MistakeKind.TOO_MUCH, command=Command.HELP)


def test_every_command_is_in_the_schema_with_its_usage() -> None:
    assert set(SCHEMA) == set(Command)
    assert SCHEMA[Command.PAIR].usage("device") == "/wuts pair [DEVICE] [code +55… | link]"
    assert SCHEMA[Command.PAUSE].usage("device") == "/wuts pause DEVICE"


def test_a_phone_number_is_in_no_repr() -> None:
    assert "91234" not in repr(parse("pair Front desk code +5511912344321"))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", {}),
        ("Front desk", {"argument": "Front desk"}),
        ("account home", {"account": "home"}),
        ("—account home --kind=Needs-Pairing", {"account": "home", "kind": "needs_pairing"}),
        ("Front desk kind offline", {"argument": "Front desk", "kind": "offline"}),
        ("Kindergarten", {"argument": "Kindergarten"}),
    ],
)
def test_a_subscription_may_name_a_device_an_account_and_a_kind(
    text: str, wanted: dict[str, str]
) -> None:
    for command in (Command.SUBSCRIBE, Command.UNSUBSCRIBE):
        assert parse(f"{command} {text}") == Invocation(command=command, **wanted)  # type: ignore[arg-type]


def test_the_usage_of_a_subscription_says_what_it_takes() -> None:
    usage = SCHEMA[Command.SUBSCRIBE].usage("device")
    assert usage == "/wuts subscribe [DEVICE] [account NAME] [kind KIND]"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("history", {}),
        ("history 30d", {"days": 30}),
        ("history Front desk", {"argument": "Front desk"}),
        ("history Front desk 7D", {"argument": "Front desk", "days": 7}),
        ("history Desk7d", {"argument": "Desk7d"}),
    ],
)
def test_a_history_may_name_a_device_and_a_span(text: str, wanted: dict[str, Any]) -> None:
    assert parse(text) == Invocation(command=Command.HISTORY, **wanted)


@pytest.mark.parametrize(("word", "command"), list(OTHER_WORDS.items()))
def test_words_of_the_wuts_command_and_of_buttons_are_understood(
    word: str, command: Command
) -> None:
    said = parse(f"{word} Front desk")
    assert isinstance(said, Invocation)
    assert (said.command, said.argument) == (command, "Front desk")
    assert word not in set(Command)
