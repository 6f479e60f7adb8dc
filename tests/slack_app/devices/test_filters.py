"""Which devices a status shows: what people type, and what buttons keep of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slack_app.devices.device import Line
from slack_app.devices.filters import LONGEST, Filter
from wuts.supervisor import Device, DeviceState

UP = Line("home", Device("d1", "Front desk", state=DeviceState.CONNECTED), "5511912344321")
DOWN = Line("office", Device("d2", "Shop Down Town", state=DeviceState.PAUSED))
DOUBTED = Line("home", Device("d3", "Stock", state=DeviceState.CONNECTED, needs_check=True))
ALL = [UP, DOWN, DOUBTED]


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("", ["d1", "d2", "d3"]),
        ("down", ["d2", "d3"]),
        ("DOWN home", ["d3"]),
        ("home", ["d1", "d3"]),
        ("account office", ["d2"]),
        ("down account office town", ["d2"]),
        ("front  DESK", ["d1"]),
        ("d3", ["d3"]),
        ("4321", ["d1"]),
        ("+55 11 91234-4321", ["d1"]),
        ("shop down", ["d2"]),
        ("21", []),
        ("account nowhere", []),
    ],
)
def test_what_people_type(typed: str, ids: list[str]) -> None:
    chosen = Filter.parse(typed, ["home", "office"])
    assert [line.id for line in ALL if chosen.matches(line)] == ids


def test_no_number_is_shown_by_its_first_digits() -> None:
    assert not Filter(text="55119").matches(UP)


@given(
    st.booleans(),
    st.sampled_from(["", "home", "my-office_2"]),
    st.text(max_size=LONGEST).map(lambda text: " ".join(text.split())),
)
def test_a_button_keeps_the_choice(is_down: bool, account: str, text: str) -> None:
    chosen = Filter(is_down, account, text)
    assert Filter.of(chosen.value) == chosen
    assert len(chosen.value) <= 150


def test_a_button_of_version_0_1_leaves_nothing_out() -> None:
    assert Filter.of("") == Filter()
