from scripts.lib.run_again import MOST, chosen

STORY = "tests/home_assistant/test_messages.py"
KNOWN = [
    f"{STORY}::test_first",
    f"{STORY}::test_second",
    f"{STORY}::test_third",
    "tests/home_assistant/test_demo.py::test_it",
    "tests/slack_app/test_app.py::test_it",
]


def test_what_failed_is_run_again_and_nothing_else() -> None:
    assert chosen(["tests/slack_app/test_app.py::test_it"], KNOWN) == [KNOWN[4]]


def test_where_several_processes_ran_the_tests_none_are_known_but_those_that_failed() -> None:
    assert chosen(["tests/slack_app/test_app.py::test_it"], []) == [KNOWN[4]]


def test_a_story_is_run_again_from_its_beginning() -> None:
    assert chosen([f"{STORY}::test_second", f"{STORY}::test_third"], KNOWN) == KNOWN[:3]


def test_what_many_fail_is_not_run_again() -> None:
    failed = [f"tests/core/test_it.py::test[{number}]" for number in range(MOST + 1)]
    assert chosen(failed[:-1], failed) == failed[:-1]
    assert chosen(failed, failed) == []


def test_a_long_story_counts_once() -> None:
    steps = [f"{STORY}::test_{number}" for number in range(20)]
    assert chosen(steps, steps) == steps


def test_what_could_not_be_collected_is_not_run_again() -> None:
    assert chosen(["gw0"], KNOWN) == []
    assert chosen(["tests/slack_app/test_app.py"], []) == []


def test_where_nothing_failed_nothing_is_run_again() -> None:
    assert chosen([], KNOWN) == []
