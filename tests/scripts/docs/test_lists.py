"""A list on the site is the list that GitHub shows."""

import pytest

from scripts.lib.docs.lists import with_deep_lists


@pytest.mark.parametrize(
    ("written", "on_the_site"),
    [
        pytest.param("- a\n- b", "- a\n- b", id="a plain list"),
        pytest.param("1. a\n\n   more\n2. b", "1. a\n\n    more\n\n2. b", id="a paragraph of it"),
        pytest.param("- a\n  - b\n    - c\n- d", "- a\n    - b\n        - c\n- d", id="nested"),
        pytest.param(
            "1. a\n\n   ```yaml\n   - x:\n       y\n   ```\n2. b",
            "1. a\n\n    ```yaml\n    - x:\n        y\n    ```\n\n2. b",
            id="code in an item, with what looks like a list",
        ),
        pytest.param("Text:\n- a\n- b", "Text:\n\n- a\n- b", id="a list that follows a paragraph"),
        pytest.param("It is\n2. no list", "It is\n2. no list", id="a number in a paragraph"),
        pytest.param("- a\nlazy\n\nText", "- a\n    lazy\n\nText", id="an item's end"),
        pytest.param("- a\n\nText\n\n    code", "- a\n\nText\n\n    code", id="code after a list"),
        pytest.param("```sh\n- a\n  - b\n```", "```sh\n- a\n  - b\n```", id="code"),
    ],
)
def test_a_list_is_written_as_the_site_reads_it(written: str, on_the_site: str) -> None:
    assert with_deep_lists(written) == on_the_site


def test_a_page_that_is_rewritten_stays_as_it_is() -> None:
    page = with_deep_lists("1. a\n\n   more\n   - b\n\n     more\n2. c\n\nText")
    assert with_deep_lists(page) == page
