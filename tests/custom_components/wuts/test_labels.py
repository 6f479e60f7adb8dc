from custom_components.wuts.labels import told_apart


def test_only_names_that_are_not_the_only_ones_have_their_id() -> None:
    names = {"a-1111": "Till", "b-2222": "Till", "c-3333": "Desk"}
    assert told_apart(names) == {
        "a-1111": "Till · 1111",
        "b-2222": "Till · 2222",
        "c-3333": "Desk",
    }


def test_ids_with_one_end_are_shown_as_a_whole() -> None:
    names = {"a-1111": "Till", "b-1111": "Till", "c-2222": "Till"}
    assert sorted(told_apart(names).values()) == ["Till · 2222", "Till · a-1111", "Till · b-1111"]
